"""Links that prove who reads an address: their tokens, and the mails that bring them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.db import DEFAULT_DB_ALIAS
from django.template.loader import render_to_string
from django.urls import reverse
from rest_framework.request import Request

MAX_ACCOUNTS = 5
"""How many accounts of one address get a link."""

mailer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
"""Sends mails behind the answer, so that its time does not tell whether an address is known."""


def locked(user_id: Any) -> Any:
    """Find a user who may sign in, and keep others from changing it until the transaction ends; None if there is none."""
    users = get_user_model().objects.using(DEFAULT_DB_ALIAS).select_for_update()
    return users.filter(pk=user_id, is_active=True).first()


class LinkTokens(PasswordResetTokenGenerator):
    """Tokens of one purpose: good once, for PASSWORD_RESET_TIMEOUT seconds, and only until password or address change."""

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.key_salt = f"{__name__}.{purpose}"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.unverified_email}"

    def token_for(self, user: Any) -> str:
        """Make a token that names its user."""
        return f"{user.pk.hex}.{self.make_token(user)}"

    def user_of(self, token: str) -> Any:
        """Find the user of a token, and lock it; None if the token is worth nothing (any more)."""
        user_id, _, rest = token.partition(".")
        user = locked(UUID(user_id))
        return user if self.check_token(user, rest) else None


RESET = LinkTokens("reset")
VERIFY = LinkTokens("verify")


def link(request: Request, purpose: str, token: str) -> str:
    """Make the address of the page that takes a token: ACCOUNT_PAGE_URL, or else the project's own.

    The token stands behind the ``#``, so that it gets into no log on its way.
    """
    page = settings.ACCOUNT_PAGE_URL or request.build_absolute_uri(reverse("account"))
    return f"{page}#{purpose}={token}"


def send(mail: str, user: Any, address: str, **context: str) -> None:
    """Send a mail: the first line of its template is the subject, the rest behind an empty line the text."""
    context |= {"username": user.get_username(), "project": settings.PROJECT_NAME}
    subject, _, body = render_to_string(f"mail/{mail}.txt", context).partition("\n\n")
    mailer.submit(_deliver, mail, EmailMessage(subject, body, to=[address]))


def _deliver(mail: str, message: EmailMessage) -> None:
    """Hand the mail to the server. What goes wrong is logged without its text, which may hold the address."""
    try:
        message.send()
    except Exception as error:  # whatever a mail server or a file system can come up with
        structlog.get_logger("mail").error("mail not sent", mail=mail, error=type(error).__name__)


def send_verification(request: Request, user: Any, address: str) -> None:
    """Keep an address that its user has typed, and ask there whether it is theirs. Until then it counts for nothing."""
    user.unverified_email = address
    user.save(update_fields=["unverified_email"])
    send("verify", user, address, link=link(request, "verify", VERIFY.token_for(user)))


def send_reset(request: Request, address: str) -> None:
    """Send a link to every user whose verified address it is; nobody gets one by an address that was only typed."""
    users = get_user_model().objects.filter(email=address.lower(), is_active=True)
    for user in users[:MAX_ACCOUNTS]:
        send("reset", user, user.email, link=link(request, "reset", RESET.token_for(user)))
