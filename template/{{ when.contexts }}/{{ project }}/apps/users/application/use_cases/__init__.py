"""One class for each thing that can be done."""
