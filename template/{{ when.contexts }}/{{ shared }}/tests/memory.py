"""The twins of repositories and units of work that need no database."""

import datetime as dt
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import replace
from types import TracebackType
from typing import Any, Protocol, Self
from uuid import UUID, uuid4

from core.api.places import Place
from core.kernel.actors import Actor, Role
from core.kernel.entities import Entity
from core.kernel.errors import Needed, NotFound, Taken
from core.kernel.events import Event, Message
from core.kernel.relations import Texts
from core.kernel.repositories import Page, Part, Wanted
from core.utils.primitives import plain

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
COMPARE = {"eq": operator.eq, "ge": operator.ge, "le": operator.le}


class MemoryRepository[Item: Entity]:
    """Keeps entities in a dictionary. It hands out copies, as a database does."""

    def __init__(self, uniques: Sequence[Sequence[str]] = (), searched: Sequence[str] = ()) -> None:
        self.uniques, self.searched = uniques, searched
        self.kept: dict[UUID, Item] = {}
        self.seen: list[Item] = []

    def get(self, team_id: UUID, item_id: UUID, owner_id: UUID | None = None) -> Item:
        """Find one entity of a team, or of one owner in it."""
        found = [item for item in self._visible(team_id, owner_id) if item.id == item_id]
        if not found:
            raise NotFound
        return self._copy(found[0])

    def get_to_change(self, team_id: UUID, item_id: UUID, owner_id: UUID | None = None) -> Item:
        """Find one entity; nobody else is there to change it."""
        return self.get(team_id, item_id, owner_id)

    def find(
        self, team_id: UUID, ids: Collection[UUID], owner_id: UUID | None = None
    ) -> Sequence[Item]:
        """Find those that have one of the ids."""
        return [self._copy(item) for item in self._visible(team_id, owner_id) if item.id in ids]

    def find_to_keep(
        self, team_id: UUID, ids: Collection[UUID], owner_id: UUID | None = None
    ) -> Sequence[Item]:
        """Find the same; nobody else is there to remove them."""
        return self.find(team_id, ids, owner_id)

    def referring(self, team_id: UUID, name: str, item_id: UUID) -> Sequence[Item]:
        """Find all that refer to something."""
        found = self._visible(team_id, None)
        return [self._copy(item) for item in found if getattr(item, name) == item_id]

    def count_referring(
        self, team_id: UUID, names: Collection[str], item_id: UUID, most: int
    ) -> int:
        """Count those that refer to something."""
        found = self._visible(team_id, None)
        refers = [item for item in found if item_id in [getattr(item, name) for name in names]]
        return min(len(refers), most)

    def list(self, team_id: UUID, wanted: Wanted, owner_id: UUID | None = None) -> Page[Item]:
        """Find the entities of a team; those without a value come last, creation and id decide between equals."""
        found = [*self._visible(team_id, owner_id)]
        for criterion in wanted.criteria:
            compare = COMPARE[criterion.operator]
            found = [
                item
                for item in found
                if (value := plain(getattr(item, criterion.field))) is not None
                and compare(value, criterion.value)
            ]
        for word in wanted.search.lower().split():
            found = [item for item in found if word in self._text(item)]
        field, backwards = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
        found.sort(key=lambda item: (item.created_at, item.id), reverse=backwards)
        filled = [item for item in found if getattr(item, field) is not None]
        filled.sort(key=lambda item: plain(getattr(item, field)), reverse=backwards)
        ordered = filled + [item for item in found if getattr(item, field) is None]
        return cut([self._copy(item) for item in ordered], wanted)

    def add(self, item: Item) -> None:
        """Keep a new entity."""
        self.save(item)

    def save(self, item: Item) -> None:
        """Keep the changes of an entity."""
        for other in self.kept.values():
            if other.team_id == item.team_id and other.id != item.id:
                for names in self.uniques:
                    values = [getattr(item, name) for name in names]
                    if None not in values and values == [getattr(other, name) for name in names]:
                        raise Taken
        self.seen.append(item)
        self.kept[item.id] = self._copy(item)

    def remove(self, *items: Item) -> None:
        """Forget entities."""
        self.seen += items
        for item in items:
            del self.kept[item.id]

    def _visible(self, team_id: UUID, owner_id: UUID | None) -> Sequence[Item]:
        return [
            item
            for item in self.kept.values()
            if item.team_id == team_id and owner_id in (None, item.owner_id)
        ]

    def remove_all(self, team_id: UUID) -> None:
        """Forget every entity of a team."""
        self.kept = {key: item for key, item in self.kept.items() if item.team_id != team_id}

    @staticmethod
    def _copy(item: Item) -> Item:
        twin = copy(item)
        twin.pending = []
        return twin

    def _text(self, item: Item) -> str:
        return "\n".join(str(getattr(item, name) or "") for name in self.searched).lower()


class MemoryWholes[Item: Entity](MemoryRepository[Item]):
    """Has every whole that is asked for, in tests of its parts."""

    def __init__(self, make: Callable[[Actor, int], Item]) -> None:
        super().__init__()
        self.make = make

    def get_to_change(self, team_id: UUID, item_id: UUID, owner_id: UUID | None = None) -> Item:
        """Make one."""
        actor = Actor(user_id=uuid4(), team_id=team_id, role=Role.MEMBER)
        return replace(self.make(actor, 0), id=item_id)


def cut[Item](items: Sequence[Item], part: Part) -> Page[Item]:
    """Cut a part out of a whole list. A place in it is an index, which nobody else looks into."""
    place = part.place or Place(0, NEVER, 0)
    start = max(place.value - part.limit, 0) if place.back else place.value
    end = place.value if place.back else start + part.limit
    return Page(
        items=items[start:end],
        next=Place(end, NEVER, 0) if end < len(items) else None,
        previous=Place(start, NEVER, 0, back=True) if start else None,
        total=len(items) if part.total else None,
    )


class Remembering(Protocol):
    """A repository that can be put back to where it was."""

    kept: dict[Any, Any]
    seen: list[Any]


class MemoryWork:
    """All or nothing, on twins; what was told stands in ``told``."""

    def __init__(self, *repositories: Remembering) -> None:
        self._repositories = repositories
        self.told: list[Message] = []

    def __enter__(self) -> Self:
        self._before = [dict(repository.kept) for repository in self._repositories]
        self._committed = False
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for repository, before in zip(self._repositories, self._before, strict=True):
            if not self._committed:
                repository.kept = before
            elif error is None:
                self.told += [event.message() for event in self._events(repository)]
            repository.seen.clear()

    def commit(self) -> None:
        """Let everything happen when the block ends."""
        self._committed = True

    @staticmethod
    def _events(repository: Remembering) -> list[Event]:
        events = [event for item in repository.seen for event in item.pending]
        for item in repository.seen:
            item.pending.clear()
        return events


class MemoryReferences:
    """What entities refer to, as tests say it: by the name of a field, the ids of what there is, with their texts."""

    def __init__(self, known: Texts) -> None:
        self.known = known

    @property
    def names(self) -> Collection[str]:
        """The fields that hold the ids."""
        return self.known

    def missing(self, actor: Actor, ids: Mapping[str, UUID]) -> Sequence[str]:
        """Name the fields whose id is of nothing."""
        return [name for name, one in ids.items() if one not in self.known[name]]

    def texts(self, actor: Actor, ids: Mapping[str, Collection[UUID]]) -> Texts:
        """Tell the texts."""
        return {
            name: {one: text for one, text in self.known[name].items() if one in asked}
            for name, asked in ids.items()
        }


class MemoryNeeds:
    """Who needs something, as tests say it."""

    def __init__(self, *amounts: str) -> None:
        self.amounts = amounts

    def require_none(self, kind: str, item: Entity) -> None:
        """Go on only if nobody does."""
        if self.amounts:
            raise Needed(self.amounts)
