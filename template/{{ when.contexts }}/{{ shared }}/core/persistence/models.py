"""What every row has."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models


class EntityRow(models.Model):
    """A row that belongs to a team. It points to no row of another context: those may live elsewhere one day.

    ``personal`` names the fields whose values no log may show.
    """

    personal: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, editable=False)
    team_id = models.UUIDField()
    owner_id = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ("-created_at", "-id")
        # One for every order and filter of a list, which is a team's.
        indexes = [models.Index(fields=["team_id", "created_at", "id"])]


class ReferenceField(models.UUIDField):  # type: ignore[type-arg]
    """The id of what another context has. It is no foreign key: the other's rows may live elsewhere one day."""

    def __init__(self, kind: str = "", **options: Any) -> None:
        self.kind = kind
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Be a plain UUID in migrations: to the database it is nothing else."""
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.UUIDField", arguments, options
