"""How a context asks the others: by what they publish in their ``bootstrap.py``, see core/discovery.py."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from ..discovery import needs, published
from ..kernel.actors import Actor
from ..kernel.entities import Entity
from ..kernel.errors import Needed
from ..kernel.relations import Texts


class PublishedReferences:
    """Asks for what entities refer to by the kinds under which it is published."""

    kinds: ClassVar[Mapping[str, str]]
    """By the name of a field: the kind of what it refers to."""

    @property
    def names(self) -> Collection[str]:
        """The fields that hold the ids."""
        return self.kinds

    def missing(self, actor: Actor, ids: Mapping[str, UUID]) -> Sequence[str]:
        """Name the fields whose id is of nothing that the actor can see. The rows of the others are locked."""
        missing = []
        for kind, names in self._by_kind(ids):
            kept = published()[kind].keep(actor, {ids[name] for name in names})
            missing += [name for name in names if ids[name] not in kept]
        return missing

    def texts(self, actor: Actor, ids: Mapping[str, Collection[UUID]]) -> Texts:
        """Tell by which texts people know what the actor can see, with one query for each kind."""
        found: dict[str, Mapping[UUID, str]] = {}
        for kind, names in self._by_kind(ids):
            asked = {one for name in names for one in ids[name]}
            found |= dict.fromkeys(names, published()[kind].find(actor, asked) if asked else {})
        return found

    def _by_kind(self, names: Collection[str]) -> Iterator[tuple[str, list[str]]]:
        """Group fields. In one order for everybody: whoever locks rows in another would wait for each other."""
        for kind in sorted({self.kinds[name] for name in names}):
            yield kind, [name for name in names if self.kinds[name] == kind]


class RegisteredNeeds:
    """Asks every context that has said that it needs entities of a kind."""

    def require_none(self, kind: str, item: Entity) -> None:
        """Go on only if no context needs it."""
        counted = [
            (need, need.count(item.team_id, item.id)) for need in needs() if need.kind == kind
        ]
        if amounts := [need.amount(count) for need, count in counted if count]:
            raise Needed(amounts)
