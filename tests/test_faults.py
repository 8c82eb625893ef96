"""What an API does while Redis, the database or the issuer of keys is away, frozen or slow: under load, as in production."""

import base64
import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import run
from faults import Load, stored, wait_until
from generated import Project, install
from servers import DJANGO_PRODUCTION, Daemon, call, free_port, postgresql_daemon, redis_daemon, serve

pytestmark = [pytest.mark.generated, pytest.mark.deep]

FEATURE = {"feature_title": "Things", "module": "things", "entity": "Thing", "fields": "title:str(120)"}
SECRET = "server-" + "0123456789" * 5
FINE = {200, 201}


class Issuer:
    """Publishes the keys that tokens are signed with, or fails to in some way."""

    def __init__(self, keys: list[dict[str, str]]) -> None:
        self.content = json.dumps({"keys": keys}).encode()
        self.status = 200
        self.answering = threading.Event()
        self.answering.set()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/jwks"
        self.start()

    def start(self) -> None:
        """Answer from now on."""
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.answering.wait()
                self.send_response(issuer.status)
                self.end_headers()
                self.wfile.write(issuer.content)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer_with(self, status: int) -> None:
        """Choose the status of every answer."""
        self.status = status

    def stop(self) -> None:
        """Answer whoever waits, and go away."""
        self.answering.set()
        self.server.shutdown()
        self.server.server_close()


@dataclass(frozen=True)
class Api:
    """A stack with an API: how a project of it is made, and served as its Dockerfile does.

    Args:
        python: version of the interpreter.
        server: folder of the Python project.
        data: answers.
        path: of the list.
        live: address of the probe of liveness.
        ready: address of the probe of readiness.
        migrate: what brings the database up to date.
        start: what serves it.
    """

    python: str
    server: str
    data: dict[str, Any]
    path: str
    live: str
    ready: str
    migrate: list[str]
    start: list[str]


UVICORN = ["uvicorn", "--factory", "src.main:create_app", "--no-access-log", "--timeout-graceful-shutdown", "20"]
ALEMBIC = ["alembic", "upgrade", "head"]
DJANGO = ["python", "manage.py", "migrate", "--no-input"]
MOBILE = {"clients": ["ios"], "assistant": False}
APIS = {
    "fastapi": Api("3.12", ".", {}, "/things", "/health/live", "/health/ready", ALEMBIC, UVICORN),
    "web-mobile": Api("3.13", "api", MOBILE, "/api/things", "/health/live", "/health/ready", ALEMBIC, UVICORN),
    "django": Api("3.12", ".", {}, "/api/things/", "/health/live", "/health/ready", DJANGO, ["gunicorn"]),
    "contexts": Api("3.12", ".", {"database": "postgresql"}, "/api/things/", "/health", "/ready", DJANGO, ["gunicorn"]),
}


@dataclass
class Served:
    """An API that is served, and what it needs."""

    stack: str
    api: Api
    load: Load
    database: Daemon
    redis: Daemon
    issuer: Issuer
    url: str
    log: Path

    @contextmanager
    def away(self, what: str, begin: Callable[[], None], end: Callable[[], None]) -> Iterator[float]:
        """Take something away while the block runs, and hold what came of it against what has to come of it.

        In the meantime every request is answered: as ever, or by a problem that says when to come back. Afterwards all are
        answered as ever, by the same processes; what was acknowledged is there, and there once.
        """
        begun = time.monotonic()
        begin()
        try:
            yield begun
        finally:
            end()
        ended = time.monotonic()
        wait_until(lambda: self.load.probe(self.api.ready) == 200, "it is not ready again")
        wait_until(lambda: self.fine(ended), "not everything is answered again")
        during = [answer for answer in self.load.since(begun) if answer.begun < ended]
        after = self.load.since(ended)
        for answer in during + after:
            assert answer.status in FINE | {503}, answer
            assert answer.status != 503 or json.loads(answer.text)["status"] == 503, answer
        # In this order: the people go on working.
        acknowledged = list(self.load.acknowledged)
        rows = stored(self.url, "thing")
        lost = [title for title in acknowledged if title not in rows]
        doubled = [title for title, count in rows.items() if count > 1]
        failed = [sum(answer.status == 503 for answer in answers) for answers in (during, after)]
        slowest = max(answer.ended - answer.begun for answer in during)
        print(
            f"| {what} | {len(during)} | {failed[0]} | {slowest:.1f} s | {failed[1]} | {len(lost)} | {len(doubled)} |"
        )
        assert (lost, doubled) == ([], [])

    def fine(self, moment: float, count: int = 60) -> bool:
        """Tell whether as many requests as that, of those begun since then, were answered as ever in a row."""
        answers = self.load.since(moment)[-count:]
        return len(answers) == count and all(answer.status in FINE for answer in answers)

    def refused(self, moment: float, count: int) -> bool:
        """Tell whether as many requests as that, of those begun since then, were answered by 503."""
        return sum(answer.status == 503 for answer in self.load.since(moment)) >= count


def user_of(stack: str, project: Project, address: str, variables: dict[str, str]) -> str:
    """Find the token of a user."""
    if stack in ("fastapi", "web-mobile"):
        module = "src.auth" if stack == "fastapi" else "src.development"
        development = variables | {"ENVIRONMENT": "development", "AUTH_JWKS_URL": ""}
        return project.uv("python", "-m", module, "ada", check=True, **development).stdout.strip()
    who = {"username": "ada", "password": "a long enough password"}
    assert (
        call("POST", f"{address}/api/auth/register/", {**who, "team": "Ada's"} if stack == "contexts" else who)[0]
        == 201
    )
    token: str = call("POST", f"{address}/api/auth/login/", who)[1]["access"]
    return token


@contextmanager
def served(stack: str, project: Project, folder: Path) -> Iterator[Served]:
    """Serve a project in production's settings, and let people use it."""
    api, port = APIS[stack], free_port()
    with postgresql_daemon() as database, redis_daemon() as cache, ExitStack() as rest:
        run("createdb", "--maintenance-db", f"{database.url}/postgres", "shop", cwd=folder)
        url = f"{database.url}/shop"
        keys: list[dict[str, str]] = []
        if stack == "web-mobile":
            project.uv("python", "-m", "src.development", check=True, **project.variables)
            key = json.loads((project.folder / "api/development-key.json").read_text("utf-8"))
            keys = [{name: key[name] for name in ("kty", "crv", "x")} | {"kid": "development", "use": "sig"}]
        issuer = Issuer(keys)
        rest.callback(issuer.stop)
        variables = project.variables | DJANGO_PRODUCTION | {"DATABASE_URL": url, "REDIS_URL": f"{cache.url}/0"}
        variables |= {"PORT": str(port), "UVICORN_PORT": str(port), "METRICS_PORT": str(free_port())}
        variables |= {"JWT_SECRET": SECRET, "AUTH_ISSUER": "http://issuer", "AUTH_AUDIENCE": "http://shop"}
        variables |= {"AUTH_JWKS_URL": issuer.url}
        project.uv(*api.migrate, check=True, **variables)
        if stack in ("django", "contexts"):
            project.uv("python", "manage.py", "collectstatic", "--no-input", check=True, **variables)
        command, log = ["uv", "run", *api.start], folder / "server.log"
        rest.enter_context(serve(*command, cwd=project.folder / api.server, port=port, log=log, **variables))
        token = user_of(stack, project, f"http://127.0.0.1:{port}", variables)
        load = Load(port, api.path, token)
        rest.enter_context(load.applied())
        yield Served(stack, api, load, database, cache, issuer, url, log)


@pytest.fixture(scope="module", params=APIS)
def api(request: pytest.FixtureRequest, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Make a project of each stack, and serve it."""
    stack, folder = request.param, tmp_path_factory.mktemp(request.param)
    made = APIS[stack]
    project = install(template, folder / "shop", made.python, made.server, stack=stack, **FEATURE, **made.data)
    with served(stack, project, folder) as running:
        wait_until(lambda: running.fine(0), "it does not begin")
        yield running


@pytest.mark.parametrize("api", ["django", "contexts"], indirect=True)
def test_without_redis_everything_is_answered(api: Served) -> None:
    redis = api.redis
    for what, begin, end in (
        ("Redis away", redis.kill, redis.start),
        ("Redis frozen", redis.freeze, redis.thaw),
        ("Redis restarted", redis.kill, redis.start),
    ):
        with api.away(f"{api.stack} | {what}", begin, end) as begun:
            if "restarted" not in what:
                wait_until(partial(api.fine, begun, 200), "not everything is answered")
                assert (api.load.probe(api.api.live), api.load.probe(api.api.ready)) == (200, 200)
        assert not api.refused(begun, 1)


@pytest.mark.parametrize("what", ["away", "frozen"])
def test_without_the_database_it_says_so_in_time(api: Served, what: str) -> None:
    database = api.database
    begin, end = {"away": (database.kill, database.start), "frozen": (database.freeze, database.thaw)}[what]
    with api.away(f"{api.stack} | PostgreSQL {what}", begin, end) as begun:
        wait_until(lambda: api.refused(begun, 10), "nobody is told")
        assert (api.load.probe(api.api.live), api.load.probe(api.api.ready)) == (200, 503)


def test_a_database_that_restarts_is_found_again(api: Served) -> None:
    for _ in range(3):
        with api.away(f"{api.stack} | PostgreSQL restarted", api.database.kill, api.database.start):
            pass


@pytest.mark.parametrize("what", ["slow", "broken", "away"])
@pytest.mark.parametrize("api", ["web-mobile"], indirect=True)
def test_an_issuer_that_fails_is_needed_by_new_keys_only(api: Served, what: str) -> None:
    issuer = api.issuer
    begin, end = {
        "slow": (issuer.answering.clear, issuer.answering.set),
        "broken": (lambda: issuer.answer_with(500), lambda: issuer.answer_with(200)),
        "away": (issuer.stop, issuer.start),
    }[what]
    header, _, rest = api.load.token.partition(".")
    named = json.loads(base64.urlsafe_b64decode(header + "==")) | {"kid": f"new-{what}"}
    unknown = base64.urlsafe_b64encode(json.dumps(named).encode()).decode().rstrip("=") + "." + rest
    answers: list[int] = []

    def knock() -> None:
        answers.append(api.load.ask("stranger", api.api.path, token=unknown)[0])

    with api.away(f"{api.stack} | issuer {what}", begin, end) as begun:
        strangers = [threading.Thread(target=knock) for _ in range(20)]
        for stranger in strangers:
            stranger.start()
        wait_until(lambda: api.fine(begun, 100), "those whose key is known wait too")
        for stranger in strangers:
            stranger.join()
    assert set(answers) <= {401, 503}
    assert not api.refused(begun, 1)
