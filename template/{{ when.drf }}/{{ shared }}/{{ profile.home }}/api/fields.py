"""Serializer fields that accept exactly what the contract says.

Django REST framework is lenient by default: ``"1"`` passes for 1, 1 for ``"1"``, ``"yes"`` for true. A client that
sends the wrong type then finds out late. These fields refuse it, and describe themselves in the schema.
"""

import datetime as dt
import json
import math
import re
from decimal import Decimal
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from . import durations
from .patterns import EMAIL, MAX_LOCAL_PART, WEB_ADDRESS
from .prepared import Prepared

MAX_DEPTH = 20
"""Deepest nesting of a JSON field: MariaDB's functions stop at 32."""


class Strict:
    """Marks a field that knows its own JSON Schema."""

    allow_null: bool

    def json_schema(self) -> dict[str, Any]:
        """Describe what the field accepts."""
        raise NotImplementedError

    def from_query(self, text: str) -> Any:
        """Turn the text of a query parameter into the JSON value that it stands for."""
        return text


class StrictSchema(OpenApiSerializerFieldExtension):
    """Hands a strict field's own description to the schema."""

    target_class = Strict
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """Describe the field."""
        schema: dict[str, Any] = self.target.json_schema()
        return schema


class TextField(Strict, serializers.CharField):
    """Text with at least one character and no NUL, kept as it is sent."""

    pattern = r"^[^\x00]*$"
    format: str | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"trim_whitespace": False, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        """Refuse anything but text of the right form."""
        if not isinstance(data, str) or not re.fullmatch(self.pattern, data):
            self.fail("invalid")
        return super().to_internal_value(data)

    def json_schema(self) -> dict[str, Any]:
        """Describe the text."""
        named = {"format": self.format} if self.format else {}
        limit = {"maxLength": self.max_length} if self.max_length else {}
        return {"type": "string", "minLength": 1, **limit, "pattern": self.pattern, **named}


class EmailField(TextField):
    """E-mail address, with at most 64 characters before the @ (RFC 5321)."""

    pattern = EMAIL
    format = "email"
    default_error_messages = {
        "invalid": "An e-mail address is needed, such as name@example.com.",
    }

    def to_internal_value(self, data: Any) -> str:
        """Refuse what no mail server takes."""
        text = super().to_internal_value(data)
        if text.index("@") > MAX_LOCAL_PART:
            self.fail("invalid")
        return text


class WebAddressField(TextField):
    """Web address."""

    pattern = WEB_ADDRESS
    format = "uri"
    default_error_messages = {
        "invalid": "A web address is needed, such as https://example.com/page.",
    }


class ChoiceField(Strict, serializers.ChoiceField):
    """One of a few words."""

    def json_schema(self) -> dict[str, Any]:
        """List the words."""
        return {"type": "string", "enum": [*self.choices, *([None] if self.allow_null else [])]}


class WholeNumberField(Strict, serializers.IntegerField):
    """Whole number within bounds, never as text."""

    def to_internal_value(self, data: Any) -> int:
        """Refuse text, booleans and fractions; 1.0 is a whole number in JSON."""
        if isinstance(data, float) and data.is_integer():
            data = int(data)
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(data)

    def json_schema(self) -> dict[str, Any]:
        """Describe the bounds."""
        return {"type": "integer", "minimum": self.min_value, "maximum": self.max_value}

    def from_query(self, text: str) -> Any:
        """Read digits."""
        return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else text


class NumberField(Strict, serializers.FloatField):
    """Finite number, never as text."""

    def to_internal_value(self, data: Any) -> float:
        """Refuse text, booleans and what a double cannot hold."""
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        try:
            number = float(data)
        except OverflowError:
            self.fail("invalid")
        if not math.isfinite(number):
            self.fail("invalid")
        return number

    def json_schema(self) -> dict[str, Any]:
        """Describe the number."""
        return {"type": "number"}

    def from_query(self, text: str) -> Any:
        """Read a number in JSON's notation."""
        return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text) else text


class DecimalTextField(Strict, serializers.DecimalField):
    """Exact number that travels as text, so that no client rounds it to a binary fraction."""

    default_error_messages = {"invalid": 'A number in quotes is needed, such as "12.50".'}

    @property
    def pattern(self) -> str:
        """The accepted text, as a regular expression."""
        places, digits = self.decimal_places or 0, self.max_digits or 0
        fraction = rf"(\.[0-9]{{1,{places}}})?" if places else ""
        return rf"^-?[0-9]{{1,{digits - places}}}{fraction}$"

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        """Take an empty text for a wrong value: the framework would take it for null."""
        return serializers.Field.validate_empty_values(self, data)

    def to_internal_value(self, data: Any) -> Decimal:
        """Turn accepted text into a decimal with all its places."""
        if not isinstance(data, str) or not re.fullmatch(self.pattern[1:-1], data):
            self.fail("invalid")
        return Decimal(data).quantize(Decimal(1).scaleb(-(self.decimal_places or 0)))

    def to_representation(self, value: Any) -> str:
        """Write all places."""
        return f"{Decimal(str(value)):.{self.decimal_places}f}"

    def json_schema(self) -> dict[str, Any]:
        """Describe the text."""
        return {"type": "string", "format": "decimal", "pattern": self.pattern}


class TruthField(Strict, serializers.BooleanField):
    """True or false, not a word for it."""

    def to_internal_value(self, data: Any) -> bool:
        """Refuse anything but a boolean."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data

    def json_schema(self) -> dict[str, Any]:
        """Describe the boolean."""
        return {"type": "boolean"}

    def from_query(self, text: str) -> Any:
        """Read JSON's words."""
        return {"true": True, "false": False}.get(text, text)


class CalendarDateField(Strict, serializers.DateField):
    """Calendar date in the form of RFC 3339."""

    def to_internal_value(self, value: Any) -> dt.date:
        """Refuse ISO 8601's other spellings (week dates, no hyphens)."""
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)

    def json_schema(self) -> dict[str, Any]:
        """Describe the date."""
        return {"type": "string", "format": "date"}


class TimestampField(Strict, serializers.DateTimeField):
    """Point in time with an offset, in the form of RFC 3339."""

    # Years of four digits that every database keeps, far enough from Python's own limits to be converted to UTC.
    years = "[1-8][0-9]{3}-"
    form = re.compile(
        years
        + r"[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
    )

    def to_internal_value(self, value: Any) -> dt.datetime:
        """Refuse other spellings, and years that no database has."""
        if not isinstance(value, str) or not self.form.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        return super().to_internal_value(value.upper())

    def to_representation(self, value: Any) -> Any:
        """Write the form of RFC 3339; what is in UTC, as the database gives it, needs not be converted."""
        if isinstance(value, dt.datetime) and value.tzinfo is dt.UTC:
            return f"{value.replace(tzinfo=None).isoformat()}Z"
        return super().to_representation(value)

    def json_schema(self) -> dict[str, Any]:
        """Describe the point in time."""
        return {"type": "string", "format": "date-time", "pattern": f"^{self.years}"}


class TimeOfDayField(Strict, serializers.TimeField):
    """Time of day, to the second, in no zone. JSON Schema's format "time" has an offset, so it is not used."""

    pattern = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"

    def to_internal_value(self, value: Any) -> dt.time:
        """Refuse other spellings, fractions of seconds and offsets."""
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value):
            self.fail("invalid", format="hh:mm or hh:mm:ss")
        return super().to_internal_value(value)

    def json_schema(self) -> dict[str, Any]:
        """Describe the time."""
        return {"type": "string", "pattern": f"^{self.pattern}$"}


class DurationField(Strict, serializers.DurationField):
    """Length of time in whole seconds, as ISO 8601 writes it."""

    default_error_messages = {
        "invalid": "A length of time below 10,000 days is needed, such as PT1H30M.",
    }

    def to_internal_value(self, value: Any) -> dt.timedelta:
        """Refuse other spellings, fractions of seconds, and units whose length varies."""
        if not isinstance(value, str) or not re.fullmatch(durations.LENGTH, value):
            self.fail("invalid")
        return durations.read(value)

    def to_representation(self, value: dt.timedelta) -> str:
        """Write each length in one way: 90 minutes are PT1H30M."""
        return durations.iso_text(value)

    def json_schema(self) -> dict[str, Any]:
        """Describe the length of time."""
        return {"type": "string", "pattern": f"^{durations.LENGTH}$"}


class IdentifierField(Strict, serializers.UUIDField):
    """UUID in its usual form."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse numbers and other spellings."""
        form = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
        if not isinstance(data, str) or not re.fullmatch(form, data):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)

    def json_schema(self) -> dict[str, Any]:
        """Describe the UUID."""
        return {"type": "string", "format": "uuid"}


class ObjectField(Strict, serializers.JSONField):
    """JSON object that every database can keep."""

    default_error_messages = {
        "object": "A JSON object is needed.",
        "unstorable": "It holds a character or a number that no database keeps.",
        "deep": f"It is nested more than {MAX_DEPTH} levels deep.",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Refuse other values, NUL, half characters, infinite numbers and endless nesting."""
        if not isinstance(data, dict):
            self.fail("object")
        if depth(data) > MAX_DEPTH:
            self.fail("deep")
        try:
            text = json.dumps(data, allow_nan=False, ensure_ascii=False)
            text.encode()
        except ValueError:
            self.fail("unstorable")
        if "\\u0000" in text:
            self.fail("unstorable")
        return data

    def json_schema(self) -> dict[str, Any]:
        """Describe the object."""
        return {"type": "object", "additionalProperties": True}


def depth(value: Any) -> int:
    """Count the levels of a JSON value, one after another: recursion would end where the interpreter's does."""
    levels, entries = 0, [value]
    while nested := [entry for entry in entries if isinstance(entry, dict | list)]:
        levels += 1
        entries = [
            child
            for entry in nested
            for child in (entry.values() if isinstance(entry, dict) else entry)
        ]
    return levels


class StrictNames(Prepared):
    """Refuses names that the client may not set, typing errors among them."""

    def to_internal_value(self, data: Any) -> Any:
        """Read the body, if it holds known names only."""
        writable = {name for name, field in self.fields.items() if not field.read_only}
        unknown = sorted(set(data) - writable) if isinstance(data, dict) else []
        if unknown:
            raise serializers.ValidationError(
                {name: ["This field does not exist or cannot be set."] for name in unknown}
            )
        return super().to_internal_value(data)
