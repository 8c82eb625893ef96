"""What the application layer asks of storage, as protocols. Who keeps them is none of its business."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Protocol, Self
from uuid import UUID

from ..api.places import Place
from .entities import Entity


@dataclass(frozen=True)
class Criterion:
    """One condition of a list, such as ``interval ge 60``."""

    field: str
    operator: Literal["eq", "ge", "le"]
    value: Any


@dataclass(frozen=True)
class Part:
    """Which part of a list somebody wants: how many, beside which place, and whether all of the list is counted."""

    limit: int = 20
    place: Place | None = None
    total: bool = False


@dataclass(frozen=True)
class Wanted(Part):
    """Which part of a list of entities an actor wants, in which order."""

    criteria: Sequence[Criterion] = ()
    search: str = ""
    sort: str = "-created_at"


@dataclass(frozen=True)
class Page[Item]:
    """A part of a list, the places of those beside it, and how long all of it is, if that was asked."""

    items: Sequence[Item]
    next: Place | None = None
    previous: Place | None = None
    total: int | None = None


class Repository[Item: Entity](Protocol):
    """All entities of one kind. It never hands out what belongs to another team, nor to anybody but an owner that is given."""

    def get(self, team_id: UUID, item_id: UUID, owner_id: UUID | None = None) -> Item:
        """Find one entity of a team, or of one owner in it.

        Raises:
            NotFound: when the team has none with this id.
        """

    def get_to_change(self, team_id: UUID, item_id: UUID, owner_id: UUID | None = None) -> Item:
        """Find one entity of a team, or of one owner in it, and keep others from changing it until the unit of work ends.

        Raises:
            NotFound: when the team has none with this id.
        """

    def find(
        self, team_id: UUID, ids: Collection[UUID], owner_id: UUID | None = None
    ) -> Sequence[Item]:
        """Find those of a team, or of one owner in it, that have one of the ids."""

    def find_to_keep(
        self, team_id: UUID, ids: Collection[UUID], owner_id: UUID | None = None
    ) -> Sequence[Item]:
        """Find the same, and keep others from changing or removing them until the unit of work ends."""

    def referring(self, team_id: UUID, name: str, item_id: UUID) -> Sequence[Item]:
        """Find, to change them, all of a team that hold the id of something in a field."""

    def count_referring(
        self, team_id: UUID, names: Collection[str], item_id: UUID, most: int
    ) -> int:
        """Count those of a team that hold the id of something in one of the fields, and stop at ``most``."""

    def list(self, team_id: UUID, wanted: Wanted, owner_id: UUID | None = None) -> Page[Item]:
        """Find the entities of a team, or of one owner in it, that meet every criterion."""

    def add(self, item: Item) -> None:
        """Keep a new entity.

        Raises:
            Taken: when a value that may stand once in the team stands in another entity.
        """

    def save(self, item: Item) -> None:
        """Keep the changes of an entity.

        Raises:
            Taken: as above.
        """

    def remove(self, *items: Item) -> None:
        """Forget an entity, or many at once."""

    def remove_all(self, team_id: UUID) -> None:
        """Forget every entity of a team."""


class UnitOfWork(Protocol):
    """All or nothing: what is not committed has not happened. What happened is told after that, and not before."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def commit(self) -> None:
        """Let everything happen when the block ends."""
