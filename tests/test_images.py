"""The image of every stack: built from its Dockerfile, migrated and served as its compose file says."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from conftest import copy_into, run, tool
from generated import Project
from images import Images, images
from servers import fetch, free_port, serve

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
        for version in sorted({image.python for image in IMAGES}):
            store.add_python(version)
        yield store


@pytest.mark.parametrize("image", IMAGES, ids=lambda image: image.stack)
def test_the_image_is_built_and_runs(template: Path, store: Images, server: str, tmp_path: Path, image: Image) -> None:
    folder = copy_into(template, tmp_path / "shop", stack=image.stack, database=image.database)
    run(tool("uv"), "lock", "--quiet", cwd=folder / image.root, check=True, **Project(folder, image.python).variables)
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
