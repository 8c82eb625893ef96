"""The API of users: registration, sign-in, tokens, and the members of a team."""

import pytest
from rest_framework.test import APIClient

from core.kernel.actors import Actor, Role

from .. import explain
from ..conftest import SignIn, join

PASSWORD = "a long enough password"
MEMBERS = "/api/team/members/"
INVITATIONS = "/api/team/invitations/"


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


def come_in(api: APIClient, owner: APIClient, role: str = "member") -> str:
    """Let Ada be invited by an owner, and accept; return the id of the team."""
    assert owner.post(INVITATIONS, {"username": "ada", "role": role}).status_code == 201
    headers = bearer(login(api))
    (offer,) = api.get("/api/auth/invitations/", headers=headers).json()["items"]
    body = {"team_id": offer["team_id"]}
    assert api.post("/api/auth/invitations/", body, headers=headers).json() == offer
    team_id: str = offer["team_id"]
    return team_id


def test_who_is_in_two_teams_signs_in_to_one(
    ada: dict[str, str], owner: Actor, sign_in: SignIn, api: APIClient
) -> None:
    team_id = come_in(api, sign_in(owner), "viewer")
    own, other = login(api), login(api, team=team_id)
    assert len(api.get(MEMBERS, headers=bearer(own)).json()["items"]) == 1
    assert len(api.get(MEMBERS, headers=bearer(other)).json()["items"]) == 2
    mine = api.get("/api/auth/teams/", headers=bearer(other)).json()["items"]
    assert [(team["team"], team["role"]) for team in mine] == [
        ("Engines", "owner"),
        ("Team of olivia", "viewer"),
    ]
    body = {"username": "olivia", "password": PASSWORD, "team": ada["team_id"]}
    assert api.post("/api/auth/login/", body).status_code == 400


@pytest.mark.parametrize("path", [MEMBERS, "/api/auth/teams/"])
def test_members_and_teams_come_in_pages(
    ada: dict[str, str], owner: Actor, sign_in: SignIn, api: APIClient, path: str
) -> None:
    headers = bearer(login(api, team=come_in(api, sign_in(owner))))
    query = {"limit": "1", "total": "true"}
    with explain.unserved() as unserved:
        first = api.get(path, query, headers=headers).json()
        cursor = first["next"]
        second = api.get(path, {**query, "cursor": cursor}, headers=headers).json()
        back = {**query, "cursor": second["previous"]}
        assert api.get(path, back, headers=headers).json() == first
    assert unserved == []
    assert first["items"] != second["items"]
    assert (first["previous"], first["total"]) == (None, 2)
    assert (second["next"], len(second["items"])) == (None, 1)
    elsewhere = api.get(INVITATIONS, {"cursor": cursor}, headers=bearer(login(api)))
    assert [error["field"] for error in elsewhere.json()["errors"]] == ["cursor"]


def test_nobody_is_let_in_who_does_not_want_to(
    ada: dict[str, str], owner: Actor, sign_in: SignIn, api: APIClient
) -> None:
    client, headers = sign_in(owner), bearer(login(api))
    assert client.post(INVITATIONS, {"username": "ada", "role": "owner"}).status_code == 201
    assert len(client.get(MEMBERS).json()["items"]) == 1
    assert [item["username"] for item in client.get(INVITATIONS).json()["items"]] == ["ada"]
    body = {"username": "ada", "password": PASSWORD, "team": str(owner.team_id)}
    assert api.post("/api/auth/login/", body).status_code == 400
    place = f"/api/auth/invitations/{owner.team_id}/"
    assert api.delete(place, headers=headers).status_code == 204
    body = {"team_id": str(owner.team_id)}
    assert api.post("/api/auth/invitations/", body, headers=headers).status_code == 404
    assert client.delete(f"{INVITATIONS}{ada['id']}/").status_code == 404


def test_a_token_is_worth_nothing_when_its_user_has_left(
    ada: dict[str, str], owner: Actor, sign_in: SignIn, api: APIClient
) -> None:
    for client in (sign_in(owner), None):
        tokens = login(api, team=come_in(api, sign_in(owner)))
        place = f"{MEMBERS}{ada['id']}/"
        # Once the owner sends her away, once she goes.
        left = client.delete(place) if client else api.delete(place, headers=bearer(tokens))
        assert left.status_code == 204
        assert api.get(MEMBERS, headers=bearer(tokens)).status_code == 401
    assert login(api)


def test_a_role_that_is_changed_counts_at_once(
    ada: dict[str, str], owner: Actor, sign_in: SignIn, api: APIClient
) -> None:
    headers = bearer(login(api, team=come_in(api, sign_in(owner), "viewer")))
    assert api.get(INVITATIONS, headers=headers).status_code == 403
    place = f"{MEMBERS}{ada['id']}/"
    assert sign_in(owner).put(place, {"role": "owner"}).json() == {"role": "owner"}
    assert api.get(INVITATIONS, headers=headers).status_code == 200


def test_who_is_in_no_team_can_found_one(ada: dict[str, str], api: APIClient) -> None:
    assert api.delete("/api/team/", headers=bearer(login(api))).status_code == 204
    headers = bearer(login(api))
    assert api.get(MEMBERS, headers=headers).status_code == 401
    assert len(api.get("/api/auth/teams/", headers=headers).json()["items"]) == 0
    made = api.post("/api/auth/teams/", {"team": "Looms"}, headers=headers)
    assert (made.status_code, made.json()["role"]) == (201, "owner")
    tokens = login(api, team=made.json()["team_id"])
    assert len(api.get(MEMBERS, headers=bearer(tokens)).json()["items"]) == 1


MATRIX = {
    "owner": {
        "list": 200,
        "invited": 200,
        "invite": 201,
        "change": 200,
        "dismiss": 204,
        "end": 204,
    },
    "member": {
        "list": 200,
        "invited": 403,
        "invite": 403,
        "change": 403,
        "dismiss": 403,
        "end": 403,
    },
    "viewer": {
        "list": 200,
        "invited": 403,
        "invite": 403,
        "change": 403,
        "dismiss": 403,
        "end": 403,
    },
    "stranger": {
        "list": 200,
        "invited": 200,
        "invite": 201,
        "change": 404,
        "dismiss": 404,
        "end": 204,
    },
}
"""Status that somebody gets for the team and its members; a stranger asks for a team of their own."""


@pytest.mark.parametrize(
    ("who", "what", "status"),
    [(who, what, status) for who, row in MATRIX.items() for what, status in row.items()],
)
def test_role_decides_who_may_do_what(
    request: pytest.FixtureRequest,
    sign_in: SignIn,
    ada: dict[str, str],
    colleague: Actor,
    who: str,
    what: str,
    status: int,
) -> None:
    client, place = sign_in(request.getfixturevalue(who)), f"{MEMBERS}{colleague.user_id}/"
    calls = {
        "list": lambda: client.get(MEMBERS),
        "invited": lambda: client.get(INVITATIONS),
        "invite": lambda: client.post(INVITATIONS, {"username": "ada", "role": "member"}),
        "change": lambda: client.put(place, {"role": "viewer"}),
        "dismiss": lambda: client.delete(place),
        "end": lambda: client.delete("/api/team/"),
    }
    response = calls[what]()
    assert response.status_code == status, response.content


@pytest.mark.parametrize("path", [MEMBERS, INVITATIONS, "/api/auth/teams/", "/api/team/"])
def test_there_are_no_options(owner: Actor, sign_in: SignIn, path: str) -> None:
    client = sign_in(owner)
    assert client.options(path).status_code == 405
    assert client.options(f"{MEMBERS}{owner.user_id}/").status_code == 405


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "nobody", "role": "member"}, 400),
        ({"username": "olivia", "role": "member"}, 409),
        ({"username": "ada", "role": "king"}, 400),
        ({"username": "ada"}, 400),
    ],
)
def test_a_member_that_cannot_be_invited_is_refused(
    ada: dict[str, str], owner: Actor, sign_in: SignIn, body: dict[str, str], status: int
) -> None:
    assert sign_in(owner).post(INVITATIONS, body).status_code == status


def test_the_last_owner_stays(owner: Actor, sign_in: SignIn) -> None:
    client, place = sign_in(owner), f"{MEMBERS}{owner.user_id}/"
    assert client.delete(place).status_code == 409
    assert client.put(place, {"role": "member"}).status_code == 409
    join(owner, "paul", Role.OWNER)
    assert client.delete(place).status_code == 204


def test_the_last_owner_of_a_team_cannot_delete_the_account(
    ada: dict[str, str], owner: Actor, api: APIClient
) -> None:
    tokens = login(api, "olivia")
    join(owner, "mike", Role.MEMBER)
    leave = {"password": PASSWORD}
    response = api.post("/api/auth/me/delete/", leave, headers=bearer(tokens))
    assert response.status_code == 409
    assert "last owner" in response.json()["detail"]
    assert api.post("/api/auth/me/delete/", leave, headers=bearer(login(api))).status_code == 204
    assert api.post("/api/auth/login/", {"username": "ada", **leave}).status_code == 401
