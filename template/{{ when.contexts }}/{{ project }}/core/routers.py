"""Where a query goes: reads to the replica, writes to the primary, and reads after a write to the primary as well.

A replica is behind by some milliseconds. Whoever has just written something must find it, so once a request has written,
it reads from the primary until it ends. So does a task from its start: it was sent because of something that was written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Model

REPLICA = "replica"

CURRENT = frozenset({"sessions", "token_blacklist", "users"})
"""Apps that are always read from the primary: what has been taken back must not be valid for a moment longer."""

_wrote: ContextVar[bool] = ContextVar("wrote", default=False)


@contextmanager
def reads(primary: bool = False) -> Iterator[None]:
    """Begin a request, a task, or a part of one that reads as if it were one.

    Args:
        primary: whether it reads from the primary even before it writes.
    """
    token = _wrote.set(primary)
    try:
        yield
    finally:
        _wrote.reset(token)


class ReplicaRouter:
    """Chooses the database of every query that the ORM makes."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """Read from the replica, unless something was written or a transaction is open, which sees its own rows only."""
        open_transaction = transaction.get_connection(DEFAULT_DB_ALIAS).in_atomic_block
        current = model._meta.app_label in CURRENT
        return DEFAULT_DB_ALIAS if current or open_transaction or _wrote.get() else REPLICA

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Write to the primary, and remember it."""
        _wrote.set(True)
        return DEFAULT_DB_ALIAS

    def allow_relation(self, first: Model, second: Model, **hints: Any) -> bool:
        """Let rows refer to one another wherever they were read: it is one database, twice."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Migrate the primary; the replica follows by itself."""
        return db == DEFAULT_DB_ALIAS
