"""Examples for the tests, a module for each context."""
