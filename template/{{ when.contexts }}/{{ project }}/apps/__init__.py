"""The bounded contexts, one folder each. They share core/ and talk to one another by events only."""
