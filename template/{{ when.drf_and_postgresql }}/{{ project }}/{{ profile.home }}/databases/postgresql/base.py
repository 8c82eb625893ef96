"""The backend: ``answer_timeout`` of the options says how many seconds a statement may take.

PostgreSQL's own ``statement_timeout`` ends what the server works on. It does nothing about a server that has stopped
working, and poolers refuse it.
"""

import select
import time
from contextlib import suppress
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus

FRESH = 1.0
"""How many seconds a connection is taken for good after an answer, unless the server has hung up."""


def silent(descriptor: int) -> bool:
    """Tell whether nothing waits to be read from a socket: neither a last word of the other side nor the end."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return not poll.poll(0)


class Connection(psycopg.Connection[Any]):
    """A connection that is given up when the server says nothing."""

    answer_timeout: float | None = None
    answered_at = 0.0

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for the server.

        Raises:
            OperationalError: when it takes too long.
        """
        try:
            answer = super().wait(gen, interval, timeout or self.answer_timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self._give_up()
            raise
        self.answered_at = time.monotonic()
        return answer

    @property
    def fresh(self) -> bool:
        """Tell whether the server has answered a moment ago, and has not hung up since."""
        if self.closed or time.monotonic() > self.answered_at + FRESH:
            return False
        return silent(self.pgconn.socket)

    def _give_up(self) -> None:
        """Tell the server, if it listens, and close: what comes next is not expected any more."""
        with suppress(psycopg.Error):
            self.cancel_safe(timeout=1)
        self.pgconn.finish()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with connections of this kind."""

    def get_connection_params(self) -> dict[str, Any]:
        """Keep from the driver what it does not know."""
        parameters: dict[str, Any] = super().get_connection_params()
        self.answer_timeout = parameters.pop("answer_timeout", None)
        return parameters

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect."""
        connection = super().get_new_connection(conn_params)
        # Django knows no way to choose the class.
        connection.__class__ = Connection
        connection.answer_timeout = self.answer_timeout
        return connection

    def is_usable(self) -> bool:
        """Ask the server at the start of a request, unless its last answer is fresh; after an error, ask in any case."""
        if not self.errors_occurred and self.connection is not None and self.connection.fresh:
            return True
        return super().is_usable()
