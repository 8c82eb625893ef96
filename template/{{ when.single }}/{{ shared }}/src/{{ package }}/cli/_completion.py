"""What a shell completes, beside the names of commands and options."""

from collections.abc import Callable

from ..lib.sqlite import Schema, Unusable, open_database
from ._output import text

MOST = 50
"""How many ids are offered at most."""


def identifiers(schema: Schema) -> Callable[[str], list[tuple[str, str]]]:
    """Complete ids by what is there, the newest first; the shell tells each by the text by which people know it."""

    def complete(incomplete: str) -> list[tuple[str, str]]:
        try:
            with open_database() as database:
                found = database.identifiers(schema, incomplete, MOST)
        except Unusable:
            return []
        return [(str(key), text(shown)) for key, shown in found]

    return complete
