"""What a browser may do with an answer: nothing that no page of the project needs."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADERS = {
    # The pages are the admin site and the API's documentation; both bring their scripts and styles along.
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    ),
    "Permissions-Policy": ", ".join(
        f"{name}=()"
        for name in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
    ),
}


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Add the headers that Django has no setting for; a view that needs others sets its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # Django's own pages of errors, in development only, have scripts in them.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        return response

    return middleware
