"""The user."""

from uuid import UUID

from django.contrib.auth import get_user_model

from accounts.models import User


def test_it_is_the_projects_user_and_its_id_tells_nothing(user: User) -> None:
    assert get_user_model() is User
    assert isinstance(user.pk, UUID)
    assert user.pk.version == 4


def test_the_password_is_kept_as_a_hash(user: User) -> None:
    assert user.check_password("a long enough password")
    assert "long enough" not in user.password
