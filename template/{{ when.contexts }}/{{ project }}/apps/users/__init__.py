"""Users: who signs in, which teams there are, and who is what in them. Every project has this context."""
