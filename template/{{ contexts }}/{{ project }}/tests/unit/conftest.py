"""What all unit tests share: actors, and the promise that no framework is needed."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from uuid import uuid4

import pytest

from core.kernel.actors import Actor, Role

FRAMEWORKS = ("celery", "django", "rest_framework")


class NoFramework(MetaPathFinder):
    """Refuses to import a framework."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Look at the name only."""
        if name.partition(".")[0] in FRAMEWORKS:
            raise ImportError(f"{name} is imported by code that a unit test runs")
        return None


# Together with the other tests Django is there already; alone, nothing may need it.
if "django" not in sys.modules:
    sys.meta_path.insert(0, NoFramework())


def actor(role: Role) -> Actor:
    """Make a user in a team of their own."""
    return Actor(user_id=uuid4(), team_id=uuid4(), role=role)


@pytest.fixture
def owner() -> Actor:
    """The owner of a team."""
    return actor(Role.OWNER)


@pytest.fixture
def member(owner: Actor) -> Actor:
    """Somebody else in the same team, who may write."""
    return Actor(user_id=uuid4(), team_id=owner.team_id, role=Role.MEMBER)


@pytest.fixture
def viewer(owner: Actor) -> Actor:
    """Somebody else in the same team, who may only read."""
    return Actor(user_id=uuid4(), team_id=owner.team_id, role=Role.VIEWER)


@pytest.fixture
def stranger() -> Actor:
    """The owner of another team."""
    return actor(Role.OWNER)
