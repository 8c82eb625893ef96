"""Base of the views of entities: HTTP on one side, use cases on the other, nothing in between."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar, cast
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework import status, viewsets
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.pagination import BasePagination
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle

from ..kernel.actors import Actor
from ..kernel.entities import Entity
from ..kernel.repositories import Page
from ..kernel.use_cases import UseCases, Versions
from .paging import Cursors
from .preconditions import etag, names
from .problems import PreconditionRequired
from .schema import Schema
from .serializers import EntitySerializer, ListQuery


class Pages(BasePagination):
    """The form in which a part of a list is sent. The part itself is read by the repository."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the part."""
        cursor = {"type": ["string", "null"]}
        return {
            "type": "object",
            "required": ["next", "previous", "total", "items"],
            "properties": {
                "items": schema,
                "next": cursor,
                "previous": cursor,
                "total": {"type": ["integer", "null"]},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Leave the description of the parameters to the query's serializer."""
        return []


class EntitySchema(Schema):
    """Describes what is behind the views of entities, where the framework would look for a model."""

    def _names(self) -> dict[str, str]:
        found: dict[str, str] = self.view.names
        return found

    def get_override_parameters(self) -> list[Any]:
        """Describe the query parameters of a list as strictly as they are read."""
        if self.view.action != "list":
            return super().get_override_parameters()
        return [
            *super().get_override_parameters(),
            *(
                OpenApiParameter(name, schema, OpenApiParameter.QUERY)
                for name, schema in self.view.query_class().json_schema().items()
            ),
        ]


class EntityViewSet[Item: Entity](viewsets.GenericViewSet[Any]):
    """Create, read, list, replace, change and remove, so that concurrent changes do not lose one another."""

    use_cases: ClassVar[UseCases[Any]]
    serializer_class: type[EntitySerializer]
    query_class: ClassVar[type[ListQuery]]
    names: ClassVar[dict[str, str]]
    """``one`` and ``many`` of the entities, as people speak of them."""

    schema = EntitySchema()
    # The contract says what there is; the framework's own answer to OPTIONS would look for a table.
    metadata_class = None
    pagination_class = Pages
    throttle_classes = (ScopedRateThrottle,)
    lookup_field = "id"
    lookup_value_converter = "uuid"

    def get_throttles(self) -> list[BaseThrottle]:
        """Count reads and writes apart."""
        self.throttle_scope = "read" if self.request.method in SAFE_METHODS else "write"
        return super().get_throttles()

    def list(self, request: Request) -> Response:
        """Show a part of the list."""
        query = self.query_class(data=request.query_params)
        query.is_valid(raise_exception=True)
        cursors = Cursors(request, query.sort)
        page = self.use_cases.list(actor_of(request), query.wanted(cursors))
        return show_page(page, self._written(page.items), cursors)

    def create(self, request: Request) -> Response:
        """Add one, and tell where it is."""
        item = self.use_cases.create(actor_of(request), self._values(request))
        response = self._show(item, status.HTTP_201_CREATED)
        response.headers["Location"] = f"{request.path}{item.id}/"
        return response

    def retrieve(self, request: Request, id: UUID) -> Response:  # noqa: A002 (the name of the address's part)
        """Read one; the client that has it already gets 304 and no body."""
        response = self._show(self.use_cases.read(actor_of(request), id))
        response.headers["Cache-Control"] = "private, no-cache"
        if names(request.headers.get("If-None-Match", ""), response.headers["ETag"]):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers=dict(response.headers))
        return response

    def update(self, request: Request, id: UUID, partial: bool = False) -> Response:  # noqa: A002
        """Replace the values of one."""
        versions, values = named_versions(request), self._values(request, partial)
        return self._show(self.use_cases.change(actor_of(request), id, values, versions))

    def partial_update(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Change some values of one."""
        return self.update(request, id, partial=True)

    def destroy(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Remove one for good."""
        self.use_cases.remove(actor_of(request), id, named_versions(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _values(self, request: Request, partial: bool = False) -> Any:
        serializer = self.get_serializer(data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def _show(self, item: Item, code: int = status.HTTP_200_OK) -> Response:
        (data,) = self._written([item])
        shown = [data[name] for name in self.serializer_class.relations]
        return Response(data, status=code, headers={"ETag": etag(item.version, shown)})

    def _written(self, items: Sequence[Item]) -> Any:
        """Write entities with the texts of what they refer to, which are asked for all at once."""
        texts = self.use_cases.describe(actor_of(self.request), items)
        context = {**self.get_serializer_context(), "texts": texts}
        return self.get_serializer(items, many=True, context=context).data


def show_page(page: Page[Any], items: Any, cursors: Cursors) -> Response:
    """Answer with a part of a list, and with the cursors and addresses of those beside it."""
    following, preceding = cursors.write(page.next), cursors.write(page.previous)
    return Response(
        {"items": items, "next": following, "previous": preceding, "total": page.total},
        headers={"Link": cursors.link(following, preceding)},
    )


def named_versions(request: Request) -> Versions:
    """Read the versions that a change may be made to (RFC 9110, 13.1.1); None for ``*``, any of them.

    A tag may say more than the version: that what the entity refers to has another name now refuses no change of the entity.

    Raises:
        PreconditionRequired: when the request names none.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise PreconditionRequired
    if header.strip() == "*":
        return None
    form = r'"([0-9]{1,9})(-[0-9a-f]{8})?"'
    tags = (re.fullmatch(form, entry.strip()) for entry in header.split(","))
    return {int(tag[1]) for tag in tags if tag}


def actor_of(request: Request) -> Actor:
    """Tell who acts: authentication has found it out, see REST_FRAMEWORK in the settings.

    Raises:
        AuthenticationFailed: when the token is for no team.
    """
    if request.auth is None:
        raise AuthenticationFailed("The token is for no team of yours.")
    return cast(Actor, request.auth)
