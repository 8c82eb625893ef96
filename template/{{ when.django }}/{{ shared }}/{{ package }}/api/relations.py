"""Relations: what a row refers to is there, its user may see it, and it stays as long as it is needed."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from rest_framework import serializers

from .fields import IdentifierField, Strict
from .models import Entity
from .problems import Conflict, needed

MAX_COUNT = 1_000
"""How many rows that need another one are counted at most."""


class ReferenceField(IdentifierField):
    """The id of another row."""

    def is_known(self, key: Any) -> bool:
        """Tell whether the row is there, another one, and the user's to see: nobody learns which of these it is not."""
        entity: Any = self.parent
        model = entity.Meta.model._meta.get_field(self.source).related_model
        if isinstance(entity.instance, model) and entity.instance.pk == key:
            return False
        rows = model._base_manager.filter(pk=key)
        request = self.context.get("request")
        return bool((model.visible(rows, request.user) if request else rows).exists())


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


class Missing(Conflict):
    """A row was to refer to what is not there."""

    default_detail = "What it refers to is not there."

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.errors = [
            {"field": name, "message": "This is no id of what there is."} for name in names
        ]


def require_known(fields: Iterator[Any], values: dict[str, Any]) -> None:
    """Let a row refer only to what is there and what the user may see.

    Raises:
        Missing: when it is not; it names the fields.
    """
    missing = [
        str(field.field_name)
        for field in fields
        if isinstance(field, ReferenceField)
        and (key := values.get(str(field.source)))
        and not field.is_known(key)
    ]
    if missing:
        raise Missing(missing)


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
