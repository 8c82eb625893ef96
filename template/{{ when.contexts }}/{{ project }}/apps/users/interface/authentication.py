"""Who acts in a request: a token names user and team, and the role is looked up, once."""

from typing import Any
from uuid import UUID

import structlog
from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication

from core.kernel.actors import Actor
from core.kernel.errors import Forbidden
from core.routers import reads_for

from .. import bootstrap


class TeamAuthentication(BaseAuthentication):
    """Gives every request its user, and as ``request.auth`` the actor that use cases ask for.

    There is no actor if the token is for no team, or for one that the user has left: then only what concerns the user
    alone is open.
    """

    tokens = JWTAuthentication()

    def authenticate(self, request: Request) -> tuple[Any, Actor | None] | None:
        """Read the token; none is no error here.

        Raises:
            AuthenticationFailed: when the token is worth nothing.
        """
        found = self.tokens.authenticate(request)
        if found is None:
            return None
        user, token = found
        structlog.contextvars.bind_contextvars(user_id=str(user.pk))
        reads_for(str(user.pk))
        try:
            actor = bootstrap.identify(user.pk, UUID(str(token.get("team"))))
        except (ValueError, Forbidden):
            return user, None
        structlog.contextvars.bind_contextvars(team_id=str(actor.team_id))
        return user, actor

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme that a client has to use."""
        return self.tokens.authenticate_header(request)


class TeamScheme(SimpleJWTScheme):
    """Describes it in the API's documentation."""

    target_class = "apps.users.interface.authentication.TeamAuthentication"
