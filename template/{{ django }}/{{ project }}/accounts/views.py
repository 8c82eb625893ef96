"""Registration, sign-in, renewal and sign-out. Each is throttled on its own, against guessing."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle
from rest_framework_simplejwt.views import (
    TokenBlacklistView,
    TokenObtainPairView,
    TokenRefreshView,
)

from .models import User
from .serializers import (
    LoginSerializer,
    LogoutSerializer,
    RefreshSerializer,
    RegistrationSerializer,
    TokensSerializer,
)


class AuthScope:
    """Counts attempts together, whichever view they go to."""

    throttle_classes: Sequence[type[BaseThrottle]] = (ScopedRateThrottle,)
    throttle_scope = "auth"
    problems = (400, 401, 406, 413, 415, 429)


@extend_schema(summary="Register", tags=["auth"])
class RegisterView(AuthScope, generics.CreateAPIView[User]):
    """Make a user. A name that is taken answers 409."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    problems = (400, 406, 409, 413, 415, 429)
    serializer_class = RegistrationSerializer

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Store the user, or nothing."""
        with transaction.atomic():
            return super().create(request, *args, **kwargs)


@extend_schema(
    summary="Sign in", tags=["auth"], request=LoginSerializer, responses=TokensSerializer
)
class LoginView(AuthScope, TokenObtainPairView):
    """Exchange name and password for an access token and a refresh token."""

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
