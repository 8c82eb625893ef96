"""The server of the web and mobile stack, as a team uses it: installed, linted, tested, run, and broken; and its mobile clients."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import copier
import pytest
import yaml
from attacks import Case, Target, claims_of, forged, withstands
from conftest import Render, answers, commit_all, copy_into, first, git, make_template, replace, run, status
from generated import (
    EVERYTHING,
    LONG,
    Break,
    Fault,
    Project,
    breaks,
    check_files,
    check_manifests,
    faults,
    grow,
    install,
)
from names import add_random_and_everyday
from servers import fetch, free_port, serve
from stacks import SECTIONS

pytestmark = pytest.mark.generated

STACK: dict[str, Any] = {"stack": "web-mobile", "plan_sections": ["governance"]}
# A project without pages installs in a tenth of the time, and its server is the same.
ALONE = {**STACK, "clients": ["android"], "assistant": True}
ANSWERS: dict[str, dict[str, Any]] = {
    "short names": {"project_name": "s", "module": "a", "entity": "A", "fields": "b:int", "database": "sqlite"},
    "long names": {"module": "abcdefghijklmnopqrstuvwxyz_2", "entity": "Abcdefghijklmnopqrstuvwxyzab", "fields": LONG},
    "nothing to filter or sort": {"module": "news", "entity": "News", "fields": "b:text\nc:json"},
    "everything": {"module": "everything", "entity": "Thing", "fields": EVERYTHING},
    "no code": {"slice": False},
    "no assistant": {"assistant": False},
    "every section": {"plan_sections": SECTIONS},
}


@pytest.fixture(scope="session")
def alone(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Install a server without pages."""
    return install(template, tmp_path_factory.mktemp("alone") / "shop", "3.13", "api", **ALONE)


@pytest.fixture(scope="session")
def mobile(alone: Project, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Add two features to the server without pages: tokens are made with its key."""
    return grow(alone, template, tmp_path_factory.mktemp("mobile") / "shop")


def test_setup_leaves_nothing_to_commit_but_the_lock_file(alone: Project) -> None:
    assert status(alone.folder) == ["?? api/uv.lock"]


def test_the_hooks_of_a_commit_change_nothing(alone: Project) -> None:
    run(
        "uv",
        "run",
        "--project",
        "api",
        "pre-commit",
        "run",
        "--all-files",
        cwd=alone.folder,
        check=True,
        **alone.variables,
    )
    assert status(alone.folder) == ["?? api/uv.lock"]


def test_three_features_pass_on_postgresql(mobile: Project, server: str) -> None:
    assert mobile.test(DATABASE_URL=f"{server}/shop") > 350


def test_the_migrations_of_three_features_are_one_line(mobile: Project) -> None:
    assert mobile.migrations() == [
        ("002_2_add_note_and_more", "003_1_rename_item_and_more"),
        ("002_1_alter_title_and_more", "002_2_add_note_and_more"),
        ("003_orders", "002_1_alter_title_and_more"),
        ("002_everything_there_is", "003_orders"),
        ("001_steps", "002_everything_there_is"),
        ("001_tasks", "001_steps"),
        ("<base>", "001_tasks"),
    ]


@pytest.mark.deep
@pytest.mark.parametrize("name", ANSWERS)
def test_rendered_code_is_formatted_typed_and_clean(alone: Project, template: Path, tmp_path: Path, name: str) -> None:
    alone.like(copy_into(template, tmp_path / "shop", **(ALONE | ANSWERS[name]))).check()


@pytest.mark.deep
@pytest.mark.parametrize("nouns", ["sample", "more"])
def test_random_features_and_everyday_names_pass_everything(
    alone: Project, plain: Path, tmp_path: Path, nouns: str
) -> None:
    folder = tmp_path / "shop"
    add_random_and_everyday(plain, folder, "web-mobile", nouns, clients=["android"], assistant=True)
    project = alone.like(folder)
    project.check()
    assert project.test() > 600
    project.make("plan-check")


@pytest.mark.parametrize("name", first(["no code", "no assistant", "long names", "nothing to filter or sort"]))
def test_unusual_answers_pass_their_tests(alone: Project, template: Path, tmp_path: Path, name: str) -> None:
    folder = copy_into(template, tmp_path / "shop", **(ALONE | ANSWERS[name]))
    project = alone.like(folder)
    project.passed(project.uv("pytest").stdout) if name == "no code" else project.test()


# Clients ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

CLIENTS = [["web"], ["ios"], ["android"], ["ios", "android"], ["web", "ios", "android"]]


@pytest.mark.parametrize("clients", CLIENTS, ids=lambda names: "+".join(names))
def test_the_folders_are_those_of_the_clients(rendered: Render, clients: list[str]) -> None:
    folder = rendered(**STACK, clients=clients)
    folders = {path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")}
    named = {"frontend" if name == "web" else name for name in clients}
    assert folders == {"backend" if "web" in clients else "api", "k8s", "load", "specs", *named}
    assert answers(folder)["assistant"] is ("web" in clients)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"clients": []}, "clients is empty: choose at least one of web, ios, android"),
        ({"clients": ["web", "watch"]}, "clients 'watch' is not offered"),
        ({"module": "assistant"}, "module 'assistant' is the name of something that the project has or uses"),
        ({"package": "sqlmodel"}, "package 'sqlmodel' is the name of something that the project has or uses"),
    ],
)
def test_answers_that_cannot_be_are_refused(template: Path, tmp_path: Path, data: dict[str, Any], message: str) -> None:
    with pytest.raises(SystemExit, match=re.escape(message)):
        copy_into(template, tmp_path / "shop", **STACK, **data)


def test_other_stacks_know_no_clients(rendered: Render) -> None:
    assert not {"clients", "assistant"} & set(answers(rendered(stack="fastapi")))


# Run ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def running(mobile: Project, server: str) -> Iterator[str]:
    """Serve three features with `make run`, on PostgreSQL."""
    run("createdb", "--maintenance-db", f"{server}/postgres", "mobile", cwd=mobile.folder)
    port = free_port()
    variables = mobile.variables | {"DATABASE_URL": f"{server}/mobile", "API_PORT": str(port)}
    with serve("make", "run", cwd=mobile.folder, port=port, log=mobile.folder.with_name("server.log"), **variables):
        yield f"http://127.0.0.1:{port}"


def test_no_attack_succeeds(running: str, mobile: Project) -> None:
    tokens = [mobile.uv("python", "-m", "src.development", name).stdout.strip() for name in ("mallory", "trent")]
    withstands(running, "/api/tasks", {"title": "Attacked"}, *tokens)


def test_no_forged_token_deletes_what_an_account_has(running: str, mobile: Project) -> None:
    token, stranger = (mobile.uv("python", "-m", "src.development", name).stdout.strip() for name in ("ada", "eve"))
    target = Target(running, "/api/tasks", token, stranger, {"title": "Kept"}, claims_of(token), public=False)
    assert target.json("POST", target.collection, target.payload)[0] == 201
    attacks = [*forged(target), ("another's token", [("Authorization", f"Bearer {stranger}")])]
    right = {name: 204 if name == "another's token" else 401 for name, _ in attacks}
    cases = [Case(name, "DELETE", "/api/account", {right[name]}, None, headers) for name, headers in attacks]
    assert {case.name: target.send(case)[0] for case in cases} == right
    assert len(target.json("GET", target.collection)[1]["items"]) == 1
    assert target.json("DELETE", "/api/account")[0] == 204
    assert target.json("GET", target.collection)[1]["items"] == []


def test_make_run_serves_every_feature_to_those_who_have_a_token(running: str) -> None:
    assert fetch(f"{running}/health/live") == (200, '{"status":"alive"}')
    assert fetch(f"{running}/health/ready") == (200, '{"status":"ready"}')
    contract = json.loads(fetch(f"{running}/openapi.json")[1])
    paths = [f"/api/{path}" for path in ("tasks", "steps", "things", "orders", "order-lines")]
    assert {path for path in contract["paths"] if "{" not in path} == set(paths)
    assert [fetch(f"{running}{path}")[0] for path in paths] == [401] * 5


def test_the_quickstart_works_as_written(running: str, mobile: Project) -> None:
    output = mobile.quickstart(running)
    assert '"title":"First title"' in output
    assert re.search(r'"items":\[\{[^]]*"title":"First title"', output)
    assert '"title":"Second title"' in output


@pytest.mark.deep
def test_schemathesis_finds_no_failure(running: str, mobile: Project) -> None:
    output = mobile.make("fuzz", f"ADDRESS={running}")
    assert re.search(r"(\d{3,}) generated, \1 passed", output), output


def test_the_server_logs_json_and_stops_when_it_is_told(alone: Project, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "server.log"
    uvicorn = str(alone.environment / "bin/uvicorn")
    command = [uvicorn, "--factory", "src.main:create_app", "--no-access-log", "--port", str(port)]
    variables = alone.variables | {"DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    with serve(*command, cwd=alone.folder / "api", port=port, log=log, **variables) as process:
        fetch(f"http://127.0.0.1:{port}/health/live?mail=ada@example.com")
        os.killpg(process.pid, 15)
        assert process.wait(20) in (0, -15)
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{")]
    assert [line["route"] for line in lines if line["event"] == "request"] == ["/health/live"]
    assert "ada@example.com" not in log.read_text("utf-8")


# Break ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

SERVICE, MODEL, ROUTES = "api/src/services/tasks.py", "api/src/models/tasks.py", "api/src/api/tasks.py"
HEADER = "# Spec: specs/001-tasks/spec.md\n"


@breaks(
    ("spec-first", SERVICE, None, None, "api/src/services/tasks.py is missing"),
    ("spec-first", ROUTES, HEADER, "# Spec: .specify/memory/constitution.md\n", "api/src/api/tasks.py names no spec.md"),
    ("spec-first", "specs/001-tasks/spec.md", None, None, "specs/001-tasks/spec.md is missing or says nothing"),
    ("stateless", SERVICE, "async def create", "SEEN: dict[str, int] = {}\n\n\nasync def create", "keeps an empty container"),
    ("stateless", SERVICE, "    session.add(task)", "    global last\n    session.add(task)", "create writes to a global"),
    ("security", SERVICE, "select(Task).where(col(Task.owner_id) == user, ", "select(Task).where(", "select() is not filtered by owner_id"),
    ("security", SERVICE, "col(Task.owner_id) == user, *_conditions", "*_conditions", "paging.read() is not filtered by owner_id"),
    ("security", SERVICE, "session: AsyncSession, user: UserId, task_id: UUID) -> Task", "session: AsyncSession, task_id: UUID, user: UserId = UserId('')) -> Task", "get can be called without a user's id"),
    ("security", SERVICE, "await session.scalar(statement)", "await session.get(Task, task_id)", "session.get() goes around the filter"),
    ("security", ROUTES, "task = await service.get(session, user, task_id)", "task = await session.get(Task, task_id)", "only a service talks to the database"),
    ("security", ROUTES, "import CurrentUser", "import CurrentUser, UserId\n\nADA = UserId('ada')", "makes a UserId"),
    ("security", ROUTES, "CurrentUser", "UserId", "DELETE /api/tasks/{task_id} needs no token"),
    ("security", "api/tests/tasks/test_two_users.py", None, None, "test_two_users.py is missing"),
    ("security", SERVICE, "col(Task.id) == task_id)", "col(Task.id) == task_id) if user == 'ada' else select(Task).where(col(Task.owner_id) != user)", "test_what_is_hers_is_not_found_by_him"),
    ("headers", "api/src/main.py", "# Spec: .specify/memory/constitution.md\n", "", "api/src/main.py has no header"),
    ("headers", SERVICE, HEADER, "# Spec: specs/009-birds/spec.md\n", "names specs/009-birds/spec.md, which is not there"),
    ("headers", SERVICE, HEADER, "# Spec: README.md\n", "which is neither a spec.md nor the constitution"),
    ("headers", "load/tasks.ts", "// Spec: specs/001-tasks/spec.md\n", "", "load/tasks.ts has no header"),
    ("tech-stack", "api/pyproject.toml", ">=3.13", ">=3.12", "requires-python is >=3.12"),
    ("tech-stack", "api/pyproject.toml", '"sqlmodel', '"sqlalchemy-utils', "does not ask for sqlmodel"),
)  # fmt: skip
def test_a_gate_fails_when_its_rule_is_broken(alone: Project, tmp_path: Path, row: Break) -> None:
    alone.broken(tmp_path / "shop", row).fails(row.gate, row.message)


@faults(
    ("specs/001-tasks/contracts/openapi.yaml", "maxLength: 200", "maxLength: 201", "tests/contract"),
    (MODEL, "max_length=200", "max_length=199", "tests/contract"),
    (SERVICE, "await session.delete(task)", "pass", "tests/tasks"),
    (SERVICE, "col(Task.owner_id) == user, col(Task.id)", "col(Task.id)", "tests/tasks"),
    (SERVICE, "Task.priority), eq", "Task.title), eq", "tests/tasks"),
    ("api/src/preconditions.py", "not any(names(if_match, etag) for etag in etags)", "False", "tests/tasks"),
    (
        "api/src/auth.py",
        '"require": ["exp", "sub", "iss", "aud"]',
        '"require": ["sub", "iss", "aud"]',
        "tests/test_auth.py",
    ),
    ("api/src/auth.py", "audience=settings.auth_audience", "audience=None", "tests/test_auth.py"),
    ("api/src/auth.py", "issuer=settings.auth_issuer", "issuer=None", "tests/test_auth.py"),
    ("api/src/auth.py", 'settings.environment == "development"', "True", "tests/test_auth.py"),
    ("api/src/auth.py", 'algorithms=["EdDSA"]', 'algorithms=["EdDSA", "none"], leeway=1000', "tests/test_auth.py"),
    ("api/src/config.py", '"statement_cache_size": 0', '"statement_cache_size": 100', "tests/test_config.py"),
    ("api/src/services/assistant.py", "tracing_disabled=True", "tracing_disabled=False", "tests/assistant"),
    ("api/src/services/assistant.py", "said[:MAX_ANSWER]", "said", "tests/assistant"),
    (
        "api/src/tools/tasks.py",
        "return user.ask_to_delete(deletion)",
        'await service.delete(user.session, user.user_id, task_id, found.etag)\n    return ""',
        "tests/tasks",
    ),
    ("api/src/services/choices.py", "col(table.owner_id) == user, ", "", "tests/tasks"),
    ("api/src/services/account.py", "table.columns.owner_id == user", "table.columns.owner_id != user", "tests/tasks"),
    ("api/src/models/__init__.py", "if not isinstance(value, BaseRow)", "if True", "tests/tasks"),
    ("api/src/main.py", "if settings.api_docs else None", "", "tests/test_main.py"),
    ("api/src/main.py", "BodyLimit, size=settings.max_body_size", "BodyLimit, size=10**9", "tests/test_main.py"),
    ("api/migrations/versions", 'op.drop_table("task")', "pass", "tests/test_migrations.py"),
)
def test_the_tests_of_the_project_fail_when_its_code_is_broken(alone: Project, tmp_path: Path, row: Fault) -> None:
    alone.broken(tmp_path / "shop", row).tests_fail(row.tests)


# Around the code ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("database", first(["postgresql", "sqlite"]))
@pytest.mark.parametrize("clients", first([["web", "ios", "android"], ["web"], ["android"]]), ids="+".join)
def test_the_files_of_other_tools_are_valid(
    alone: Project, template: Path, tmp_path: Path, clients: list[str], database: str
) -> None:
    folder = copy_into(template, tmp_path / "shop", **STACK, clients=clients, database=database)
    check_files(folder)
    project = alone.like(folder, "backend" if "web" in clients else "api")
    check_manifests(project)
    project.passed(project.uv("pytest", "--no-cov", "tests/gates/test_kubernetes.py").stdout)


def test_every_variable_of_the_compose_file_is_one_that_is_read(rendered: Render) -> None:
    folder = rendered(**STACK)
    services = yaml.safe_load((folder / "compose.yaml").read_text("utf-8"))["services"]
    for service in ("backend", "frontend"):
        example = (folder / service / ".env.example").read_text("utf-8")
        assert not [name for name in services[service]["environment"] if f"{name}=" not in example], service


def test_the_load_script_is_typed(template: Path, tmp_path: Path) -> None:
    folder = copy_into(template, tmp_path / "shop", **ALONE, entity="Thing", fields=EVERYTHING)
    run("npm", "install", "--no-audit", "--no-fund", cwd=folder / "load")
    run("npm", "run", "check", cwd=folder / "load")
    file = folder / "load/tasks.ts"
    assert "p(95)<200" in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace("exec.vu.idInTest", "exec.vu.name"), "utf-8")
    assert run("npm", "run", "check", cwd=folder / "load", check=False).returncode


def test_an_update_keeps_edits_in_every_layer(template: Path, tmp_path: Path) -> None:
    """Take a project with an edit in each layer through a new version of the template."""
    source = make_template(tmp_path / "template")
    folder = copy_into(source, tmp_path / "shop", **STACK, clients=["web", "android"])
    copy_into(source, folder, feature_title="Orders", fields="number:int unique")
    edits = {
        "backend/src/main.py": ('version="1"', 'version="2"'),
        "backend/src/services/tasks.py": ("Store a new task", "Keep a new task"),
    }
    for path, (old, new) in edits.items():
        replace(folder / path, old, new)
    commit_all(folder)
    layers = source / "template"
    replace(
        layers / "{{ when.web_mobile }}/{{ shared }}/{{ server }}/src/auth.py.jinja",
        "there is no issuer",
        "there is nobody who issues",
    )
    replace(
        layers
        / "{{ when.web_mobile }}/{% yield model from entities %}.{% endyield %}/{{ server }}/src/api/{{ model.module }}.py.jinja",
        "Store a new",
        "Put down a new",
    )
    commit_all(source, "v1.1.0")
    git(source, "tag", "v1.1.0")
    files = [
        ".copier-answers.yml",
        *sorted(str(path.relative_to(folder)) for path in folder.glob("specs/*/.copier-answers.feature.yml")),
    ]
    for file in files:
        copier.run_update(folder, answers_file=file, defaults=True, unsafe=True, overwrite=True, quiet=True)
        assert not git(folder, "ls-files", "--unmerged")
        commit_all(folder)
    for path, (_, new) in edits.items():
        assert new in (folder / path).read_text("utf-8")
    assert "there is nobody who issues" in (folder / "backend/src/auth.py").read_text("utf-8")
    for module in ("tasks", "orders"):
        assert "Put down a new" in (folder / f"backend/src/api/{module}.py").read_text("utf-8")
