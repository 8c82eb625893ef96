"""What every entity has: an identity, a team, an owner, a version, and a memory of what happened to it."""

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, TypedDict
from uuid import UUID, uuid4

from ..utils.clock import now
from ..utils.primitives import as_json
from .actors import Actor
from .errors import Stale
from .events import Event


class Identity(TypedDict):
    """The part of an entity that nobody sets by hand."""

    id: UUID
    team_id: UUID
    owner_id: UUID
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime


def new_identity(actor: Actor) -> Identity:
    """Make the identity of something that an actor adds to the team."""
    moment = now()
    return Identity(
        id=uuid4(),
        team_id=actor.team_id,
        owner_id=actor.user_id,
        version=1,
        created_at=moment,
        updated_at=moment,
    )


@dataclass(kw_only=True, eq=False)
class Entity:
    """Something that stays itself while its values change. Two are the same if their ids are."""

    personal: ClassVar[frozenset[str]] = frozenset()
    """Fields with personal data."""

    id: UUID
    team_id: UUID
    owner_id: UUID
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    pending: list[Event] = field(default_factory=list, init=False, repr=False)
    """What happened and was not told yet."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entity) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def require_version(self, versions: Collection[int] | None) -> None:
        """Go on only if the entity is as the actor has seen it.

        Args:
            versions: those that will do; None if any will.

        Raises:
            Stale: when the entity's is none of them.
        """
        if versions is not None and self.version not in versions:
            raise Stale

    def set_values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Set values, all or none, and return those that are new; if there are none, the version stays as well."""
        # The copy is made for its rules: it refuses values that do not fit, before any of them is set.
        replace(self, **values)
        changed = {
            name: value
            for name, value in values.items()
            if _written(value) != _written(getattr(self, name))
        }
        for name, value in changed.items():
            setattr(self, name, value)
        if changed:
            self.version += 1
            self.updated_at = now()
        return changed

    def without_personal(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Leave out personal data: an event goes to places that were never meant to see it."""
        return {name: value for name, value in values.items() if name not in self.personal}


def _written(value: Any) -> str:
    """Write a value as JSON, to compare it: in Python, 1 and True are equal."""
    return json.dumps(as_json(value), sort_keys=True)
