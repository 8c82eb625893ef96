"""What comes in to register, sign in and out and to say who is in the team, and what goes out."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework_simplejwt.serializers import (
    TokenBlacklistSerializer,
    TokenObtainSerializer,
    TokenRefreshSerializer,
)

from core.api.fields import ChoiceField, EmailField, IdentifierField, StrictNames, TextField
from core.credentials.serializers import MAX_EMAIL, NewPasswordField
from core.kernel.actors import Role
from core.kernel.errors import Forbidden
from core.tokens import OneUse, RefreshToken

from .. import bootstrap


class UsernameField(TextField):
    """Name to sign in with."""

    pattern = r"^[A-Za-z0-9_.-]+$"


@extend_schema_serializer(component_name="Users_Registration")
class RegistrationSerializer(StrictNames):
    """A new user with a team. The password is checked, hashed and never shown."""

    id = IdentifierField(read_only=True)
    team_id = IdentifierField(read_only=True)
    username = UsernameField(min_length=3, max_length=150)
    password = NewPasswordField()
    email = EmailField(max_length=MAX_EMAIL, required=False, write_only=True)
    team = TextField(max_length=120)


@extend_schema_serializer(component_name="Users_Member")
class MemberSerializer(StrictNames):
    """A member of the team, or somebody who is invited to be one."""

    user_id = IdentifierField(read_only=True)
    username = UsernameField(min_length=3, max_length=150)
    role = ChoiceField(choices=list(Role))


@extend_schema_serializer(component_name="Users_Role")
class RoleSerializer(StrictNames):
    """What a member is in the team."""

    role = ChoiceField(choices=list(Role))


@extend_schema_serializer(component_name="Users_Membership")
class MembershipSerializer(StrictNames):
    """A team that a user is in, or invited to."""

    team_id = IdentifierField(read_only=True)
    team = TextField(max_length=120)
    role = ChoiceField(choices=list(Role), read_only=True)


@extend_schema_serializer(component_name="Users_Acceptance")
class AcceptanceSerializer(StrictNames):
    """The team whose invitation a user accepts."""

    team_id = IdentifierField()


@extend_schema_serializer(component_name="Users_Tokens")
class TokensSerializer(serializers.Serializer[Any]):
    """What a user gets who signs in."""

    access = serializers.CharField()
    refresh = serializers.CharField()


@extend_schema_serializer(component_name="Users_Login")
class LoginSerializer(StrictNames, TokenObtainSerializer):
    """Name and password, and which of the user's teams it is about; the first one if nothing is said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"] = TextField(max_length=150)
        self.fields["password"] = TextField(max_length=128, write_only=True)
        self.fields["team"] = IdentifierField(required=False, write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        """Check the password, and put the team into the tokens."""
        wanted = attrs.pop("team", None)
        super().validate(attrs)
        user: Any = self.user
        try:
            team_id = bootstrap.choose_team(user.pk, wanted)
        except Forbidden as error:
            raise serializers.ValidationError({"team": [str(error)]}) from None
        refresh = RefreshToken.for_user(user)
        if team_id is not None:
            refresh["team"] = str(team_id)
        return {"access": str(refresh.access_token), "refresh": str(refresh)}


@extend_schema_serializer(component_name="Users_Refresh")
class RefreshSerializer(OneUse, StrictNames, TokenRefreshSerializer):
    """A refresh token, for a new pair."""

    refresh = TextField()


@extend_schema_serializer(component_name="Users_Logout")
class LogoutSerializer(OneUse, StrictNames, TokenBlacklistSerializer):
    """A refresh token that shall be worth nothing."""

    refresh = TextField(write_only=True)
