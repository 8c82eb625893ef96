"""Django's PostgreSQL, which waits for an answer no longer than it is told."""
