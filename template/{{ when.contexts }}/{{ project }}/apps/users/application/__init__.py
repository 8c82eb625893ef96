"""What can be done with teams, step by step, and what that asks of storage. Nothing here knows of a framework."""
