"""Relations: what a row refers to is there, its user may see it, and it stays as long as it is needed."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import models
from rest_framework import serializers

from .fields import IdentifierField, Strict
from .models import Entity
from .problems import Conflict, needed

MAX_LINKS = 100
"""To how many others a row is linked at most."""

MAX_COUNT = 1_000
"""How many rows that need another one are counted at most."""


class ReferenceField(IdentifierField):
    """The id of another row."""

    def is_known(self, key: Any) -> bool:
        """Tell whether the row is there, another one, and the user's to see: nobody learns which of these it is not."""
        entity: Any = self.parent
        itself = isinstance(entity.instance, _target(self)) and entity.instance.pk == key
        return not itself and bool(_visible(self, [key]).exists())


class UserField(ReferenceField):
    """The id of somebody who signs in."""

    def is_known(self, key: Any) -> bool:
        """Tell whether there is such a user, who may still sign in."""
        users = get_user_model()._default_manager
        return bool(users.filter(pk=key, is_active=True).exists())


class ReferencesField(Strict, serializers.ListField):
    """The ids of other rows, each once. They are told in their order."""

    default_error_messages = {"twice": "Each id stands once."}

    def __init__(self, source: str) -> None:
        super().__init__(source=source, child=IdentifierField(), max_length=MAX_LINKS, default=list)

    def to_internal_value(self, data: Any) -> list[UUID]:
        """Refuse an id that stands twice."""
        keys = super().to_internal_value(data)
        if len(set(keys)) < len(keys):
            self.fail("twice")
        return sorted(keys)

    def get_attribute(self, instance: Entity) -> list[UUID]:
        """Ask the row for them."""
        return [other.pk for other in instance.linked(str(self.source))]

    def is_known(self, keys: Any) -> bool:
        """Tell whether all rows are there, and the user's to see."""
        return bool(_visible(self, keys).count() == len(keys))

    def json_schema(self) -> dict[str, Any]:
        """Describe the list."""
        items = {"type": "string", "format": "uuid"}
        return {"type": "array", "items": items, "maxItems": MAX_LINKS, "uniqueItems": True}


def _target(field: Any) -> Any:
    """Find the model that a field refers to."""
    return field.parent.Meta.model._meta.get_field(field.source).related_model


def _visible(field: Any, keys: list[Any]) -> Any:
    """Find the rows of these ids that the user may see."""
    rows = _target(field)._base_manager.filter(pk__in=keys)
    request = field.context.get("request")
    return _target(field).visible(rows, request.user) if request else rows


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


class ShownListField(Strict, serializers.ReadOnlyField):
    """The texts by which people know what the row is linked to."""

    def get_attribute(self, instance: Entity) -> list[str | None]:
        """Ask the row for them."""
        return instance.texts_of(str(self.field_name))

    def json_schema(self) -> dict[str, Any]:
        """Describe the texts."""
        return {"type": "array", "items": {"type": ["string", "null"]}}


class Missing(Conflict):
    """A row was to refer to what is not there."""

    default_detail = "What it refers to is not there."

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.errors = [
            {"field": name, "message": "There is nothing with this id."} for name in names
        ]


def require_known(fields: Iterator[Any], values: dict[str, Any]) -> None:
    """Let a row refer only to what is there and what the user may see.

    Raises:
        Missing: when it is not; it names the fields.
    """
    missing = [
        str(field.field_name)
        for field in fields
        if isinstance(field, ReferenceField | ReferencesField)
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
