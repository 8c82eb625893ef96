"""Small helpers that any layer may use. Plain Python only."""
