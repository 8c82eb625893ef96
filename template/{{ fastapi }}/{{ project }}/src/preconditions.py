"""Conditional requests (RFC 9110, section 13): a change names the version it was made to."""

from typing import Any

from src.exceptions import PreconditionFailed, PreconditionRequired

ETAG_HEADER: dict[str, Any] = {
    "ETag": {"description": "Version of the resource", "schema": {"type": "string"}}
}
LOCATION_HEADER: dict[str, Any] = {
    "Location": {"description": "Address of the resource", "schema": {"type": "string"}}
}


def names(header: str, etag: str) -> bool:
    """Tell whether a list of entity tags, or ``*``, names this one."""
    return header.strip() == "*" or etag in [tag.strip() for tag in header.split(",")]


def require_match(if_match: str | None, etag: str) -> None:
    """Let a change go on only if it was made to the current version.

    Raises:
        PreconditionRequired: when the request names no version.
        PreconditionFailed: when it names another one.
    """
    if if_match is None:
        raise PreconditionRequired("Send If-Match with the ETag that you read.")
    if not names(if_match, etag):
        raise PreconditionFailed("It was changed by somebody else: read it again.")
