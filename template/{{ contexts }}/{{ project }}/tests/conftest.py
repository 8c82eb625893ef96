"""Users, teams and clients for the tests that need Django."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from apps.users import bootstrap
from apps.users.infrastructure.models import User
from core.kernel.actors import Actor, Role
from core.kernel.events import Message
from core.persistence import work

ROOT = Path(__file__).parents[1]

type SignIn = Callable[[Actor], APIClient]
type Told = Callable[[], list[Message]]


def pytest_configure(config: pytest.Config) -> None:
    """Ask for no coverage as long as there is no feature: the code that features share has no user yet."""
    coverage = config.pluginmanager.getplugin("_cov")
    if coverage is not None and not any(ROOT.glob("specs/*/contracts/openapi.yaml")):
        coverage.options.cov_fail_under = 0


@pytest.fixture(autouse=True)
def no_throttle_left_over() -> None:
    """Forget the requests that an earlier test has counted."""
    cache.clear()


@pytest.fixture
def api() -> APIClient:
    """A client that nobody has signed in with."""
    return APIClient()


@pytest.fixture
def sign_in() -> SignIn:
    """Makes the client of an actor."""

    def make(actor: Actor) -> APIClient:
        client = APIClient()
        client.force_authenticate(User.objects.get(pk=actor.user_id), actor)  # type: ignore[arg-type]
        return client

    return make


def found_team(name: str) -> Actor:
    """Register somebody, and return the owner of the team."""
    user_id, team = bootstrap.register(name, "a long enough password", f"Team of {name}")
    return Actor(user_id=user_id, team_id=team.id, role=Role.OWNER)


def join(owner: Actor, name: str, role: Role) -> Actor:
    """Register somebody, and let them into the owner's team."""
    bootstrap.register(name, "a long enough password", f"Team of {name}")
    member = bootstrap.admit_member(owner, name, role)
    return Actor(user_id=member.user_id, team_id=owner.team_id, role=role)


@pytest.fixture
def owner(db: None) -> Actor:
    """The owner of a team."""
    return found_team("olivia")


@pytest.fixture
def member(owner: Actor) -> Actor:
    """Somebody else in the same team, who may write."""
    return join(owner, "mike", Role.MEMBER)


@pytest.fixture
def colleague(owner: Actor) -> Actor:
    """One more who may write."""
    return join(owner, "carol", Role.MEMBER)


@pytest.fixture
def viewer(owner: Actor) -> Actor:
    """Somebody else in the same team, who may only read."""
    return join(owner, "victor", Role.VIEWER)


@pytest.fixture
def stranger(db: None) -> Actor:
    """The owner of another team."""
    return found_team("sandra")


@pytest.fixture
def signed_in(member: Actor, sign_in: SignIn) -> APIClient:
    """The client of a member."""
    return sign_in(member)


@pytest.fixture
def told(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Iterator[Told]:
    """Collects what is sent when the database has committed; a test's own transaction never does, so it is asked."""
    sent: list[Message] = []
    monkeypatch.setattr(work, "send", sent.append)
    with ExitStack() as stack:
        captured = stack.enter_context(django_capture_on_commit_callbacks())

        def ask() -> list[Message]:
            stack.close()
            for callback in captured:
                callback()
            return sent

        yield ask
