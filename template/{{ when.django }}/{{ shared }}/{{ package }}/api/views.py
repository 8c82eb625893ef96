"""Base of the views of stored things."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from rest_framework import status, viewsets
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle

from . import relations
from .filters import GivenFilters, KnownParameters, StrictOrdering, TextSearch
from .models import Entity
from .pagination import KeysetPagination
from .preconditions import etag, names
from .problems import PreconditionFailed, PreconditionRequired


class EntityViewSet[Item: Entity](viewsets.ModelViewSet[Item]):
    """Create, read, list, replace, change and delete, so that concurrent changes do not lose one another.

    A change locks the row, and is made only if ``If-Match`` names the version that is stored (RFC 9110, section 13).
    """

    filter_backends = (KnownParameters, GivenFilters, StrictOrdering, TextSearch)
    pagination_class = KeysetPagination
    throttle_classes = (ScopedRateThrottle,)
    lookup_value_converter = "uuid"
    ordering_fields: Sequence[str] = ("created_at",)

    def get_throttles(self) -> list[BaseThrottle]:
        """Count reads and writes apart."""
        self.throttle_scope = "read" if self.request.method in SAFE_METHODS else "write"
        return super().get_throttles()

    def visible(self, rows: QuerySet[Item]) -> QuerySet[Item]:
        """Keep what the user may see. Every request asks for it."""
        return rows.model.visible(rows, self.request.user)

    def get_queryset(self) -> QuerySet[Item]:
        """Find what the user may see and what that refers to; lock the row that is going to be changed."""
        rows = self.visible(super().get_queryset())
        if self.action in ("update", "partial_update", "destroy"):
            return rows.select_for_update()
        names = rows.model.relations()
        return rows.model.with_linked(rows.select_related(*names) if names else rows)

    def filter_queryset(self, queryset: Any) -> Any:
        """Apply the query parameters, which are those of the list."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def get_object(self) -> Item:
        """Find the row; for a change, only if it is still the one that the client has read."""
        item = super().get_object()
        if self.request.method not in SAFE_METHODS:
            given = self.request.headers.get("If-Match")
            if given is None:
                raise PreconditionRequired
            if not names(given, item.etag):
                raise PreconditionFailed
        return item

    def perform_create(self, serializer: BaseSerializer[Item]) -> None:
        """Store the new row for the user who sends it."""
        serializer.save(owner=self.request.user)

    def perform_update(self, serializer: BaseSerializer[Item]) -> None:
        """Write the new values; a body that says nothing new makes no new version."""
        item = serializer.instance
        if any(
            _written(value) != _written(_stored(item, name))
            for name, value in serializer.validated_data.items()
        ):
            serializer.save()

    def perform_destroy(self, instance: Item) -> None:
        """Remove the row, unless another one needs it."""
        relations.require_unneeded(instance)
        super().perform_destroy(instance)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Store a new row, and tell where it is."""
        with transaction.atomic():
            response = super().create(request, *args, **kwargs)
        response.headers["Location"] = f"{request.path}{response.data['id']}/"
        return self._tagged(response)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Read one row; the client that has it already gets 304 and no body."""
        response = self._tagged(super().retrieve(request, *args, **kwargs))
        response.headers["Cache-Control"] = "private, no-cache"
        if names(request.headers.get("If-None-Match", ""), response.headers["ETag"]):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers=dict(response.headers))
        return response

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Replace or change one row."""
        with transaction.atomic():
            return self._tagged(super().update(request, *args, **kwargs))

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove one row for good."""
        with transaction.atomic():
            return super().destroy(request, *args, **kwargs)

    def _tagged(self, response: Response) -> Response:
        # An entity that has a version of its own tells that of its row by another name.
        version = response.data.get("row_version", response.data["version"])
        model = self.get_queryset().model
        shown = [(response.data[f"{name}_id"], response.data[name]) for name in model.relations()]
        shown += [(response.data[f"{name}_id"], None) for name in model.users()]
        shown += [(None, text) for name in model.links() for text in response.data[name]]
        response.headers["ETag"] = etag(version, shown)
        return response


def _stored(item: Any, name: str) -> Any:
    """Read a value of a row; of what it is linked to, the ids."""
    linked = name in item.links()
    return [other.pk for other in item.linked(name)] if linked else getattr(item, name)


def _written(value: Any) -> str:
    """Write a value as JSON, to compare it: in Python, 1 and True are equal."""
    return json.dumps(value, default=str, sort_keys=True)
