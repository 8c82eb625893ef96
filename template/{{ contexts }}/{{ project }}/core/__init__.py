"""The project: settings, URLs, and what all contexts share. Each bounded context stands in ``apps/``."""
