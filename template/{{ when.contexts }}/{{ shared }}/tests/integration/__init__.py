"""Tests of repositories and use cases with the database, and of what all contexts share."""
