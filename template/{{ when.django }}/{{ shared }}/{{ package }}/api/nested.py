"""Parts below their whole: the collection of those that one row has."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from .models import Entity
from .schema import Schema
from .views import EntityViewSet


class NestedSchema(Schema):
    """Describes it like the collection of all, which answers in the same way."""

    def _whole(self) -> Any:
        return self.view.queryset.model._meta.get_field(self.view.whole).related_model._meta

    def _names(self) -> dict[str, str]:
        whole = self._whole().verbose_name
        return {key: f"{name} of one {whole}" for key, name in super()._names().items()}

    def _action(self) -> tuple[str, str, tuple[int, ...]] | None:
        action = super()._action()
        return action and (*action[:2], tuple(sorted({*action[2], 404})))

    def get_response_serializers(self) -> Any:
        """Answer with whole entities, also where less comes in."""
        return self.view.serializer_class


class NestedViewSet[Item: Entity](EntityViewSet[Item]):
    """List and create the parts of the row that ``id`` names in the address; else they are like any others.

    ``whole`` is the field by which a part refers to that row; ``part_serializer_class`` reads a part without it.
    """

    schema = NestedSchema()
    whole: str
    part_serializer_class: type[BaseSerializer[Any]]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find the row, if the user may see it."""
        super().initial(request, *args, **kwargs)
        target: Any = super().get_queryset().model._meta.get_field(self.whole).related_model
        self.found = get_object_or_404(
            target.visible(target._base_manager.all(), request.user), pk=kwargs["id"]
        )

    def get_queryset(self) -> QuerySet[Item]:
        """Find the row's parts."""
        return super().get_queryset().filter(**{self.whole: self.kwargs["id"]})

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """Take a part without what the address says; the list shows it as all do."""
        if self.action == "list":
            return super().get_serializer_class()
        return self.part_serializer_class

    def perform_create(self, serializer: BaseSerializer[Item]) -> None:
        """Store the new part of the row."""
        serializer.save(owner=self.request.user, **{self.whole: self.found})

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Store a new part, and tell the address that it has among all."""
        response = super().create(request, *args, **kwargs)
        response.headers["Location"] = reverse(
            f"{self.basename}-detail", args=[response.data["id"]]
        )
        return response
