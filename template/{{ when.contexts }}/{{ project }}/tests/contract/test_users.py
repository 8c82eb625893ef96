"""The API of users: registration, sign-in, tokens, and the members of a team."""

import pytest
from rest_framework.test import APIClient

from core.kernel.actors import Actor, Role

from ..conftest import SignIn, join

PASSWORD = "a long enough password"
MEMBERS = "/api/team/members/"


@pytest.fixture
def ada(db: None, api: APIClient) -> dict[str, str]:
    """Somebody who has registered."""
    body = {"username": "ada", "password": PASSWORD, "team": "Engines"}
    answer: dict[str, str] = api.post("/api/auth/register/", body).json()
    return answer


def login(api: APIClient, name: str = "ada", **more: str) -> dict[str, str]:
    response = api.post("/api/auth/login/", {"username": name, "password": PASSWORD, **more})
    assert response.status_code == 200, response.json()
    tokens: dict[str, str] = response.json()
    return tokens


def bearer(tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access']}"}


def test_registration_makes_a_user_and_a_team(ada: dict[str, str]) -> None:
    assert (ada["username"], ada["team"]) == ("ada", "Engines")
    assert set(ada) == {"id", "team_id", "username", "team"}


@pytest.mark.parametrize(
    ("part", "status", "field"),
    [
        ({"username": "ada"}, 409, None),
        ({"username": "a"}, 400, "username"),
        ({"username": "ä ö"}, 400, "username"),
        ({"username": "ada\n"}, 400, "username"),
        ({"password": "short"}, 400, "password"),
        ({"password": "password1234"}, 400, "password"),
        ({"team": ""}, 400, "team"),
        ({"is_staff": True}, 400, "is_staff"),
    ],
)
def test_registration_refuses(
    ada: dict[str, str],
    api: APIClient,
    part: dict[str, object],
    status: int,
    field: str | None,
) -> None:
    body = {"username": "eve", "password": PASSWORD, "team": "Apples"} | part
    response = api.post("/api/auth/register/", body)
    assert response.status_code == status
    assert {error["field"] for error in response.json()["errors"]} == ({field} if field else set())


def test_tokens_open_the_team_and_nothing_without_them(ada: dict[str, str], api: APIClient) -> None:
    tokens = login(api)
    page = api.get(MEMBERS, headers=bearer(tokens)).json()
    assert page["items"] == [{"user_id": ada["id"], "username": "ada", "role": "owner"}]
    assert api.get(MEMBERS).status_code == 401
    assert api.get(MEMBERS, headers={"Authorization": "Bearer nothing"}).status_code == 401


def test_a_wrong_password_opens_nothing(ada: dict[str, str], api: APIClient) -> None:
    body = {"username": "ada", "password": "not this one"}
    assert api.post("/api/auth/login/", body).status_code == 401


def test_a_refresh_token_works_until_signing_out(ada: dict[str, str], api: APIClient) -> None:
    first = login(api)
    response = api.post("/api/auth/refresh/", {"refresh": first["refresh"]})
    assert response.status_code == 200
    second = response.json()
    assert api.get(MEMBERS, headers=bearer(second)).status_code == 200
    assert api.post("/api/auth/logout/", {"refresh": second["refresh"]}).status_code == 200
    assert api.post("/api/auth/refresh/", {"refresh": second["refresh"]}).status_code == 401


def test_who_is_in_two_teams_signs_in_to_one(
    ada: dict[str, str], owner: Actor, sign_in: SignIn, api: APIClient
) -> None:
    sign_in(owner).post(MEMBERS, {"username": "ada", "role": "viewer"})
    own, other = login(api), login(api, team=str(owner.team_id))
    assert api.get(MEMBERS, headers=bearer(own)).json()["total"] == 1
    assert api.get(MEMBERS, headers=bearer(other)).json()["total"] == 2
    body = {"username": "olivia", "password": PASSWORD, "team": ada["team_id"]}
    assert api.post("/api/auth/login/", body).status_code == 400


def test_a_token_is_worth_nothing_when_its_user_has_left(
    ada: dict[str, str], owner: Actor, sign_in: SignIn, api: APIClient
) -> None:
    client = sign_in(owner)
    client.post(MEMBERS, {"username": "ada", "role": "member"})
    tokens = login(api, team=str(owner.team_id))
    assert client.delete(f"{MEMBERS}{ada['id']}/").status_code == 204
    assert api.get(MEMBERS, headers=bearer(tokens)).status_code == 401
    assert login(api)


MATRIX = {
    "owner": {"get": 200, "post": 201, "delete": 204},
    "member": {"get": 200, "post": 403, "delete": 403},
    "viewer": {"get": 200, "post": 403, "delete": 403},
    "stranger": {"get": 200, "post": 201, "delete": 404},
}
"""Status that somebody gets for the team's members; a stranger admits to a team of their own."""


@pytest.mark.parametrize(
    ("who", "method", "status"),
    [(who, method, status) for who, row in MATRIX.items() for method, status in row.items()],
)
def test_role_decides_who_may_do_what(
    request: pytest.FixtureRequest,
    sign_in: SignIn,
    ada: dict[str, str],
    colleague: Actor,
    who: str,
    method: str,
    status: int,
) -> None:
    client = sign_in(request.getfixturevalue(who))
    url = f"{MEMBERS}{colleague.user_id}/" if method == "delete" else MEMBERS
    body = {"username": "ada", "role": "member"} if method == "post" else {}
    response = getattr(client, method)(url, body)
    assert response.status_code == status, response.content


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "nobody", "role": "member"}, 400),
        ({"username": "olivia", "role": "member"}, 409),
        ({"username": "ada", "role": "king"}, 400),
        ({"username": "ada"}, 400),
    ],
)
def test_a_member_that_cannot_be_admitted_is_refused(
    ada: dict[str, str], owner: Actor, sign_in: SignIn, body: dict[str, str], status: int
) -> None:
    assert sign_in(owner).post(MEMBERS, body).status_code == status


def test_the_last_owner_stays(owner: Actor, sign_in: SignIn) -> None:
    client = sign_in(owner)
    assert client.delete(f"{MEMBERS}{owner.user_id}/").status_code == 409
    join(owner, "paul", Role.OWNER)
    assert client.delete(f"{MEMBERS}{owner.user_id}/").status_code == 204
