"""Users for the tests."""

from factory.declarations import Sequence
from factory.django import DjangoModelFactory, Password

from accounts.models import User


class UserFactory(DjangoModelFactory[User]):
    """A user who can sign in with ``PASSWORD``."""

    username = Sequence(lambda number: f"user-{number}")
    password = Password("a long enough password")

    class Meta:
        model = User
