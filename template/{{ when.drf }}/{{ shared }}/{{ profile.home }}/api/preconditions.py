"""Conditional requests: what a version is called in HTTP, and whether a client means it."""

from collections.abc import Sequence
from zlib import crc32


def etag(version: int, shown: Sequence[tuple[str | None, str | None]] = ()) -> str:
    """Name a version of a resource for HTTP (RFC 9110, 8.8.3).

    Args:
        version: of the row.
        shown: id and text of the other rows that a read shows: they change and go, and the version does not.
    """
    return f'"{version}-{crc32(repr(shown).encode()):08x}"' if shown else f'"{version}"'


def names(header: str, tag: str) -> bool:
    """Tell whether a list of entity tags, or ``*``, names this one."""
    return header.strip() == "*" or tag in [entry.strip() for entry in header.split(",")]
