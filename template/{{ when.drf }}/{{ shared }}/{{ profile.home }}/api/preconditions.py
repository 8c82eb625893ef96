"""Conditional requests: what a version is called in HTTP, and whether a client means it."""


from collections.abc import Sequence
from typing import Any
from zlib import crc32


def etag(version: int, shown: Sequence[Any] = ()) -> str:
    """Name a version of a resource for HTTP (RFC 9110, 8.8.3).

    Args:
        version: of the row.
        shown: what a read shows of other rows by their text: it changes, and the version does not.
    """
    texts = repr([other and str(other) for other in shown])
    return f'"{version}-{crc32(texts.encode()):08x}"' if shown else f'"{version}"'


def names(header: str, tag: str) -> bool:
    """Tell whether a list of entity tags, or ``*``, names this one."""
    return header.strip() == "*" or tag in [entry.strip() for entry in header.split(",")]
