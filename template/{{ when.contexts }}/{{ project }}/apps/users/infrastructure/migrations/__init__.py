"""Migrations of the context, in the order of their numbers."""
