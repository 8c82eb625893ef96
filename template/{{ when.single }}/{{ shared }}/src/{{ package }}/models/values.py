"""The kinds of values that fields have. Each reads its own text, since a command line and a file have nothing else."""

import datetime as dt
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
)
from pydantic_core import CoreSchema, core_schema


def _shaped(pattern: str, form: str) -> BeforeValidator:
    """Accept text of one form only: Pydantic alone would also take numbers and other spellings."""

    def check(value: Any) -> Any:
        if isinstance(value, dt.date | dt.time | dt.timedelta) or (
            isinstance(value, str) and re.fullmatch(pattern, value)
        ):
            return value
        raise ValueError(f"is not in the form {form}")

    return BeforeValidator(check)


def _clock(hours: str, minutes: str, seconds: str) -> str:
    """Write the form of what stands behind the days: at least one of the three."""
    return f"T({hours}({minutes})?({seconds})?|{minutes}({seconds})?|{seconds})"


def _written(value: dt.timedelta) -> str:
    """Write a length of time as RFC 3339 does (A), where minutes stand between hours and seconds, and with all its days.

    Pydantic would leave the minutes out if they are zero, and make a year of 365 days.
    """
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}H" if hours else ""
    clock += f"{minutes}M" if minutes or (hours and seconds) else ""
    clock += f"{seconds}S" if seconds or not (value.days or clock) else ""
    days = f"{value.days}D" if value.days else ""
    return f"P{days}T{clock}" if clock else f"P{days}"


def _to_utc(value: dt.datetime) -> dt.datetime:
    """Convert to UTC."""
    return value.astimezone(dt.UTC)


def _deliverable(value: str) -> str:
    """Refuse a part before the @ that is longer than RFC 5321 allows (4.5.3.1.1)."""
    if value.index("@") > 64:
        raise ValueError("has more than 64 characters before the @")
    return value


def _matching(pattern: str, problem: str) -> AfterValidator:
    """Accept text that matches as a whole, and say in a person's words what other text is not."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(problem)
        return value

    return AfterValidator(check)


def _whole(value: Any) -> Any:
    """Accept 8.0 for 8: to JSON they are the same number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _ordered(ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
    """Refuse an id that is there twice: what is linked is linked once. Their order means nothing."""
    if len(set(ids)) < len(ids):
        raise ValueError("holds an id twice")
    return tuple(sorted(ids))


def _parsed(value: Any) -> Any:
    """Read JSON that comes as text."""
    return json.loads(value) if isinstance(value, str) else value


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    """Refuse what Python's parser accepts and JSON does not have: NaN, infinity, half characters."""
    json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    return value


@dataclass(frozen=True)
class DecimalText:
    """A decimal that travels as text, so that no program rounds it to a binary fraction.

    Args:
        digits: how many digits it has at most.
        places: how many of them stand after the point.
    """

    digits: int
    places: int

    def read(self, value: Any) -> Decimal:
        """Turn a decimal, or text of one, into a decimal with all its places."""
        if isinstance(value, str):
            fraction = rf"(\.[0-9]{{1,{self.places}}})?" if self.places else ""
            if not re.fullmatch(rf"-?[0-9]{{1,{self.digits - self.places}}}{fraction}", value):
                raise ValueError(f"has not {self.digits} digits, {self.places} of them a fraction")
            value = Decimal(value)
        if not isinstance(value, Decimal):
            raise ValueError("is no decimal number")  # noqa: TRY004 (Pydantic reads ValueError)
        return value.quantize(Decimal(1).scaleb(-self.places))

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read with ``read``, write as plain text."""
        return core_schema.no_info_plain_validator_function(
            self.read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value: format(value, "f"),
                return_schema=core_schema.str_schema(),
                when_used="json",
            ),
        )


Text = Annotated[str, Field(min_length=1), _matching(r"[^\x00]*", "holds the character NUL")]
# One word of a host name, and one of the part before the @ (RFC 5321 without quotes).
LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ATOM = r"[A-Za-z0-9!#$%&*+/=?^_{|}~-]+"
Email = Annotated[
    str,
    Field(max_length=254),
    _matching(rf"{ATOM}(\.{ATOM})*@{LABEL}(\.{LABEL})+", "is no e-mail address"),
    AfterValidator(_deliverable),
]
# The characters of a path, a query or a fragment (RFC 3986).
PART = r"([A-Za-z0-9._~:/?@!$&()*+,;=-]|%[0-9A-Fa-f]{2})*"
WebAddress = Annotated[
    str,
    Field(max_length=500),
    _matching(
        rf"https?://{LABEL}(\.{LABEL})*(:[0-9]{{1,5}})?([/?]{PART})?(#{PART})?",
        "is no web address with http or https",
    ),
]
Identifiers = Annotated[tuple[UUID, ...], Field(max_length=100), AfterValidator(_ordered)]
Integral = BeforeValidator(_whole)
CalendarDate = Annotated[dt.date, _shaped(r"\d{4}-\d\d-\d\d", "YYYY-MM-DD")]
# Far enough from Python's own limits to be converted from one offset to another.
Timestamp = Annotated[
    AwareDatetime,
    _shaped(
        r"[1-8][0-9]{3}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)",
        "YYYY-MM-DDThh:mm:ss with Z or an offset",
    ),
    AfterValidator(_to_utc),
]
TimeOfDay = Annotated[
    dt.time, _shaped("([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", "hh:mm or hh:mm:ss")
]
# Below 10,000 days, however it is written: hours that make up days, minutes that make up hours, or each below the next.
DAYS = "[0-9]{1,4}D(" + _clock("([01]?[0-9]|2[0-3])H", "[0-5]?[0-9]M", "[0-5]?[0-9]S") + ")?"
LENGTH = f"P({DAYS}|{_clock('[0-9]{1,5}H', '[0-9]{1,6}M', '[0-9]{1,8}S')})"
Duration = Annotated[
    dt.timedelta,
    _shaped(LENGTH, "PT1H30M or P1DT2H, below 10,000 days"),
    PlainSerializer(_written, return_type=str, when_used="json"),
]
JsonObject = Annotated[dict[str, Any], BeforeValidator(_parsed), AfterValidator(_storable)]
