"""The application against the contracts of its features."""
