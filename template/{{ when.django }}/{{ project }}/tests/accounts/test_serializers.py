"""What is accepted as a new user."""

from typing import Any

import pytest

from accounts.serializers import RegistrationSerializer

NEW = {"username": "grace", "password": "a long enough password"}


def test_password_is_stored_as_a_hash_and_not_shown(db: None) -> None:
    serializer = RegistrationSerializer(data=NEW)
    assert serializer.is_valid(), serializer.errors
    user = serializer.save()
    assert user.check_password(NEW["password"])
    assert set(serializer.data) == {"id", "username"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "1qaz2wsx3edc"}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"username": "no spaces"}, "username"),
        ({"username": "ab"}, "username"),
        ({"username": "grace\n"}, "username"),
        ({"is_staff": True}, "is_staff"),
        ({"id": "11111111-1111-4111-8111-111111111111"}, "id"),
    ],
)
def test_refuses_what_is_unsafe(change: dict[str, Any], field: str) -> None:
    serializer = RegistrationSerializer(data=NEW | change)
    assert not serializer.is_valid()
    assert list(serializer.errors) == [field]
