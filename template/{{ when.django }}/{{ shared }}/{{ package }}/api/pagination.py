"""How a list is cut into parts."""

import re
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request

MAX_OFFSET = 1_000_000
"""Deepest start of a page: beyond it a filter is faster for everybody."""


class StrictPagination(LimitOffsetPagination):
    """Limit and offset within bounds; values outside them are refused, not bent."""

    default_limit = 20
    max_limit = 100

    def get_limit(self, request: Request) -> int:
        """Read how many items the client wants."""
        return _bounded(request, "limit", self.default_limit, 1, self.max_limit)

    def get_offset(self, request: Request) -> int:
        """Read how many items the client skips."""
        return _bounded(request, "offset", 0, 0, MAX_OFFSET)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the page."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer"},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe both parameters with their bounds."""
        bounds: dict[str, dict[str, Any]] = {
            "limit": {"minimum": 1, "maximum": self.max_limit, "default": self.default_limit},
            "offset": {"minimum": 0, "maximum": MAX_OFFSET, "default": 0},
        }
        return [
            {"name": name, "in": "query", "schema": {"type": "integer", **schema}}
            for name, schema in bounds.items()
        ]


def _bounded(request: Request, name: str, default: int, low: int, high: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    digits = len(str(high))
    if not re.fullmatch(rf"[0-9]{{1,{digits}}}", text) or not low <= int(text) <= high:
        raise ValidationError({name: [f"A whole number from {low} to {high} is needed."]})
    return int(text)
