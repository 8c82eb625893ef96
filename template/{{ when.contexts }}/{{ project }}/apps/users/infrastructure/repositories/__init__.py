"""Repositories on the database, one module for each entity."""
