"""Probes for whoever runs the container: is the process alive, can it serve."""

from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

LIVE, READY = "/health/live", "/health/ready"


def health(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer probes before any other middleware looks at the host or asks for TLS.

    ``/health/live`` answers as long as the process does; a failure means: restart it. ``/health/ready`` answers as
    long as the database does; a failure means: send no requests.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path not in (LIVE, READY):
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        if request.path == READY and not _database_answers():
            return JsonResponse({"status": "unavailable"}, status=503)
        return JsonResponse({"status": "alive" if request.path == LIVE else "ready"})

    return middleware


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError, OSError):
        # The next probe opens a new one, instead of asking the broken one again.
        connection.close()
        return False
    return True
