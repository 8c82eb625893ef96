"""The use cases of a collection, as whoever serves them sees them."""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple
from uuid import UUID

from .actors import Actor
from .entities import Entity
from .relations import Texts
from .repositories import Page, Wanted

type Versions = Collection[int] | None
"""Versions that a change may be made to; None for any."""


def refers_to_nothing(actor: Actor, items: Collection[Any]) -> Texts:
    """Describe what entities refer to that refer to nothing."""
    return {}


class UseCases[Item: Entity](NamedTuple):
    """What can be done with the entities of a collection; a context's ``bootstrap.py`` has them ready."""

    create: Callable[[Actor, Any], Item]
    read: Callable[[Actor, UUID], Item]
    list: Callable[[Actor, Wanted], Page[Item]]
    change: Callable[[Actor, UUID, Any, Versions], Item]
    remove: Callable[[Actor, UUID, Versions], None]
    describe: Callable[[Actor, Collection[Item]], Texts] = refers_to_nothing
    """The texts of what entities refer to."""
