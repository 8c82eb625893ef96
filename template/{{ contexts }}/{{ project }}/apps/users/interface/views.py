"""Registration, sign-in, renewal and sign-out, each throttled on its own, against guessing; and the team's members."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.permissions import SAFE_METHODS, AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle
from rest_framework.views import APIView
from rest_framework_simplejwt.views import (
    TokenBlacklistView,
    TokenObtainPairView,
    TokenRefreshView,
)

from core.api.serializers import PartQuery
from core.api.views import Part, actor_of
from core.kernel.actors import Role

from .. import bootstrap
from .serializers import (
    LoginSerializer,
    LogoutSerializer,
    MemberSerializer,
    RefreshSerializer,
    RegistrationSerializer,
    TokensSerializer,
)


class AuthScope:
    """Counts attempts together, whichever view they go to."""

    throttle_classes: Sequence[type[BaseThrottle]] = (ScopedRateThrottle,)
    throttle_scope = "auth"
    problems = (400, 401, 406, 413, 415, 429)


class RegisterView(AuthScope, APIView):
    """Make a user, and a team that the user owns. A name that is taken answers 409."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    problems = (400, 406, 409, 413, 415, 429)

    @extend_schema(
        summary="Register",
        tags=["auth"],
        request=RegistrationSerializer,
        responses={201: RegistrationSerializer},
    )
    def post(self, request: Request) -> Response:
        """Make both, or nothing."""
        serializer = RegistrationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        user_id, team = bootstrap.register(given["username"], given["password"], given["team"])
        made = {"id": user_id, "team_id": team.id, "username": given["username"], "team": team.name}
        return Response(made, status.HTTP_201_CREATED)


@extend_schema(
    summary="Sign in", tags=["auth"], request=LoginSerializer, responses=TokensSerializer
)
class LoginView(AuthScope, TokenObtainPairView):
    """Exchange name and password for an access token and a refresh token, both for one team."""

    serializer_class = LoginSerializer


@extend_schema(
    summary="Renew", tags=["auth"], request=RefreshSerializer, responses=TokensSerializer
)
class RefreshView(AuthScope, TokenRefreshView):
    """Exchange a refresh token for a new pair; the old one is worth nothing afterwards."""

    serializer_class = RefreshSerializer


@extend_schema(summary="Sign out", tags=["auth"], request=LogoutSerializer)
class LogoutView(AuthScope, TokenBlacklistView):
    """Make a refresh token worthless. An access token runs out by itself, within minutes."""

    serializer_class = LogoutSerializer


class MembersView(generics.GenericAPIView[Any]):
    """The members of the team that the token is for."""

    serializer_class = MemberSerializer
    pagination_class = Part
    throttle_classes = (ScopedRateThrottle,)
    problems = (400, 401, 403, 406, 409, 413, 415, 429)

    def get_throttles(self) -> list[BaseThrottle]:
        """Count reads and writes apart."""
        self.throttle_scope = "read" if self.request.method in SAFE_METHODS else "write"
        return super().get_throttles()

    @extend_schema(
        operation_id="members_list",
        summary="List members",
        tags=["team"],
        parameters=[PartQuery],
        responses=MemberSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Show a part of the list, by name."""
        query = PartQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        page = bootstrap.list_members(actor_of(request), **query.validated_data)
        items = MemberSerializer(page.items, many=True).data
        return Response({"items": items, "total": page.total, **query.validated_data})

    @extend_schema(
        operation_id="members_create",
        summary="Admit member",
        tags=["team"],
        responses={201: MemberSerializer},
    )
    def post(self, request: Request) -> Response:
        """Let somebody in who has an account; only an owner may."""
        serializer = MemberSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        member = bootstrap.admit_member(actor_of(request), given["username"], Role(given["role"]))
        return Response(MemberSerializer(member).data, status.HTTP_201_CREATED)


class MemberView(APIView):
    """One member of the team that the token is for."""

    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "write"
    problems = (401, 403, 404, 406, 409, 429)

    @extend_schema(
        operation_id="members_destroy",
        summary="Dismiss member",
        tags=["team"],
        responses={204: None},
    )
    def delete(self, request: Request, user_id: UUID) -> Response:
        """Take somebody out; only an owner may, and never the last one."""
        bootstrap.dismiss_member(actor_of(request), user_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
