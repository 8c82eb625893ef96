"""What users do with the own account: look at it, change password and address, reset a password, delete it."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, ClassVar

from django.db import transaction
from django.views.generic import TemplateView
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle, SimpleRateThrottle
from rest_framework.views import APIView

from . import links
from .serializers import (
    AccountSerializer,
    DeletionSerializer,
    EmailChangeSerializer,
    EmailVerificationSerializer,
    PasswordChangeSerializer,
    ResetRequestSerializer,
    ResetSerializer,
)


class AuthScope:
    """Apply the shared ``auth`` rate limit."""

    throttle_classes: Sequence[type[BaseThrottle]] = (ScopedRateThrottle,)
    throttle_scope = "auth"
    problems: Sequence[int] = (400, 401, 406, 413, 415, 429)


class AddressThrottle(SimpleRateThrottle):
    """Limit the mails to one address, whoever asks for them."""

    scope = "mail"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Return a key that does not show the address, or None for a request that names none."""
        address = request.data.get("email") if isinstance(request.data, dict) else None
        if not isinstance(address, str):
            return None
        return f"throttle_mail_{sha256(address.lower().encode('utf-8', 'replace')).hexdigest()}"


class Attempt(AuthScope, generics.GenericAPIView[Any]):
    """Validate the body and run ``attempt()`` in a transaction."""

    # The contract says what there is; the framework's own answer to OPTIONS would look for a table.
    metadata_class = None
    success: ClassVar[int] = status.HTTP_204_NO_CONTENT

    def attempt(self, request: Request, given: dict[str, Any]) -> None:
        """Do what is asked for.

        Raises:
            PermissionDenied: when the password or the token is worth nothing.
        """
        raise NotImplementedError

    def post(self, request: Request) -> Response:
        """Answer without content."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        # Not before: a transaction must not wait for a body.
        with transaction.atomic():
            self.attempt(request, serializer.validated_data)
        return Response(status=self.success)


class PasswordAttempt(Attempt):
    """Ask for the password again: a stolen access token is not enough."""

    permission_classes = (IsAuthenticated,)
    problems: Sequence[int] = (400, 401, 403, 406, 413, 415, 429)

    def owner(self, request: Request, given: dict[str, Any]) -> Any:
        """Return the user of the token.

        Raises:
            PermissionDenied: when the password is wrong.
        """
        return _checked(links.lock_active_user(request.user.pk), given["password"])


class OpenAttempt(Attempt):
    """Take no access token: whoever has forgotten the password has none."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    problems: Sequence[int] = (400, 403, 406, 413, 415, 429)

    def owner(self, tokens: links.LinkTokens, given: dict[str, Any]) -> Any:
        """Return the user of a link.

        Raises:
            PermissionDenied: when the link is not valid (any more).
        """
        user = tokens.user_of(given["token"])
        if user is None:
            raise PermissionDenied("The link has been used or has run out: ask for another one.")
        return user


def _checked(user: Any, password: str) -> Any:
    """Return the user if the password is right."""
    if user is None or not user.check_password(password):
        raise PermissionDenied("This is not the password.")
    return user


def _set_password(user: Any, password: str) -> None:
    """Store a new password, which ends all sessions and tokens, and notify the user."""
    user.set_password(password)
    user.save(update_fields=["password"])
    if user.email:
        links.send("password_changed", user, user.email)


@extend_schema(summary="Read the own account", tags=["auth"])
class AccountView(AuthScope, generics.RetrieveAPIView[Any]):
    """Who is signed in, and by which address a password can be reset."""

    metadata_class = None
    permission_classes = (IsAuthenticated,)
    throttle_scope = "read"
    problems = (401, 406, 429)
    serializer_class = AccountSerializer

    def get_object(self) -> Any:
        """Return the user of the token."""
        return self.request.user


@extend_schema(summary="Change the password", tags=["auth"], responses={204: None})
class PasswordView(PasswordAttempt):
    """Exchange the password for another one. Every session and token ends, this one too."""

    serializer_class = PasswordChangeSerializer

    def attempt(self, request: Request, given: dict[str, Any]) -> None:
        """Store the new password."""
        _set_password(self.owner(request, given), given["new_password"])


@extend_schema(summary="Change the e-mail address", tags=["auth"], responses={202: None})
class EmailView(PasswordAttempt):
    """Send a link to a new address. Until it was followed, the old one counts."""

    serializer_class = EmailChangeSerializer
    throttle_classes = (ScopedRateThrottle, AddressThrottle)
    success = status.HTTP_202_ACCEPTED

    def attempt(self, request: Request, given: dict[str, Any]) -> None:
        """Send the link."""
        links.send_verification(request, self.owner(request, given), given["email"])


@extend_schema(summary="Verify an e-mail address", tags=["auth"], responses={204: None})
class EmailVerificationView(OpenAttempt):
    """Take the token of a link that came by e-mail, and the password: the address is verified."""

    serializer_class = EmailVerificationSerializer

    def attempt(self, request: Request, given: dict[str, Any]) -> None:
        """Replace the old address, and notify it."""
        user = _checked(self.owner(links.VERIFY, given), given["password"])
        old, user.email, user.unverified_email = user.email, user.unverified_email, ""
        user.save(update_fields=["email", "unverified_email"])
        if old and old != user.email:
            links.send("address_changed", user, old)


@extend_schema(summary="Ask for a new password", tags=["auth"], responses={202: None})
class ResetRequestView(OpenAttempt):
    """Send a link to a verified address. The answer is the same whether somebody has it or not."""

    serializer_class = ResetRequestSerializer
    throttle_classes = (ScopedRateThrottle, AddressThrottle)
    success = status.HTTP_202_ACCEPTED
    problems = (400, 406, 413, 415, 429)

    def attempt(self, request: Request, given: dict[str, Any]) -> None:
        """Send the link, if there is somebody to send it to."""
        links.send_reset(request, given["email"])


@extend_schema(summary="Set a new password", tags=["auth"], responses={204: None})
class ResetView(OpenAttempt):
    """Take the token of a link that came by e-mail. Every session and token of the user ends."""

    serializer_class = ResetSerializer

    def attempt(self, request: Request, given: dict[str, Any]) -> None:
        """Store the new password."""
        _set_password(self.owner(links.RESET, given), given["new_password"])


@extend_schema(summary="Delete the own account", tags=["auth"], responses={204: None})
class DeletionView(PasswordAttempt):
    """Forget the user for good."""

    serializer_class = DeletionSerializer

    def attempt(self, request: Request, given: dict[str, Any]) -> None:
        """Delete the user."""
        self.forget(self.owner(request, given))

    def forget(self, user: Any) -> None:
        """Delete the user and all dependent rows."""
        user.delete()


page = TemplateView.as_view(template_name="credentials/account.html")
