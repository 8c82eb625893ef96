"""Where a query goes: reads to the replica, writes to the primary, and reads after a write to the primary as well.

A replica is behind by some milliseconds. Whoever has just written something must find it, so once a request has written,
it reads from the primary until it ends, and so do the requests that its user makes in the next seconds, with whatever client
and in whatever process. So does a task from its start: it was sent because of something that was written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model

REPLICA = "replica"

CURRENT = frozenset({"messaging", "sessions", "token_blacklist", "users"})
"""Apps that are always read from the primary: what has been taken back must not be valid for a moment longer."""
BEHIND = 10
"""How many seconds a user who has written reads from the primary: more than a replica is ever behind."""


@dataclass
class Reader:
    """What reads: a request, as soon as that is known for which user, or a task."""

    primary: bool = False
    wrote: bool = False
    user: str = ""


_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)


@contextmanager
def reads(primary: bool = False) -> Iterator[None]:
    """Begin a request, a task, or a part of one that reads as if it were one.

    Args:
        primary: whether it reads from the primary even before it writes.
    """
    reader = Reader(primary)
    token = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(token)
        if reader.wrote and reader.user:
            cache.set(_wrote_lately(reader.user), True, BEHIND)


def reads_for(user: str) -> None:
    """Say for which user the request reads: from the primary, if that one has written in one of the last requests.

    So it does while nobody can tell, because the cache that the processes share is away.
    """
    reader = _reader.get()
    if reader is not None and REPLICA in connections:
        reader.user = user
        wrote = cache.get(_wrote_lately(user))
        reader.primary |= bool(wrote) or getattr(cache, "away", False)


def _wrote_lately(user: str) -> str:
    return f"wrote-lately:{user}"


class ReplicaRouter:
    """Chooses the database of every query that the ORM makes."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """Read from the replica, unless something was written or a transaction is open, which sees its own rows only."""
        open_transaction = transaction.get_connection(DEFAULT_DB_ALIAS).in_atomic_block
        current = model._meta.app_label in CURRENT
        reader = _reader.get() or Reader()
        primary = current or open_transaction or reader.wrote or reader.primary
        return DEFAULT_DB_ALIAS if primary else REPLICA

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Write to the primary, and remember it."""
        reader = _reader.get()
        if reader is None:
            _reader.set(Reader(wrote=True))
        else:
            reader.wrote = True
        return DEFAULT_DB_ALIAS

    def allow_relation(self, first: Model, second: Model, **hints: Any) -> bool:
        """Let rows refer to one another wherever they were read: it is one database, twice."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Migrate the primary; the replica follows by itself."""
        return db == DEFAULT_DB_ALIAS
