"""What is answered while the database is away: at once, instead of by one request after another that waits for it."""

import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse

from ..api import problems

PAUSE = 1.0
"""How many seconds the database is not asked after a failure."""
PATIENCE = 30.0
"""How many seconds at most one request asks for all the others."""


class Outage:
    """Whether the database was away when somebody last asked it, in this process.

    After a pause one request asks again, while the others are still refused: a few that wait would keep every thread busy,
    and then not even the probes are answered.
    """

    def __init__(self) -> None:
        self.asked_again_at: float | None = None

    def lasts(self) -> bool:
        """Tell whether to refuse a request; whoever is told no may have to find out."""
        if self.asked_again_at is None:
            return False
        now = time.monotonic()
        if now < self.asked_again_at:
            return True
        self.asked_again_at = now + PATIENCE
        return False

    def note(self, away: bool) -> None:
        """Remember what a request has found out."""
        self.asked_again_at = time.monotonic() + PAUSE if away else None


outage = Outage()


def connection_is_gone() -> bool:
    """Tell whether there was an error that left no connection, and not only a statement that failed."""
    held = connection.connection
    lost = held is None or getattr(held, "closed", False) or not getattr(held, "open", True)
    return connection.errors_occurred and lost


class DatabaseOutage:
    """Middleware that answers 503 while the database is away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve one request."""
        if outage.lasts():
            return problems.unavailable(request)
        response = self.get_response(request)
        outage.note(away=connection_is_gone())
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what a view did not; the API's views know what to say themselves."""
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        problems.log_outage(exception)
        return problems.unavailable(request)
