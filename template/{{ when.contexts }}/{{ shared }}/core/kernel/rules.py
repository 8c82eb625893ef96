"""Rules that a value of an entity has to keep. A value that is absent breaks none of them."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from ..api.durations import LIMIT
from .errors import InvalidValue


def text(field: str, value: str | None, longest: int) -> None:
    """Hold a text to 1 to ``longest`` characters, without NUL."""
    if value is not None and (not 1 <= len(value) <= longest or "\0" in value):
        raise InvalidValue(field, f"A text of 1 to {longest} characters is needed.")


def between(field: str, value: int | None, low: int, high: int) -> None:
    """Hold a whole number to its range."""
    if value is not None and not low <= value <= high:
        raise InvalidValue(field, f"A whole number from {low} to {high} is needed.")


def finite(field: str, value: float | None) -> None:
    """Refuse infinity and NaN."""
    if value is not None and not math.isfinite(value):
        raise InvalidValue(field, "A finite number is needed.")


def moment(field: str, value: dt.datetime | None) -> None:
    """Refuse a point in time without an offset: nobody would know when it is."""
    if value is not None and value.tzinfo is None:
        raise InvalidValue(field, "A point in time needs an offset from UTC.")


def duration(field: str, value: dt.timedelta | None) -> None:
    """Hold a length of time to whole seconds, none of them negative, below its limit."""
    if value is not None and not (dt.timedelta(0) <= value < LIMIT and value.microseconds == 0):
        problem = f"Whole seconds are needed, from none to less than {LIMIT.days} days."
        raise InvalidValue(field, problem)


def json_object(field: str, value: Mapping[str, Any] | None) -> None:
    """Hold JSON to an object with text as its keys."""
    if value is not None and not (
        isinstance(value, Mapping) and all(isinstance(key, str) for key in value)
    ):
        raise InvalidValue(field, "A JSON object is needed.")
