"""Which tokens are trusted."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from jwt.algorithms import OKPAlgorithm

from src.auth import CurrentUser, User, make_token
from src.config import Settings, get_settings
from src.exceptions import install
from src.signing_keys import key_set

from .conftest import SECRET

NOW = dt.datetime.now(dt.UTC)
CLAIMS: dict[str, Any] = {"sub": "ada", "exp": NOW + dt.timedelta(minutes=5)}
KEY = Ed25519PrivateKey.generate()


@pytest.fixture
def settings() -> Settings:
    return get_settings().model_copy()


@pytest.fixture
async def caller(settings: Settings) -> AsyncClient:
    """Call an application whose only route tells who is asking."""
    app = FastAPI()
    install(app)

    @app.get("/me")
    async def me(user: CurrentUser) -> User:
        return user

    app.dependency_overrides[get_settings] = lambda: settings
    return AsyncClient(transport=ASGITransport(app), base_url="http://test")


@pytest.fixture
def issuer() -> Iterator[str]:
    """Serve one signing key, as an issuer does."""

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            key = json.loads(OKPAlgorithm.to_jwk(KEY.public_key())) | {"kid": "one", "use": "sig"}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"keys": [key]}).encode())

        def log_message(self, *_arguments: Any) -> None:
            """Keep the test's output clean."""

    server = HTTPServer(("127.0.0.1", 0), Keys)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/keys"
    server.shutdown()
    thread.join()
    server.server_close()
    key_set.cache_clear()


async def ask(caller: AsyncClient, token: str) -> int:
    response = await caller.get("/me", headers={"Authorization": f"Bearer {token}"})
    return response.status_code


async def test_a_good_token_names_its_user(caller: AsyncClient) -> None:
    token = jwt.encode(CLAIMS, SECRET)
    response = await caller.get("/me", headers={"Authorization": f"Bearer {token}"})
    assert response.json() == {"id": "ada"}


@pytest.mark.parametrize(
    ("claims", "key"),
    [
        pytest.param(CLAIMS, SECRET[::-1], id="other secret"),
        pytest.param(CLAIMS | {"exp": NOW - dt.timedelta(minutes=5)}, SECRET, id="expired"),
        pytest.param({"sub": "ada"}, SECRET, id="never expires"),
        pytest.param({"exp": CLAIMS["exp"]}, SECRET, id="nobody"),
        pytest.param(CLAIMS | {"sub": ""}, SECRET, id="empty name"),
        pytest.param(CLAIMS | {"sub": "a" * 256}, SECRET, id="endless name"),
    ],
)
async def test_a_bad_token_is_refused(
    caller: AsyncClient, claims: dict[str, Any], key: str
) -> None:
    assert await ask(caller, jwt.encode(claims, key)) == 401


async def test_no_token_is_refused_and_says_what_is_needed(caller: AsyncClient) -> None:
    response = await caller.get("/me")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_an_unsigned_token_is_refused(caller: AsyncClient) -> None:
    assert await ask(caller, jwt.encode(CLAIMS, "", algorithm="none")) == 401


async def test_audience_and_issuer_are_checked_when_set(
    caller: AsyncClient, settings: Settings
) -> None:
    settings.jwt_audience, settings.jwt_issuer = "shop", "https://issuer.example.com"
    good = CLAIMS | {"aud": "shop", "iss": "https://issuer.example.com"}
    assert await ask(caller, jwt.encode(good, SECRET)) == 200
    assert await ask(caller, jwt.encode(good | {"aud": "bank"}, SECRET)) == 401
    assert await ask(caller, jwt.encode(good | {"iss": "https://other.example.com"}, SECRET)) == 401


async def test_keys_of_an_issuer_are_used(
    caller: AsyncClient, settings: Settings, issuer: str
) -> None:
    settings.jwt_jwks_url = issuer
    known, unknown = {"kid": "one"}, {"kid": "two"}
    other = Ed25519PrivateKey.generate()
    assert await ask(caller, jwt.encode(CLAIMS, KEY, "EdDSA", headers=known)) == 200
    assert await ask(caller, jwt.encode(CLAIMS, other, "EdDSA", headers=known)) == 401
    assert await ask(caller, jwt.encode(CLAIMS, SECRET, headers=known)) == 401
    assert await ask(caller, jwt.encode(CLAIMS, KEY, "EdDSA", headers=unknown)) == 401


async def test_an_issuer_that_is_down_is_no_fault_of_the_client(
    caller: AsyncClient, settings: Settings
) -> None:
    settings.jwt_jwks_url = "http://127.0.0.1:9/keys"
    assert await ask(caller, jwt.encode(CLAIMS, KEY, "EdDSA", headers={"kid": "one"})) == 503


def test_no_token_is_made_in_production(settings: Settings) -> None:
    settings.environment = "production"
    with pytest.raises(SystemExit, match="development only"):
        make_token("ada", settings)
