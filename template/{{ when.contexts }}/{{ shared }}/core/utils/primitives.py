"""From values of the domain to plain ones."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from ..api import durations


def plain(value: Any) -> Any:
    """Take the plain value out of a value object or an enum; anything else is plain already."""
    return getattr(value, "value", value)


def as_json(value: Any) -> Any:
    """Turn a value of the domain into one that JSON has."""
    value = plain(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return durations.iso_text(value)
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {key: as_json(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(entry) for entry in value]
    return value
