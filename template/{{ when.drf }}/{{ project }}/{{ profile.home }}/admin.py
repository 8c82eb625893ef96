"""The admin site, with as many attempts to sign in as the API allows from one address."""

import math
from typing import Any

from django.conf import settings
from django.contrib.admin import site
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from rest_framework.throttling import ScopedRateThrottle

__all__ = ["sign_in", "site"]


class SignInForm(AdminAuthenticationForm):
    """Looks at a password only if there were not too many before."""

    throttle_scope = "auth"

    def clean(self) -> dict[str, Any]:
        """Count the attempt together with those of the API.

        Raises:
            ValidationError: when there were too many, or the password is wrong.
        """
        throttle = ScopedRateThrottle()
        # Of a request a throttle asks for user and address, of a view for its scope: the form and Django's request have these.
        if not throttle.allow_request(self.request, self):  # type: ignore[arg-type]  # see above
            seconds = math.ceil(throttle.wait() or 1)
            raise ValidationError(
                "Too many attempts to sign in: wait %(seconds)s seconds.",
                code="throttled",
                params={"seconds": seconds},
            )
        return super().clean()


def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the site's own page, with status 429 after too many attempts."""
    response = site.login(request)
    form = (getattr(response, "context_data", None) or {}).get("form")
    if form is not None and form.has_error(NON_FIELD_ERRORS, "throttled"):
        response.status_code = 429
    return response


site.login_form = SignInForm
site.site_header = site.site_title = str(settings.SPECTACULAR_SETTINGS["TITLE"])
