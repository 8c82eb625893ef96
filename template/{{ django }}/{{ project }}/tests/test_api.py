"""What every collection shares: the root, the documentation, problem details, CORS, throttling."""

import json
from pathlib import Path

import pytest
import yaml
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient
from rest_framework.throttling import ScopedRateThrottle

CONTRACTS = Path(__file__).parents[1].glob("specs/*/contracts/openapi.yaml")
PROBLEM = "application/problem+json"


def collections() -> list[str]:
    paths = [
        name for file in CONTRACTS for name in yaml.safe_load(file.read_text("utf-8"))["paths"]
    ]
    return sorted(name for name in paths if "{" not in name)


def test_root_lists_the_collections(api: APIClient) -> None:
    answer = api.get("/api/").json()
    assert sorted(url.removeprefix("http://testserver") for url in answer.values()) == collections()


def test_documentation_needs_no_other_server(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    assert "swagger-ui" in page
    assert "https://" not in page
    assert client.get("/api/schema/").headers["Content-Type"].startswith("application/vnd.oai")


def test_unknown_address_is_a_problem(client: Client) -> None:
    response = client.get("/api/nothing/")
    assert (response.status_code, response.headers["Content-Type"]) == (404, PROBLEM)
    assert response.json()["detail"] == "There is nothing at this address."
    assert client.get("/nothing/").headers["Content-Type"].startswith("text/html")


def test_foreign_host_is_refused(client: Client) -> None:
    response = client.get("/api/", headers={"Host": "elsewhere.example.com"})
    assert (response.status_code, response.headers["Content-Type"]) == (400, PROBLEM)
    other = client.get("/admin/", headers={"Host": "elsewhere.example.com"})
    assert other.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"username": NaN}', 400),
        (b"[" * 100_000, 400),
        (b"[]", 400),
        (b'"' + b"a" * 3_000_000 + b'"', 413),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem(
    db: None, api: APIClient, body: bytes, status: int
) -> None:
    response = api.generic("POST", "/api/auth/register/", body, "application/json")  # type: ignore[arg-type]
    assert (response.status_code, response.headers["Content-Type"]) == (status, PROBLEM)
    assert set(json.loads(response.content)) == {"type", "title", "status", "detail", "errors"}


def test_other_media_types_are_refused(db: None, api: APIClient) -> None:
    response = api.generic("POST", "/api/auth/register/", "a=1", "text/plain")
    assert response.status_code == 415


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [("https://shop.example.com", "https://shop.example.com"), ("https://evil.example.com", None)],
)
def test_only_named_origins_may_read(client: Client, origin: str, allowed: str | None) -> None:
    response = client.get("/api/", headers={"Origin": origin})
    assert response.headers.get("Access-Control-Allow-Origin") == allowed


def test_too_many_attempts_are_refused(
    db: None, api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"auth": "2/min"})
    answers = [api.post("/api/auth/login/", {"username": "a", "password": "b"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert int(answers[2].headers["Retry-After"]) <= 60
