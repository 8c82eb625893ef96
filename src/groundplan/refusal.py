"""What ends a run: one sentence, exit status 1."""


class RefusalError(Exception):
    """Something that a person has to mend first; the text says what, and what to type."""
