"""Conditional requests: what a version is called in HTTP, and whether a client means it."""


def etag(version: int) -> str:
    """Name a version of a resource for HTTP (RFC 9110, 8.8.3)."""
    return f'"{version}"'


def names(header: str, tag: str) -> bool:
    """Tell whether a list of entity tags, or ``*``, names this one."""
    return header.strip() == "*" or tag in [entry.strip() for entry in header.split(",")]
