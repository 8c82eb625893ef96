"""The image of every stack: built from its Dockerfile, migrated and served as its compose file says."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from conftest import copy_into, run, tool
from generated import Project
from images import Images, images
from servers import DJANGO_PRODUCTION, call, fetch, free_port, make_database, mariadb, redis, serve

pytestmark = pytest.mark.generated

KEY = "image-" + "0123456789" * 5
ISSUER = "https://issuer.example.com"


class Image(NamedTuple):
    """A project whose image is built, and what production asks for to run it."""

    stack: str
    database: str
    python: str
    variables: dict[str, str]
    path: str
    root: str = "."


IMAGES = [
    Image("fastapi", "sqlite", "3.12", {"JWT_SECRET": KEY}, "/posts"),
    Image(
        "django",
        "postgresql",
        "3.12",
        {"SECRET_KEY": KEY, "JWT_SIGNING_KEY": KEY[::-1], "ALLOWED_HOSTS": "127.0.0.1", "HTTPS_ONLY": "false"},
        "/api/job-postings/",
    ),
    Image(
        "web-mobile",
        "postgresql",
        "3.13",
        {"AUTH_ISSUER": ISSUER, "AUTH_AUDIENCE": f"{ISSUER}/api", "AUTH_JWKS_URL": f"{ISSUER}/jwks"},
        "/openapi.json",
        "backend",
    ),
]


@pytest.fixture(scope="module")
def store() -> Iterator[Images]:
    with images() as store:
        yield store


@pytest.mark.deep
@pytest.mark.parametrize("image", IMAGES, ids=lambda image: image.stack)
def test_the_image_is_built_and_runs(template: Path, store: Images, server: str, tmp_path: Path, image: Image) -> None:
    folder = copy_into(template, tmp_path / "shop", stack=image.stack, database=image.database)
    run(tool("uv"), "lock", "--quiet", cwd=folder / image.root, check=True, **Project(folder, image.python).variables)
    store.add_python(image.python)
    container = store.build(folder / image.root, image.stack)
    port, database = free_port(), f"image_{image.stack}"
    urls = {"sqlite": f"sqlite:////data/{database}.db", "postgresql": f"{server}/{database}"}
    if image.database == "postgresql":
        run("createdb", "--maintenance-db", f"{server}/postgres", database, cwd=folder)
    variables = image.variables | {"ENVIRONMENT": "production", "DATABASE_URL": urls[image.database]}
    variables |= dict.fromkeys(("PORT", "UVICORN_PORT"), str(port))
    migrate = yaml.safe_load((folder / "compose.yaml").read_text("utf-8"))["services"]["migrate"]
    store.run(container, *migrate["command"], **variables)
    assert store.run(container, "id", "--user") == "10001"
    assert not {".env", ".git", "specs", "tests", "uv"} & set(
        store.run(container, "sh", "-c", "ls -A; which uv || true").split()
    )
    log = tmp_path / "server.log"
    with serve(*store.command(container, **variables), cwd=folder, port=port, log=log):
        for path in ("/health/live", "/health/ready", image.path):
            assert fetch(f"http://127.0.0.1:{port}{path}")[0] == 200, log.read_text("utf-8")


@pytest.mark.deep
def test_one_image_serves_the_contexts_and_runs_their_tasks(template: Path, store: Images, tmp_path: Path) -> None:
    folder = copy_into(template, tmp_path / "shop", stack="contexts")
    run(tool("uv"), "lock", "--quiet", cwd=folder, check=True, **Project(folder).variables)
    store.add_python("3.12")
    web = store.build(folder, "contexts")
    port = free_port()
    services = yaml.safe_load((folder / "compose.yaml").read_text("utf-8"))["services"]
    with mariadb() as database, redis() as broker, ExitStack() as processes:
        make_database(database, "image")
        variables = DJANGO_PRODUCTION | {"WORKER_CONCURRENCY": "1", "PORT": str(port)}
        variables |= {"DATABASE_URL": f"{database}/image", "REDIS_URL": f"{broker}/0"}
        store.run(web, *services["migrate"]["command"], **variables)
        serving = serve(*store.command(web, **variables), cwd=folder, port=port, log=tmp_path / "web.log")
        processes.enter_context(serving)
        for path in ("/health", "/ready"):
            assert fetch(f"http://127.0.0.1:{port}{path}")[0] == 200, (tmp_path / "web.log").read_text("utf-8")
        assert fetch(f"http://127.0.0.1:{port}/api/checks/")[0] == 401
        for name in ("worker", "beat"):
            container, log = store.container("contexts"), tmp_path / f"{name}.log"
            command = store.command(container, *services[name]["command"], **variables)
            # They have no port: Redis' own is there already.
            processes.enter_context(serve(*command, cwd=folder, port=int(broker.rpartition(":")[2]), log=log))
            healthy = store.command(container, "sh", "-c", services[name]["healthcheck"]["test"][1].replace("$$", "$"))
            for _ in range(60):
                if run(*healthy, cwd=folder, check=False).returncode == 0:
                    break
                time.sleep(1)
            else:
                pytest.fail(log.read_text("utf-8"))


@pytest.mark.deep
def test_the_image_of_the_frontend_is_built_and_runs(
    template: Path, store: Images, server: str, tmp_path: Path
) -> None:
    folder = copy_into(template, tmp_path / "shop", stack="web-mobile")
    run("npm", "install", "--package-lock-only", "--no-audit", "--no-fund", cwd=folder / "frontend")
    (folder / "frontend/.env").write_text("BETTER_AUTH_SECRET=of-a-laptop\n", "utf-8")
    store.add_node()
    container = store.build(folder, "frontend", "--file", "frontend/Dockerfile")
    run("createdb", "--maintenance-db", f"{server}/postgres", "accounts", cwd=folder)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    variables = {
        "BETTER_AUTH_SECRET": KEY,
        "BETTER_AUTH_URL": address,
        "AUTH_DATABASE_URL": f"{server}/accounts",
        "AUTH_AUDIENCE": f"{address}/api",
        "API_URL": "http://127.0.0.1:1",
        "EMAIL_URL": "console:",
        "EMAIL_FROM": "shop@example.com",
        "PORT": str(port),
    }
    assert store.run(container, "id", "--user") == "10001"
    assert not {".env", "specs", "src", "tests"} & set(store.run(container, "ls", "-A").split())
    # What a pod may not: its root is read-only.
    assert store.run(container, "sh", "-c", "find /app -writable") == ""
    log = tmp_path / "frontend.log"
    with serve(*store.command(container, **variables), cwd=folder, port=port, log=log):
        for path in ("/health/live", "/health/ready", "/sign-in"):
            status, text = fetch(f"{address}{path}")
            assert status == 200, log.read_text("utf-8")
        assert "Sign in" in text
        person = {"name": "Ada", "email": "ada@example.com", "password": "a long password"}
        status, _, headers = call("POST", f"{address}/api/auth/sign-up/email", person, Origin=address)
        assert status == 200, log.read_text("utf-8")
        (cookie,) = [value for name, value in headers.items() if name.lower() == "set-cookie"]
        status, answer, _ = call("GET", f"{address}/api/auth/token", Cookie=cookie.partition(";")[0])
        assert (status, answer["token"].count(".")) == (200, 2), "a session in PostgreSQL gives tokens"
        assert "rror" not in log.read_text("utf-8")
