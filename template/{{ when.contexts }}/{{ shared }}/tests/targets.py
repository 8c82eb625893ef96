"""What the examples of a test refer to: entities of other contexts, made of the examples that those have."""

from dataclasses import replace
from importlib import import_module
from typing import Any
from uuid import UUID

from core.discovery import published
from core.kernel.actors import Actor

IDS = [
    UUID("11111111-1111-4111-8111-111111111111"),
    UUID("22222222-2222-4222-8222-222222222222"),
    UUID("33333333-3333-4333-8333-333333333333"),
]


def store(actor: Actor, *kinds: str) -> None:
    """Keep as the actor's own what the examples of others refer to."""
    for kind in kinds:
        examples = import_module(f"{__package__}.examples.{kind.partition('.')[0]}")
        repository = published()[kind].repository()
        for number, key in enumerate(IDS):
            repository.add(replace(examples.make(actor, number), id=key))


def give(actor: Actor, *kinds: str) -> None:
    """Let it be somebody else's."""
    for kind in kinds:
        _rows(kind).update(team_id=actor.team_id, owner_id=actor.user_id)


def lose(*kinds: str) -> None:
    """Let it be gone, as it is until the event of that is handled."""
    for kind in kinds:
        _rows(kind).delete()


def hidden(actor: Actor, *kinds: str) -> bool:
    """Tell whether somebody cannot see all of it."""
    return any(len(published()[kind].find(actor, IDS)) < len(IDS) for kind in kinds)


def text(actor: Actor, kind: str, number: int) -> str:
    """Tell the text by which people know the first (0), second or third."""
    return published()[kind].find(actor, IDS)[IDS[number]]


def _rows(kind: str) -> Any:
    repository: Any = published()[kind].repository()
    return repository.model._default_manager.all()
