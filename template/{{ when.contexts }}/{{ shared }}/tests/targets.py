"""What the examples of a test refer to: other entities, made of the examples that those have."""

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID, uuid4

from django.db.models import ForeignKey

from core.discovery import published
from core.kernel.actors import Actor

IDS = [
    UUID("11111111-1111-4111-8111-111111111111"),
    UUID("22222222-2222-4222-8222-222222222222"),
    UUID("33333333-3333-4333-8333-333333333333"),
]


def store(actor: Actor, *kinds: str) -> None:
    """Keep as the actor's own what the examples of others refer to."""
    for kind in dict.fromkeys(found for asked in kinds for found in _with_needed(asked)):
        examples = import_module(_place(kind))
        repository = published()[kind].repository()
        for number, key in enumerate(IDS):
            repository.add(replace(examples.make(actor, number), id=key))


def give(actor: Actor, *kinds: str) -> None:
    """Let it be somebody else's."""
    for kind in kinds:
        _rows(kind).update(team_id=actor.team_id, owner_id=actor.user_id)


def lose(*kinds: str) -> None:
    """Let it be found no more, as it is until the event of that is handled."""
    for kind in kinds:
        _rows(kind).update(team_id=uuid4())


def free(kind: str, key: str, keeping: type[Any]) -> None:
    """Let nothing refer to one of it but the rows of one table."""
    table = _rows(kind).model
    for other in published():
        rows = _rows(other)
        for field in rows.model._meta.fields:
            points = field.related_model is table or getattr(field, "kind", "") == kind
            if points and rows.model not in (table, keeping):
                for row in rows.filter(**{field.attname: key}):
                    free(other, str(row.pk), keeping)
                    row.delete()


def hidden(actor: Actor, *kinds: str) -> bool:
    """Tell whether somebody cannot see all of it."""
    return any(len(published()[kind].find(actor, IDS)) < len(IDS) for kind in kinds)


def text(actor: Actor, kind: str, number: int) -> str:
    """Tell the text by which people know the first (0), second or third."""
    return published()[kind].find(actor, IDS)[IDS[number]]


def _place(kind: str) -> str:
    """Find the examples of a kind: those of a context's main entity are called like the context, others like their rows as well."""
    context = kind.partition(".")[0]
    rows = type(published()[kind].repository()).__module__.rpartition(".")[2]
    own = f"{__package__}.examples.{context}_{rows}"
    return own if find_spec(own) else f"{__package__}.examples.{context}"


def _with_needed(kind: str) -> Iterator[str]:
    """List what has to be kept before a kind, and the kind: what its rows point to in their context, and so on."""
    table = _rows(kind).model
    for field in table._meta.fields:
        if isinstance(field, ForeignKey) and field.related_model is not table:
            yield from _with_needed(_kind(field.related_model))
    yield kind


def _kind(table: Any) -> str:
    """Tell under which kind the rows of a table are published."""
    return next(kind for kind in published() if _rows(kind).model is table)


def _rows(kind: str) -> Any:
    repository: Any = published()[kind].repository()
    return repository.model._default_manager.all()
