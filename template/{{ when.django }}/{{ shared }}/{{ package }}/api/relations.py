"""Relations: what a row refers to is there, its user may see it, and it stays as long as it is needed."""

from typing import Any

from django.db import models
from django.db.models import QuerySet
from rest_framework import serializers

from .fields import IdentifierField, Strict
from .models import Entity
from .problems import Conflict

MAX_COUNT = 1_000
"""How many rows that need another one are counted at most."""


class ReferenceField(Strict, serializers.PrimaryKeyRelatedField[Any]):
    """The id of another row, which is there and which the user may see: nobody learns which of the two is missing."""

    default_error_messages = {"does_not_exist": "This is no id of what there is."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(pk_field=IdentifierField(), **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """Find what may be referred to."""
        model = self.parent.Meta.model._meta.get_field(self.source).related_model
        request = self.context.get("request")
        rows: QuerySet[Any] = model.visible_to(request.user) if request else model.objects.all()
        return rows

    def json_schema(self) -> dict[str, Any]:
        """Describe the id."""
        return {"type": "string", "format": "uuid"}


class TextField(Strict, serializers.StringRelatedField[Any]):
    """The text by which people know the row that is referred to."""

    def json_schema(self) -> dict[str, Any]:
        """Describe the text."""
        return {"type": "string"}


def require_unneeded(row: Entity) -> None:
    """Let a row go only if no other row needs it.

    Raises:
        Conflict: when some do; it tells how many of which kind.
    """
    needed = []
    for relation in row._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.on_delete is not models.PROTECT:
            continue
        others = relation.related_model._base_manager.filter(**{relation.field.name: row})
        if count := others[:MAX_COUNT].count():
            meta = relation.related_model._meta
            amount = f"{count} or more" if count == MAX_COUNT else str(count)
            needed.append(f"{amount} {meta.verbose_name if count == 1 else meta.verbose_name_plural}")
    if needed:
        raise Conflict(f"It is needed by {' and '.join(needed)}.")
