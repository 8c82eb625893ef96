"""What is only a value in this context."""
