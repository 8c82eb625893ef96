"""Without files and processes."""
