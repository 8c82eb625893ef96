"""What every stored thing has."""

import uuid
from collections.abc import Iterator
from operator import attrgetter
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from .preconditions import etag


class Entity(models.Model):
    """A row that is found by id, belongs to somebody, goes with them when they are deleted, and knows its version.

    ``personal`` names the fields whose values no log may show, ``scope`` those that every list has one value of,
    ``for_members`` says whether only who is signed in sees a row.
    """

    personal: ClassVar[frozenset[str]] = frozenset()
    scope: ClassVar[tuple[str, ...]] = ()
    for_members: ClassVar[bool] = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
        ordering = ("-created_at", "-id")
        indexes = [models.Index(fields=["created_at", "id"])]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; a change counts the version up, wherever it comes from (API, admin, shell)."""
        is_change = not self._state.adding
        if is_change:
            # Counted in the database: of two changes at once, none gets the version of the other.
            self.version = models.F("version") + 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version", "updated_at"}
        super().save(*args, **kwargs)
        if is_change:
            self.refresh_from_db(fields=["version"])

    @classmethod
    def is_private(cls) -> bool:
        """Tell whether nobody but its owner sees a row."""
        return "owner" in cls.scope

    @classmethod
    def guard(cls) -> int:
        """Rank who may see a row: everybody, who is signed in, or its owner alone."""
        return 2 if cls.is_private() else int(cls.for_members)

    @classmethod
    def visible(cls, rows: models.QuerySet[Any], user: Any) -> models.QuerySet[Any]:
        """Keep what a user may see of some rows. Whatever reads rows for a user asks for it."""
        return rows.filter(owner=user.pk) if cls.is_private() else rows

    @classmethod
    def relations(cls) -> list[str]:
        """Name what a row refers to that is stored as it is."""
        return [name for name, kind in cls._keys() if issubclass(kind, Entity)]

    @classmethod
    def users(cls) -> list[str]:
        """Name who signs in beside a row's owner."""
        return [name for name, kind in cls._keys() if not issubclass(kind, Entity)]

    @classmethod
    def _keys(cls) -> Iterator[tuple[str, Any]]:
        """Yield the foreign keys of a row but for its owner's, each with the model that it refers to."""
        for field in cls._meta.concrete_fields:
            if field.is_relation and field.name != "owner":
                yield field.name, field.related_model

    @classmethod
    def links(cls) -> list[str]:
        """Name what a row is linked to, of each any number."""
        return [field.name for field in cls._meta.many_to_many]

    @classmethod
    def with_linked(cls, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Fetch with the rows what they are linked to, in no order of its own: one statement for each kind."""
        for name in cls.links():
            others: Any = cls._meta.get_field(name).related_model
            rows = rows.prefetch_related(models.Prefetch(name, others._base_manager.order_by()))
        return rows

    def linked(self, name: str) -> list[Any]:
        """Find what the row is linked to, in the order of the ids. It is fetched once, and anew when the links were set."""
        models.prefetch_related_objects([self], name)
        return sorted(getattr(self, name).all(), key=attrgetter("pk"))

    def text_of(self, name: str) -> str | None:
        """Tell the text of what the row refers to."""
        return self._told(getattr(self, name))

    def texts_of(self, name: str) -> list[str | None]:
        """Tell the texts of what the row is linked to."""
        return [self._told(other) for other in self.linked(name)]

    def _told(self, other: Any) -> str | None:
        """Tell the text of another row, unless that is more private than the row itself."""
        return None if other is None or other.guard() > self.guard() else str(other)

    @property
    def etag(self) -> str:
        """Name this version of the row for HTTP."""
        others = [(name, getattr(self, f"{name}_id")) for name in self.relations()]
        shown = [(key and str(key), self.text_of(name)) for name, key in others]
        users = [getattr(self, f"{name}_id") for name in self.users()]
        shown += [(key and str(key), None) for key in users]
        shown += [(None, text) for name in self.links() for text in self.texts_of(name)]
        return etag(self.version, shown)
