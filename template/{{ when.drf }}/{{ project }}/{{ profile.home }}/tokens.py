"""Tokens that end when they have to: with a change of the password, and with the second use of a refresh token.

The id (``jti``) of a refresh token begins with that of its sign-in, a dot behind it, and hands that on to each token that it
is exchanged for. All refresh tokens of one sign-in are found by it.
"""

import re
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.db import transaction
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.utils import get_md5_hash_password

FORMS = {
    "jti": re.compile(r"[0-9a-f]{32}(\.[0-9a-f]{32})?"),
    api_settings.USER_ID_CLAIM: re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}
"""Claims that the database is asked about, and how they look."""


class TokenReused(TokenError):
    """A refresh token has been exchanged or signed out before: one of the two who had it is a thief."""


class Strict:
    """Refuses a token that is signed and makes no sense, before the database or the clock is asked."""

    payload: dict[str, Any]

    def verify(self) -> None:
        """Look at the claims first.

        Raises:
            TokenError: when a claim is missing or has another form.
        """
        for name, form in FORMS.items():
            value = self.payload.get(name)
            if not isinstance(value, str) or not form.fullmatch(value):
                raise TokenError(f"Token has no valid {name}")
        try:
            super().verify()  # type: ignore[misc]  # that of the token class beside it
        except (OverflowError, ValueError) as error:
            raise TokenError("Token has no valid exp") from error


class AccessToken(Strict, tokens.AccessToken):
    """Opens the API for some minutes, unless the password is changed before."""


class RefreshToken(Strict, tokens.RefreshToken):  # type: ignore[misc]  # as its own base is
    """Good for one exchange."""

    access_token_class = AccessToken

    def set_jti(self) -> None:
        """Give the token an id of its own, behind that of its sign-in."""
        sign_in = self.payload.get("jti", uuid4().hex).partition(".")[0]
        self.payload["jti"] = f"{sign_in}.{uuid4().hex}"

    def verify(self) -> None:
        """Refuse a token of an older password, or of nobody.

        Raises:
            TokenError: also when it has run out.
            TokenReused: when it has been used before.
        """
        super().verify()
        user = get_user_model().objects.filter(pk=self[api_settings.USER_ID_CLAIM]).first()
        known = self.get(api_settings.REVOKE_TOKEN_CLAIM)
        if user is None or known != get_md5_hash_password(user.password):
            raise TokenError("Token is of no user, or of an older password")

    def check_blacklist(self) -> None:
        """Refuse a token that has been used.

        Raises:
            TokenReused: if so.
        """
        # Of two requests with one token the second waits here for the first one's transaction, and finds it used.
        OutstandingToken.objects.select_for_update().filter(jti=self["jti"]).first()
        if BlacklistedToken.objects.filter(token__jti=self["jti"]).exists():
            raise TokenReused("Token is blacklisted")

    @staticmethod
    def end_sign_in(text: str) -> None:
        """End every refresh token of the sign-in that a token comes from, whatever the token is worth itself."""
        used = RefreshToken(text, verify=False)  # type: ignore[arg-type]  # it takes text as well
        sign_in = used["jti"].partition(".")[0]
        alive = OutstandingToken.objects.filter(
            jti__startswith=f"{sign_in}.", blacklistedtoken=None
        )
        BlacklistedToken.objects.bulk_create(
            [BlacklistedToken(token=token) for token in alive], ignore_conflicts=True
        )


class OneUse:
    """Makes a serializer take each refresh token once. Who uses one again ends all that has come of its sign-in."""

    token_class = RefreshToken

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Use the token.

        Raises:
            TokenError: when it is worth nothing.
        """
        try:
            with transaction.atomic():
                used: dict[str, Any] = super().validate(attrs)  # type: ignore[misc]  # the serializer's
                return used
        except TokenReused:
            self.token_class.end_sign_in(attrs["refresh"])
            raise
