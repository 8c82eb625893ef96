"""Registration, sign-in, renewal and sign-out over HTTP."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User

PASSWORD = "a long enough password"
NEW = {"username": "grace", "password": PASSWORD}


@pytest.fixture
def tokens(api: APIClient, user: User) -> dict[str, str]:
    """What a user gets who signs in."""
    response = api.post("/api/auth/login/", {"username": user.username, "password": PASSWORD})
    assert response.status_code == 200
    content: dict[str, str] = response.json()
    return content


def test_register_makes_a_user_who_can_sign_in(db: None, api: APIClient) -> None:
    response = api.post("/api/auth/register/", NEW)
    assert response.status_code == 201
    assert response.json() == {"id": str(User.objects.get().pk), "username": "grace"}
    assert api.post("/api/auth/login/", NEW).status_code == 200


def test_register_refuses_what_is_unsafe(db: None, api: APIClient) -> None:
    response = api.post("/api/auth/register/", NEW | {"password": "short"})
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == ["password"]
    assert User.objects.count() == 0


def test_a_name_that_is_taken_is_a_conflict(db: None, api: APIClient) -> None:
    api.post("/api/auth/register/", NEW)
    assert api.post("/api/auth/register/", NEW).status_code == 409


def test_wrong_password_is_refused(api: APIClient, user: User) -> None:
    wrong = {"username": user.username, "password": "wrong"}
    assert api.post("/api/auth/login/", wrong).status_code == 401


def test_a_refresh_token_is_good_for_one_renewal(api: APIClient, tokens: dict[str, str]) -> None:
    renewed = api.post("/api/auth/refresh/", {"refresh": tokens["refresh"]})
    assert renewed.status_code == 200
    assert renewed.json()["refresh"] != tokens["refresh"]
    again = api.post("/api/auth/refresh/", {"refresh": tokens["refresh"]})
    assert again.status_code == 401


def test_logout_makes_the_refresh_token_worthless(api: APIClient, tokens: dict[str, str]) -> None:
    assert api.post("/api/auth/logout/", {"refresh": tokens["refresh"]}).status_code == 200
    assert api.post("/api/auth/refresh/", {"refresh": tokens["refresh"]}).status_code == 401


def test_a_user_who_is_locked_out_cannot_go_on(
    api: APIClient, user: User, tokens: dict[str, str]
) -> None:
    user.is_active = False
    user.save()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")
    assert api.get("/api/").status_code == 401
