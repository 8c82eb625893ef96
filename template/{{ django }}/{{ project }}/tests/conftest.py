"""Clients and users for all tests."""

from pathlib import Path

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts.models import User

from .factories import UserFactory

ROOT = Path(__file__).parents[1]


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
def user(db: None) -> User:
    """A user who owns nothing yet."""
    return UserFactory.create()


@pytest.fixture
def signed_in(user: User) -> APIClient:
    """The client of that user."""
    client = APIClient()
    client.force_authenticate(user)
    return client
