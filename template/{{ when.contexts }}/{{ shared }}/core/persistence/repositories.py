"""Repositories on the ORM: a subclass says how a row becomes an entity, and back."""

from collections.abc import Collection, Sequence
from itertools import batched
from typing import Any, ClassVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, IntegrityError
from django.db.models import Q, QuerySet

from ..kernel.entities import Entity, Identity
from ..kernel.errors import NotFound, Taken
from ..kernel.repositories import Criterion, Page, Wanted
from ..utils.primitives import plain
from . import keyset
from .models import EntityRow

LOOKUPS = {"ge": "gte", "le": "lte"}
IDENTITY = tuple(Identity.__annotations__)


class DjangoRepository[Item: Entity, Row: EntityRow]:
    """Keeps the entities of one kind in one table."""

    model: type[Row]
    columns: ClassVar[Sequence[str]]
    """Fields of the entity, in addition to its identity."""
    searched: ClassVar[Sequence[str]] = ()
    """Columns that a search looks into."""
    whole: ClassVar[str] = ""
    """What its entities are parts of, if they are: whoever changes one waits for the whole first, as whoever removes that does."""

    def __init__(self) -> None:
        self.seen: list[Item] = []
        """Entities that went through this repository, for the unit of work to ask what happened to them."""

    def to_entity(self, row: Row) -> Item:
        """Make the entity of a row."""
        raise NotImplementedError

    def identity(self, row: Row) -> Identity:
        """Read the part of a row that every entity has."""
        return Identity(
            id=row.id,
            team_id=row.team_id,
            owner_id=row.owner_id,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    def to_columns(self, item: Item) -> dict[str, Any]:
        """Make the columns of an entity."""
        return {name: plain(getattr(item, name)) for name in (*IDENTITY, *self.columns)}

    def get(self, team_id: UUID, item_id: UUID, owner_id: UUID | None = None) -> Item:
        """Find one entity of a team, or of one owner in it."""
        return self._one(self._visible(team_id, owner_id), item_id)

    def get_to_change(self, team_id: UUID, item_id: UUID, owner_id: UUID | None = None) -> Item:
        """Find one entity and lock its row. Only the primary database has locks, so it is asked."""
        rows = self._visible(team_id, owner_id).using(DEFAULT_DB_ALIAS)
        if self.whole:
            self._lock_whole(rows.filter(id=item_id))
        return self._one(rows.select_for_update(), item_id)

    def find(
        self, team_id: UUID, ids: Collection[UUID], owner_id: UUID | None = None
    ) -> Sequence[Item]:
        """Find those that have one of the ids."""
        return self._all(self._visible(team_id, owner_id).filter(id__in=ids))

    def find_to_keep(
        self, team_id: UUID, ids: Collection[UUID], owner_id: UUID | None = None
    ) -> Sequence[Item]:
        """Find those that have one of the ids, and lock their rows."""
        return self._locked(self._visible(team_id, owner_id).filter(id__in=ids))

    def referring(self, team_id: UUID, name: str, item_id: UUID) -> Sequence[Item]:
        """Find all that refer to something, and lock their rows."""
        return self._locked(self._visible(team_id, None).filter(**{name: item_id}))

    def count_referring(
        self, team_id: UUID, names: Collection[str], item_id: UUID, most: int
    ) -> int:
        """Count those that refer to something; a replica may not have the newest of them."""
        refers = Q(*((name, item_id) for name in names), _connector=Q.OR)
        rows = self._visible(team_id, None).using(DEFAULT_DB_ALIAS).filter(refers)
        return rows.order_by()[:most].count()

    def list(self, team_id: UUID, wanted: Wanted, owner_id: UUID | None = None) -> Page[Item]:
        """Find the entities of a team; those without a value come last, creation and id decide between equals."""
        rows = self._visible(team_id, owner_id)
        for criterion in wanted.criteria:
            rows = rows.filter(self._meets(criterion))
        for word in wanted.search.split():
            rows = rows.filter(self._contains(word))
        return keyset.page(keyset.ordered(rows, wanted.sort, ["team_id"]), wanted, self.to_entity)

    def add(self, item: Item) -> None:
        """Insert a row."""
        self.seen.append(item)
        self._write(lambda: self._rows().create(**self.to_columns(item)))

    def save(self, item: Item) -> None:
        """Update a row."""
        self.seen.append(item)
        self._write(lambda: self._rows().filter(id=item.id).update(**self.to_columns(item)))

    def remove(self, *items: Item) -> None:
        """Delete rows, hundreds with one statement."""
        self.seen += items
        for batch in batched(items, 500):
            self._rows().filter(id__in=[item.id for item in batch]).delete()

    def remove_all(self, team_id: UUID) -> None:
        """Delete the rows of a team."""
        self._rows().filter(team_id=team_id).delete()

    def _rows(self) -> QuerySet[Row]:
        return self.model._default_manager.all()

    def _visible(self, team_id: UUID, owner_id: UUID | None) -> QuerySet[Row]:
        """Select what may be handed out. Whatever reads begins with it."""
        rows = self._rows().filter(team_id=team_id)
        return rows if owner_id is None else rows.filter(owner_id=owner_id)

    def _all(self, rows: QuerySet[Row]) -> Sequence[Item]:
        return [self.to_entity(row) for row in rows]

    def _locked(self, rows: QuerySet[Row]) -> Sequence[Item]:
        """Lock rows in one order for everybody: whoever locks them in another would wait for each other."""
        return self._all(rows.using(DEFAULT_DB_ALIAS).order_by("id").select_for_update())

    def _lock_whole(self, rows: QuerySet[Row]) -> None:
        wholes: Any = self.model._meta.get_field(self.whole).related_model
        locked = wholes._default_manager.using(DEFAULT_DB_ALIAS).select_for_update()
        locked.filter(id__in=rows.values(self.whole)).first()

    def _one(self, rows: QuerySet[Row], item_id: UUID) -> Item:
        try:
            return self.to_entity(rows.get(id=item_id))
        except self.model.DoesNotExist:
            raise NotFound from None

    def _contains(self, word: str) -> Q:
        found = Q()
        for name in self.searched:
            found |= Q(**{f"{name}__icontains": word})
        return found

    @staticmethod
    def _meets(criterion: Criterion) -> Q:
        field, value = criterion.field, criterion.value
        if criterion.operator == "eq":
            return keyset.equal(field, value)
        return Q((f"{field}__{LOOKUPS[criterion.operator]}", value))

    @staticmethod
    def _write(statement: Any) -> None:
        try:
            statement()
        except IntegrityError as error:
            raise Taken from error
