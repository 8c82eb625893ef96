"""The command ``groundplan``: what takes more than one call of Copier, or knowledge of the project."""
