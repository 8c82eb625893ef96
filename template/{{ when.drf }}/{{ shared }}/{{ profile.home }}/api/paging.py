"""How a client goes from page to page: query parameters, cursors and the header Link."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import astuple
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import QueryDict
from django.utils import dateparse
from rest_framework import serializers
from rest_framework.request import Request

from . import fields
from .places import Place
from .prepared import Prepared

NO_CURSOR = "It is none that a page of this list in this order gave."
PAGE_PARAMETERS = ("limit", "cursor", "total")
MAX_CURSOR = 4000
"""Most characters of a cursor: the longest text that sorts a list, signed and written for an address."""


class PageQuery(Prepared):
    """Query parameters of any list: which page of it, and whether all of it is counted."""

    limit = fields.WholeNumberField(min_value=1, max_value=100, default=20)
    cursor = fields.TextField(max_length=MAX_CURSOR, required=False)
    total = fields.TruthField(default=False)

    def json_schema(self) -> dict[str, dict[str, Any]]:
        """Describe every parameter."""
        schemas = {name: field.json_schema() for name, field in self._strict().items()}
        for name in ("limit", "total"):
            schemas[name]["default"] = self.fields[name].default
        return schemas

    def to_internal_value(self, data: QueryDict) -> Any:
        """Turn the text of every parameter into the value that it stands for; there are no others."""
        if unknown := sorted(set(data) - set(self.fields)):
            raise serializers.ValidationError(
                {name: ["This parameter does not exist."] for name in unknown}
            )
        known = {
            name: field.from_query(str(data[name]))
            for name, field in self._strict().items()
            if name in data
        }
        return super().to_internal_value(known)

    def _strict(self) -> dict[str, fields.Strict]:
        every = self.fields.items()
        return {name: field for name, field in every if isinstance(field, fields.Strict)}


class Exact:
    """Writes what JSON has no value for so that it is read back as it was."""

    types: dict[str, Callable[[str], Any]] = {
        "Decimal": Decimal,
        "UUID": UUID,
        "date": dt.date.fromisoformat,
        "datetime": dt.datetime.fromisoformat,
        "time": dt.time.fromisoformat,
        "timedelta": dateparse.parse_duration,
    }

    def dumps(self, value: Any) -> bytes:
        """Write JSON, where such a value is an object of one entry: its type and its text."""
        return json.dumps(value, default=self._pair, ensure_ascii=False).encode()

    def loads(self, text: bytes) -> Any:
        """Read it back."""
        return json.loads(text, object_hook=self._value)

    def _pair(self, value: Any) -> dict[str, str]:
        return {type(value).__name__: str(value)}

    def _value(self, pair: dict[str, str]) -> Any:
        ((name, text),) = pair.items()
        return self.types[name](text)


class Cursors:
    """The cursors of one list in one order. They are signed: nobody else writes one, and no other list takes it."""

    def __init__(self, request: Request, sort: str) -> None:
        self._request = request
        self._signer = signing.Signer(salt=f"{request.path}?{sort}")

    def read(self, cursor: str | None) -> Place | None:
        """Read the place that a cursor stands for, if there is one.

        Raises:
            ValidationError: when no page of the list gave it.
        """
        if cursor is None:
            return None
        try:
            return Place(*self._signer.unsign_object(cursor, serializer=Exact))
        except signing.BadSignature:
            raise serializers.ValidationError({"cursor": [NO_CURSOR]}) from None

    def write(self, place: Place | None) -> str | None:
        """Write the cursor of a place, if there is one."""
        return self._signer.sign_object(astuple(place), serializer=Exact) if place else None

    def link(self, following: str | None, preceding: str | None) -> str:
        """Write the header Link (RFC 8288). Its addresses are relative: they hold behind any proxy."""
        query = self._request.query_params.copy()
        query.pop("cursor", None)
        links = [f'<?{query.urlencode()}>; rel="first"']
        for relation, cursor in (("next", following), ("prev", preceding)):
            if cursor:
                query["cursor"] = cursor
                links.append(f'<?{query.urlencode()}>; rel="{relation}"')
        return ", ".join(links)
