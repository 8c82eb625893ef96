"""What comes in to change a password or an address, and what a user sees of the own account."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from ..api.fields import EmailField, StrictNames, TextField

MAX_EMAIL = 254


class PasswordField(TextField):
    """A password to check, as it was typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=128, write_only=True, **kwargs)


class NewPasswordField(PasswordField):
    """A password that is hard to guess."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=12, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Refuse what AUTH_PASSWORD_VALIDATORS refuse."""
        password = super().run_validation(data)
        validate_password(password)
        return password


class LinkTokenField(TextField):
    """The token of a link."""

    default_error_messages = {
        "invalid": "This link is not complete: copy all of it, or ask for another one.",
    }
    pattern = r"^[0-9a-f]{32}\.[0-9a-z]{1,13}-[0-9a-f]{1,64}$"


@extend_schema_serializer(component_name="Credentials_Account")
class AccountSerializer(serializers.Serializer[Any]):
    """The own account. An address that is not verified yet counts for nothing."""

    id = serializers.UUIDField(source="pk")
    username = serializers.CharField()
    email = serializers.SerializerMethodField()
    unverified_email = serializers.SerializerMethodField()

    def get_email(self, user: Any) -> str | None:
        """Return the verified address, or None."""
        return user.email or None

    def get_unverified_email(self, user: Any) -> str | None:
        """Return the address that waits to be verified, or None."""
        return user.unverified_email or None


@extend_schema_serializer(component_name="Credentials_PasswordChange")
class PasswordChangeSerializer(StrictNames, serializers.Serializer[Any]):
    """The password, and the one that takes its place."""

    password = PasswordField()
    new_password = NewPasswordField()


@extend_schema_serializer(component_name="Credentials_EmailChange")
class EmailChangeSerializer(StrictNames, serializers.Serializer[Any]):
    """The password, and a new address."""

    password = PasswordField()
    email = EmailField(max_length=MAX_EMAIL, write_only=True)


@extend_schema_serializer(component_name="Credentials_EmailVerification")
class EmailVerificationSerializer(StrictNames, serializers.Serializer[Any]):
    """The token of a link to a new address, and the password: whoever else gets the mail does not know it."""

    token = LinkTokenField(write_only=True)
    password = PasswordField()


@extend_schema_serializer(component_name="Credentials_ResetRequest")
class ResetRequestSerializer(StrictNames, serializers.Serializer[Any]):
    """The address of somebody who has forgotten the password."""

    email = EmailField(max_length=MAX_EMAIL, write_only=True)


@extend_schema_serializer(component_name="Credentials_Reset")
class ResetSerializer(StrictNames, serializers.Serializer[Any]):
    """The token of a link, and a new password."""

    token = LinkTokenField(write_only=True)
    new_password = NewPasswordField()


@extend_schema_serializer(component_name="Credentials_Deletion")
class DeletionSerializer(StrictNames, serializers.Serializer[Any]):
    """The password of somebody who leaves for good."""

    password = PasswordField()
