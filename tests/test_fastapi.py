"""The FastAPI stack, as a team uses it: installed, linted, tested, run and broken."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from attacks import withstands
from conftest import Render, copy_into, first, run, status
from generated import (
    EVERYTHING,
    LONG,
    Break,
    Fault,
    Project,
    breaks,
    change,
    check_files,
    faults,
    grow,
    install,
    keep_rows,
    rows_of,
)
from names import add_random_and_everyday
from servers import fetch, free_port, serve
from stacks import SECTIONS

pytestmark = pytest.mark.generated

ANSWERS: dict[str, dict[str, Any]] = {
    "short names": {"project_name": "s", "module": "a", "entity": "A", "fields": "b:int", "database": "sqlite"},
    "long names": {"module": "abcdefghijklmnopqrstuvwxyz_2", "entity": "Abcdefghijklmnopqrstuvwxyzab", "fields": LONG},
    "nothing to filter or sort": {"module": "news", "entity": "News", "fields": "b:text\nc:json"},
    "everything": {"module": "everything", "entity": "Thing", "fields": EVERYTHING, "python_version": "3.13"},
    "no code": {"slice": False},
    "every section": {"plan_sections": SECTIONS},
}


@pytest.fixture(scope="session")
def shop(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    return install(template, tmp_path_factory.mktemp("fastapi") / "shop", plan_sections=["governance"])


@pytest.fixture(scope="session")
def grown(shop: Project, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    return grow(shop, template, tmp_path_factory.mktemp("grown") / "shop")


def test_setup_leaves_nothing_to_commit_but_the_lock_file(shop: Project) -> None:
    assert status(shop.folder) == ["?? uv.lock"]


@pytest.mark.deep
def test_the_defaults_pass(shop: Project) -> None:
    shop.make("lint")
    assert shop.passed(shop.make("test")) > 100


def test_three_features_pass_everything(grown: Project) -> None:
    # Among the gates are all that `make lint` does.
    assert "17 passed, 0 failed, 1 for a person" in grown.gates()
    assert grown.passed(grown.make("test")) > 300


def test_three_features_pass_on_postgresql(grown: Project, server: str) -> None:
    assert grown.test(DATABASE_URL=f"{server}/shop") > 300


def test_the_migrations_of_three_features_are_one_line(grown: Project) -> None:
    assert grown.migrations() == [
        ("002_2_add_note_and_more", "003_1_rename_item_and_more"),
        ("002_1_alter_title_and_more", "002_2_add_note_and_more"),
        ("003_orders", "002_1_alter_title_and_more"),
        ("002_everything_there_is", "003_orders"),
        ("001_comments", "002_everything_there_is"),
        ("001_posts", "001_comments"),
        ("<base>", "001_posts"),
    ]


CHANGES = [
    "+ subtitle:str(80)?\n+ pages:int(1,900) <- 3\ntitle -> headline\n~ slug:str(120) unique",
    "~ pages:bigint(1,9000)\n~ status:enum(draft,review,published,archived) index=draft\n- published_at\n"
    "+ [Chapter]\npost:ref(Post) cascade\nname:str(60) show",
]


def test_a_project_at_work_changes_and_goes_back(shop: Project, tmp_path: Path) -> None:
    project = shop.copy(tmp_path / "shop")
    file = tmp_path / "work.db"
    project.variables["DATABASE_URL"] = f"sqlite:///{file}"
    back = partial(project.uv, "alembic", "downgrade", "001_comments")
    keep_rows(project, file, CHANGES, partial(project.make, "migrate"), back)
    project.uv("alembic", "check")
    # Rows that do not fit stop a migration in one sentence, before anything changes.
    change(project.folder, "001", "~ headline:str(2)")
    before = rows_of(file)
    told = project.make("migrate", check=False)
    assert "posts have a headline of more than 2 characters: change that first, then migrate again" in told
    assert "Traceback" not in told
    assert rows_of(file) == before


@pytest.mark.deep
@pytest.mark.parametrize("name", [name for name in ANSWERS if "python_version" not in ANSWERS[name]])
def test_rendered_code_is_formatted_typed_and_clean(shop: Project, template: Path, tmp_path: Path, name: str) -> None:
    shop.like(copy_into(template, tmp_path / "shop", **ANSWERS[name])).check("lint-imports")


@pytest.mark.deep
@pytest.mark.parametrize("nouns", ["sample", "more"])
def test_random_features_and_everyday_names_pass_everything(
    shop: Project, plain: Path, tmp_path: Path, nouns: str
) -> None:
    project = shop.like(add_random_and_everyday(plain, tmp_path / "shop", "fastapi", nouns))
    project.check("lint-imports")
    assert project.test() > 500
    project.make("plan-check")


@pytest.mark.deep
def test_a_newer_python_passes_everything(template: Path, tmp_path: Path) -> None:
    project = Project(copy_into(template, tmp_path / "shop", **ANSWERS["everything"]), "3.13")
    project.make("setup", "lint")
    project.passed(project.make("test"))


@pytest.mark.parametrize("name", first(["no code", "long names", "nothing to filter or sort"]))
def test_unusual_answers_pass_their_tests(shop: Project, template: Path, tmp_path: Path, name: str) -> None:
    project = shop.like(copy_into(template, tmp_path / "shop", **ANSWERS[name]))
    project.passed(project.make("test")) if name == "no code" else project.test()


# Run ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def running(grown: Project, server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the three features with `make run`, on PostgreSQL."""
    run("createdb", "--maintenance-db", f"{server}/postgres", "fastapi", cwd=grown.folder)
    port = free_port()
    log = tmp_path_factory.mktemp("running") / "server.log"
    variables = grown.variables | {"DATABASE_URL": f"{server}/fastapi", "PORT": str(port)}
    with serve("make", "run", cwd=grown.folder, port=port, log=log, **variables):
        yield f"http://127.0.0.1:{port}"


def test_no_attack_succeeds(running: str, grown: Project) -> None:
    tokens = [grown.uv("python", "-m", "src.auth", name).stdout.strip() for name in ("mallory", "trent")]
    post = {"title": "Attacked", "slug": "attacked", "body": "Still here."}
    withstands(running, "/posts", post, *tokens, public=True)


def test_make_run_serves_every_feature(running: str) -> None:
    assert fetch(f"{running}/health/live") == (200, '{"status":"alive"}')
    assert fetch(f"{running}/health/ready") == (200, '{"status":"ready"}')
    code, body = fetch(f"{running}/posts")
    assert (code, "total" in json.loads(body)) == (200, True)
    # Some of its fields are personal, so it is its owner's alone, and so is what refers to it.
    for path in ("things", "orders", "order-lines"):
        assert fetch(f"{running}/{path}")[0] == 401, path
    contract = json.loads(fetch(f"{running}/openapi.json")[1])
    assert set(contract["paths"]) == {
        "/posts", "/posts/{post_id}", "/things", "/things/{thing_id}", "/orders", "/orders/{order_id}",
        "/order-lines", "/order-lines/{order_line_id}", "/comments", "/comments/{comment_id}",
        "/posts/{post_id}/comments", "/things/{thing_id}/orders", "/orders/{order_id}/order-lines",
    }  # fmt: skip
    assert "swagger" in fetch(f"{running}/docs")[1]


def test_the_quickstart_works_as_written(running: str, grown: Project) -> None:
    output = grown.quickstart(running)
    assert '"title":"First title"' in output
    assert re.search(r'"items":\[\{[^]]*"title":"First title"', output)
    assert '"title":"Second title"' in output
    assert json.loads(fetch(f"{running}/posts")[1])["items"] == []


def test_schemathesis_finds_no_failure(running: str, grown: Project) -> None:
    output = grown.make("fuzz", f"ADDRESS={running}")
    assert re.search(r"(\d{3,}) generated, \1 passed", output), output


def test_the_server_logs_json_and_stops_when_it_is_told(shop: Project, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "server.log"
    uvicorn = str(shop.folder / ".venv/bin/uvicorn")
    command = [uvicorn, "--factory", "src.main:create_app", "--no-access-log", "--port", str(port)]
    variables = shop.variables | {"DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    with serve(*command, cwd=shop.folder, port=port, log=log, **variables) as process:
        fetch(f"http://127.0.0.1:{port}/health/live?mail=ada@example.com")
        os.killpg(process.pid, 15)
        # uvicorn ends by the signal itself, once every connection is closed.
        assert process.wait(20) in (0, -15)
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{")]
    assert [line["route"] for line in lines if line["event"] == "request"] == ["/health/live"]
    assert "ada@example.com" not in log.read_text("utf-8")
    assert "Application shutdown complete." in [line["event"] for line in lines]


# Break ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@breaks(
    ("domain-structure", "src/posts/utils.py", None, None, "src/posts/utils.py is missing"),
    ("async-first", "src/posts/router.py", "async def list_posts", "def list_posts", "route list_posts is not async"),
    ("async-first", "src/posts/service.py", "    await _commit(session)\n    return post", "    open('x')\n    return post", "open blocks the event loop"),
    ("pydantic-models", "src/posts/router.py", '    summary="Create a post",\n', "", "create_post does not declare summary"),
    ("pydantic-models", "src/posts/router.py", "response_model=PostPage", "response_model=dict", "answers with"),
    ("dependency-injection", "src/posts/router.py", "part = await", "get_settings()\n    part = await", "calls get_settings"),
    ("testing", "tests/posts/test_service.py", None, None, "tests/posts/test_service.py is missing"),
    ("code-quality", "src/posts/utils.py", "from typing import Any\n", "from typing import Any, cast\n", "F401"),
    ("code-quality", "src/posts/utils.py", "-> list[ColumnElement[bool]]", "-> dict[str, ColumnElement[bool]]", "Incompatible return value"),
    ("code-quality", ".pre-commit-config.yaml", "id: ruff-check", "id: other", "test_hooks_run_before_a_commit"),
    ("database-conventions", "src/posts/models.py", '__tablename__ = "post"', '__tablename__ = "posts"', "the table of Post is called posts"),
    ("database-conventions", "src/posts/models.py", "sa.Text())", "sa.Text())\n    seen: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())", "does not end in _at"),
    ("database-conventions", "migrations/versions", 'op.drop_table("post")', "pass", "downgrade does nothing"),
    ("database-conventions", "migrations/versions", "sa.String(80)", "sa.String(81)", "test_models_and_tables_agree"),
    ("restful-design", "src/posts/constants.py", 'PREFIX = "/posts"', 'PREFIX = "/getPosts"', "is not a plain noun"),
    ("restful-design", "src/posts/router.py", "HTTP_201_CREATED", "HTTP_200_OK", "answers 200, 201, not 201"),
    ("external-services", "src/posts/router.py", "from typing", "import httpx\nfrom typing", "imports httpx"),
    ("api-contract", "specs/001-posts/contracts/openapi.yaml", None, None, "there is code, and no contract"),
    ("sequence-diagram", "specs/001-posts/plan.md", "sequenceDiagram", "flowchart", "no sequence diagram with a message"),
    ("sequence-diagram", "specs/001-posts/plan.md", "Auth as src/auth.py", "Auth as src/tokens.py", "src/tokens.py takes part in the diagram and does not exist"),
    ("data-model", "specs/001-posts/data-model.md", "erDiagram", "graph", "no data-model.md with a diagram"),
    ("migrations", "migrations/versions", 'op.drop_table("post")', "pass", "test_every_migration_can_be_taken_back"),
    ("security", "src/auth.py", '"require": ["exp", "sub"]', '"require": ["sub"]', "test_auth.py"),
    ("observability", "src/observability.py", "request_id=request_id", "other=request_id", "test_the_request_id_goes"),
    ("pii-handling", "src/observability.py", "MASK if key in personal else masked", "masked", "test_personal_data_is_masked"),
    ("external-services", "src/posts/config.py", "settings = ", "API_KEY = 'abc'\nsettings = ", "API_KEY holds a secret"),
)  # fmt: skip
def test_a_gate_fails_when_its_rule_is_broken(shop: Project, tmp_path: Path, row: Break) -> None:
    shop.broken(tmp_path / "shop", row).fails(row.gate, row.message)


def test_a_domain_that_imports_another_is_named(shop: Project, tmp_path: Path) -> None:
    summary = '"""What the domain does.'
    imported = f"from src.birds import models as birds\n{summary}"
    message = "src.posts.service -> src.birds.models"
    row = Break("domain-structure", "src/posts/service.py", summary, imported, message)
    project = shop.broken(tmp_path / "shop", row)
    shutil.copytree(project.folder / "src/posts", project.folder / "src/birds")
    project.fails(row.gate, row.message)


def test_a_gate_that_does_not_exist_is_named(shop: Project) -> None:
    result = shop.uv("python", "-m", "tests.gates", "beauty", check=False)
    assert result.returncode == 2
    assert "no gate beauty" in result.stderr


def test_plan_check_holds_the_contract_against_the_application(shop: Project, tmp_path: Path) -> None:
    shop.copy(tmp_path / "shop").misses_its_contract("summary: List")


@faults(
    ("specs/001-posts/contracts/openapi.yaml", "maxLength: 200", "maxLength: 201", "tests/contract"),
    ("src/posts/schemas.py", "max_length=200", "max_length=199", "tests/contract"),
    ("src/posts/service.py", "await session.delete(post)", "pass", "tests/posts"),
    ("src/posts/dependencies.py", "post.owner_id != user.id", "False", "tests/posts"),
    ("src/posts/utils.py", "Post.status, eq", "Post.title, eq", "tests/posts"),
    ("src/preconditions.py", "not any(names(if_match, etag) for etag in etags)", "False", "tests/posts"),
    ("src/exceptions.py", 'headers["Allow"] = ', 'headers["Allowed"] = ', "tests/test_exceptions.py"),
    ("src/auth.py", '"require": ["exp", "sub"]', '"require": ["sub"]', "tests/test_auth.py"),
    ("src/database.py", "value.astimezone(dt.UTC)", "value", "tests/test_models.py"),
    ("src/models.py", "_deeper(value, MAX_DEPTH)", "False", "tests/test_models.py"),
    ("src/main.py", "https_only=settings.https_only", "https_only=True", "tests/test_main.py"),
    ("src/main.py", "BodyLimit, size=settings.max_body_size", "BodyLimit, size=10**9", "tests/test_main.py"),
)
def test_the_tests_of_the_project_fail_when_its_code_is_broken(shop: Project, tmp_path: Path, row: Fault) -> None:
    shop.broken(tmp_path / "shop", row).tests_fail(row.tests)


# Around the code ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("database", first(["postgresql", "sqlite"]))
def test_the_files_of_other_tools_are_valid(template: Path, tmp_path: Path, database: str) -> None:
    folder = copy_into(template, tmp_path / "shop", database=database)
    check_files(folder)
    hooks = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text("utf-8"))
    assert [repository["repo"] for repository in hooks["repos"]] == ["local"]


def test_every_variable_of_the_compose_file_is_one_that_the_settings_read(rendered: Render) -> None:
    folder = rendered()
    compose = yaml.safe_load((folder / "compose.yaml").read_text("utf-8"))
    example = (folder / ".env.example").read_text("utf-8")
    assert not [name for name in compose["services"]["app"]["environment"] if f"{name}=" not in example]
