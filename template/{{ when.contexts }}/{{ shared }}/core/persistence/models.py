"""What every row has."""

from typing import ClassVar

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
