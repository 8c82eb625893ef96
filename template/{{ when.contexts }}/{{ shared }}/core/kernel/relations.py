"""What contexts ask of one another: whether something is there, by which text people know it, and who needs it.

Nobody imports anybody: an entity is known to other contexts by its kind, ``context.Entity``, and by its id.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from .actors import Actor
from .entities import Entity
from .errors import Missing
from .repositories import Repository

type Texts = Mapping[str, Mapping[UUID, str]]
"""By the name of a field: the texts of what it refers to."""

MAX_COUNT = 1_000
"""How many entities that need another one are counted at most."""


class References(Protocol):
    """What the entities of one kind refer to, wherever that is kept."""

    @property
    def names(self) -> Collection[str]:
        """The fields that hold the ids."""

    def missing(self, actor: Actor, ids: Mapping[str, UUID]) -> Sequence[str]:
        """Name the fields whose id is of nothing that the actor can see. All else stays until the unit of work ends."""

    def texts(self, actor: Actor, ids: Mapping[str, Collection[UUID]]) -> Texts:
        """Tell by which texts people know what the actor can see. Each kind is asked once, for any number of ids."""


class Needs(Protocol):
    """Who needs something, in whatever context."""

    def require_none(self, kind: str, item: Entity) -> None:
        """Go on only if nobody needs it.

        Raises:
            Needed: when somebody does; it tells how many of which kind.
        """


@dataclass(frozen=True)
class Published[Item: Entity]:
    """Entities that other contexts may refer to, under a kind that stays when the code moves."""

    kind: str
    repository: Callable[[], Repository[Item]]
    private: bool = False
    """Whether a member of the team sees only what is their own."""

    def find(self, actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, str]:
        """Find those that the actor can see, each with the text by which people know it."""
        return _texts(self.repository().find(actor.team_id, ids, self._owner(actor)))

    def keep(self, actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, str]:
        """Find those that the actor can see, and let none of them go until the unit of work ends."""
        return _texts(self.repository().find_to_keep(actor.team_id, ids, self._owner(actor)))

    def _owner(self, actor: Actor) -> UUID | None:
        return actor.own if self.private else None


@dataclass(frozen=True)
class Need[Item: Entity]:
    """A context needs what it refers to: as long as it does, entities of that kind are not removed."""

    kind: str
    repository: Callable[[], Repository[Item]]
    names: Collection[str]
    """The fields that hold the ids."""
    one: str
    many: str
    """What the entities that refer to it are called."""

    def count(self, team_id: UUID, item_id: UUID) -> int:
        """Count who needs it, as far as anybody wants to know."""
        return self.repository().count_referring(team_id, self.names, item_id, MAX_COUNT)

    def amount(self, count: int) -> str:
        """Say how many they are."""
        more = " or more" if count == MAX_COUNT else ""
        return f"{count}{more} {self.one if count == 1 else self.many}"


def require_known(
    references: References, actor: Actor, values: Mapping[str, Any], before: Entity | None = None
) -> None:
    """Go on only if what the values refer to is there and the actor can see it: nobody learns which of the two it is not.

    Args:
        references: what the entity refers to.
        actor: who sets the values.
        values: of the entity.
        before: the entity as it is: what it refers to already is not asked for again, and it is none to refer to itself.

    Raises:
        Missing: with the fields.
    """
    asked = {
        name: values[name]
        for name in references.names
        if values.get(name) not in (None, getattr(before, name, None))
    }
    itself = [name for name, key in asked.items() if before is not None and key == before.id]
    if missing := itself or references.missing(actor, asked):
        raise Missing(missing)


@dataclass(frozen=True)
class Kind[Item: Entity]:
    """Entities of a context, and what they refer to in the same one: there, what goes takes others along at once."""

    name: str
    repository: Repository[Item]
    parts: Mapping[str, str] = field(default_factory=dict)
    """By the name of a field: the kind of the whole with which they go."""
    emptied: Mapping[str, str] = field(default_factory=dict)
    """By the name of a field: the kind of what it refers to until that goes."""


def clear(actor: Actor, kinds: Sequence[Kind[Any]], kind: str, item: Entity, needs: Needs) -> None:
    """Make way for an entity that is to go: its parts, and theirs, go before it, and what refers to any of them is emptied.

    Args:
        actor: who removes it.
        kinds: those of the context, each behind those that it refers to.
        kind: that of the entity.
        item: the entity.
        needs: who needs it, or one of its parts.

    Raises:
        Needed: when something that stays needs one of them.
    """
    going = _with_parts(kinds, kind, item)
    # Who refers goes before what it refers to.
    for each in reversed(kinds):
        for one in reversed(going[each.name].values()):
            needs.require_none(each.name, one)
            _empty(actor, kinds, each.name, one)
            if one != item:
                one.remove(actor)
        each.repository.remove(*(one for one in going[each.name].values() if one != item))


def _with_parts(kinds: Sequence[Kind[Any]], kind: str, item: Entity) -> dict[str, dict[UUID, Any]]:
    """Find by its kind what goes with an entity: what is a part of it, the parts of those, and so on."""
    going: dict[str, dict[UUID, Any]] = {each.name: {} for each in kinds}
    going[kind][item.id] = item
    waiting = [(kind, item)]
    while waiting:
        of, whole = waiting.pop()
        for each in kinds:
            for name in (name for name, target in each.parts.items() if target == of):
                referring = each.repository.referring(whole.team_id, name, whole.id)
                found = [part for part in referring if part.id not in going[each.name]]
                going[each.name] |= {part.id: part for part in found}
                waiting += [(each.name, part) for part in found]
    return going


def _empty(actor: Actor, kinds: Sequence[Kind[Any]], kind: str, item: Entity) -> None:
    for each in kinds:
        for name in (name for name, target in each.emptied.items() if target == kind):
            for one in each.repository.referring(item.team_id, name, item.id):
                one.change(actor, {name: None})
                each.repository.save(one)


def describe(references: References, actor: Actor, items: Collection[Entity]) -> Texts:
    """Tell by which texts people know what entities refer to."""
    ids = {name: {getattr(item, name) for item in items} - {None} for name in references.names}
    return references.texts(actor, ids)


def _texts(items: Sequence[Entity]) -> Mapping[UUID, str]:
    return {item.id: str(item) for item in items}
