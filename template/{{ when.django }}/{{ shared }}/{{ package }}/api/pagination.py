"""How a list is cut into pages."""

from typing import Any

from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from . import keyset
from .paging import PAGE_PARAMETERS, Cursors, PageQuery


class KeysetPagination(BasePagination):
    """Pages that follow one another by their rows. How many rows there are is counted if the query asks for it."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Read the page that the query asks for."""
        given = request.query_params
        query = PageQuery(data={name: given[name] for name in PAGE_PARAMETERS if name in given})
        query.is_valid(raise_exception=True)
        wanted = query.validated_data
        cursors = Cursors(request, keyset.order_of(queryset)[0])
        place = cursors.read(wanted.get("cursor"))
        found = keyset.read(queryset, wanted["limit"], place)
        following, preceding = cursors.write(found.next), cursors.write(found.previous)
        self._headers = {"Link": cursors.link(following, preceding)}
        address = request.build_absolute_uri()
        self._page = {
            "count": keyset.count(queryset) if wanted["total"] else None,
            "next": following and replace_query_param(address, "cursor", following),
            "previous": preceding and replace_query_param(address, "cursor", preceding),
        }
        return found.rows

    def get_paginated_response(self, data: Any) -> Response:
        """Answer with the page, and with the addresses of those beside it."""
        return Response({**self._page, "results": data}, headers=self._headers)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the page."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": ["integer", "null"]},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe the parameters with their bounds."""
        return [
            {"name": name, "in": "query", "schema": schema}
            for name, schema in PageQuery().json_schema().items()
        ]
