"""Relations: what a row refers to is there, its user may see it, and it stays as long as it is needed."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import QuerySet
from rest_framework import serializers

from .fields import IdentifierField, Strict
from .models import Entity
from .problems import Conflict, needed

MAX_COUNT = 1_000
"""How many rows that need another one are counted at most."""


class ReferenceField(Strict, serializers.PrimaryKeyRelatedField[Any]):
    """The id of another row, which is there and which the user may see: nobody learns which of the two it is not."""

    default_error_messages = {"does_not_exist": "This is no id of what there is."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(pk_field=IdentifierField(), **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """Find what may be referred to."""
        entity: Any = self.parent
        model = entity.Meta.model._meta.get_field(self.source).related_model
        rows: QuerySet[Any] = model.objects.all()
        request = self.context.get("request")
        return model.visible(rows, request.user) if request else rows

    def json_schema(self) -> dict[str, Any]:
        """Describe the id."""
        return IdentifierField().json_schema()


class ShownField(Strict, serializers.ReadOnlyField):
    """The text by which people know what the row refers to."""

    def __init__(self) -> None:
        super().__init__(allow_null=True)

    def get_attribute(self, instance: Entity) -> str | None:
        """Ask the row for it."""
        return instance.text_of(str(self.field_name))

    def json_schema(self) -> dict[str, Any]:
        """Describe the text."""
        return {"type": "string"}


def require_unneeded(row: Entity) -> None:
    """Let a row go only if no other row needs it.

    Raises:
        Conflict: when some do; it tells how many of which kind.
    """
    counts = {model: count for model, count in _counts(row) if count}
    if counts:
        raise Conflict(needed(counts, MAX_COUNT))


def _counts(row: Entity) -> Iterator[tuple[type[models.Model], int]]:
    for relation in row._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.RESTRICT:
            others = relation.related_model._base_manager.filter(**{relation.field.name: row})
            yield relation.related_model, others[:MAX_COUNT].count()
