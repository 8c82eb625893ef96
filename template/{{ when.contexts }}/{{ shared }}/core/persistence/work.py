"""Units of work on the database's transactions."""

from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self

from django.db import transaction

from ..kernel.events import Event
from ..messaging.dispatch import send


class Tracked(Protocol):
    """An entity that remembers what happened to it."""

    pending: list[Event]


class Tracking(Protocol):
    """A repository that remembers which entities it has written."""

    @property
    def seen(self) -> Sequence[Tracked]:
        """The entities."""


class DjangoUnitOfWork:
    """A transaction. It is rolled back unless ``commit`` was called; what happened is stored in it as messages."""

    def __init__(self, *repositories: Tracking) -> None:
        self._repositories = repositories
        self._transaction = transaction.atomic()
        self._committed = False

    def __enter__(self) -> Self:
        self._transaction.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None and not self._committed:
            transaction.set_rollback(True)
        self._transaction.__exit__(kind, error, trace)

    def commit(self) -> None:
        """Let everything happen when the block ends, and have it told."""
        self._committed = True
        for repository in self._repositories:
            for item in repository.seen:
                while item.pending:
                    send(item.pending.pop(0).message())
