"""Teams and what is true of them. Plain Python: nothing here knows of a framework."""
