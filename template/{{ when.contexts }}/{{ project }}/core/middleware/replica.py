"""Each request begins without a write of its own, so its reads may go to the replica."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..routers import reads


def read_your_writes(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Forget what the thread's last request has written; from this one's first write on it reads from the primary.

    Whoever has a session reads from there all the time: it is the admin site, which leads from every change to a list.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        with reads(primary=settings.SESSION_COOKIE_NAME in request.COOKIES):
            return get_response(request)

    return middleware
