"""The contracts of specs/ against the command line."""
