"""Links that prove who reads an address: their tokens, and the mails that bring them."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.db import DEFAULT_DB_ALIAS, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from rest_framework.request import Request

MAX_ACCOUNTS = 5
"""How many accounts of one address get a link."""

MAX_WAITING = 100
"""How many mails may wait while a mail server is slow."""

log = structlog.get_logger("mail")
waiting = BoundedSemaphore(MAX_WAITING)
mailer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")
"""Sends mails behind the answer, so that its time does not tell whether an address is known."""


def lock_active_user(user_id: Any) -> Any:
    """Return the active user, locked until the transaction ends, or None."""
    users = get_user_model().objects.using(DEFAULT_DB_ALIAS).select_for_update()
    return users.filter(pk=user_id, is_active=True).first()


class LinkTokens(PasswordResetTokenGenerator):
    """Tokens for one purpose, valid for PASSWORD_RESET_TIMEOUT seconds and only until password or address change.

    Taking one changes the password or the address, so that it is valid once.
    """

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.key_salt = f"{__name__}.{purpose}"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        # With a space between, an address that moves from one field to the other makes another value.
        return f"{super()._make_hash_value(user, timestamp)} {user.unverified_email}"

    def token_for(self, user: Any) -> str:
        """Return a token that names its user."""
        return f"{user.pk.hex}.{self.make_token(user)}"

    def user_of(self, token: str) -> Any:
        """Return the user of a valid token, locked until the transaction ends, or None."""
        user_id, _, rest = token.partition(".")
        user = lock_active_user(UUID(user_id))
        return user if self.check_token(user, rest) else None


RESET = LinkTokens("reset")
VERIFY = LinkTokens("verify")


def link(request: Request, purpose: str, token: str) -> str:
    """Return the address of the page that takes a token: ACCOUNT_PAGE_URL, or else the project's own.

    The token stands in the fragment, which is sent to no server and written to no log.
    """
    page = settings.ACCOUNT_PAGE_URL or request.build_absolute_uri(reverse("account"))
    return f"{page}#{purpose}={token}"


def send(mail: str, user: Any, address: str, **context: str) -> None:
    """Send a mail when the transaction has been committed.

    The first line of its template is the subject; the text follows an empty line.
    """
    context |= {"username": user.get_username(), "project": settings.PROJECT_NAME}
    subject, _, body = render_to_string(f"credentials/mail/{mail}.txt", context).partition("\n\n")
    message = EmailMessage(subject, body, to=[address])
    transaction.on_commit(partial(_enqueue, mail, message))


def _enqueue(mail: str, message: EmailMessage) -> None:
    """Hand the mail to the thread that sends it, unless too many wait there already."""
    if waiting.acquire(blocking=False):
        mailer.submit(_deliver, mail, message)
    else:
        log.warning(f"mail not sent: {mail}", error="too many wait")


def _deliver(mail: str, message: EmailMessage) -> None:
    """Hand the mail to the server. An error is logged by its name alone: its text may hold the address."""
    try:
        message.send()
    except Exception as error:  # whatever a mail server or a file system can come up with
        log.warning(f"mail not sent: {mail}", error=type(error).__name__)
    finally:
        waiting.release()


def send_verification(request: Request, user: Any, address: str) -> None:
    """Store an unverified address and send the link that verifies it."""
    user.unverified_email = address
    user.save(update_fields=["unverified_email"])
    send("verify", user, address, link=link(request, "verify", VERIFY.token_for(user)))


def send_reset(request: Request, address: str) -> None:
    """Send a link to each active user whose verified address it is; unverified addresses get none."""
    users = get_user_model().objects.filter(email=address.lower(), is_active=True)
    for user in users[:MAX_ACCOUNTS]:
        send("reset", user, user.email, link=link(request, "reset", RESET.token_for(user)))
