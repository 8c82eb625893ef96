"""The single package, as a person and a program use it: installed, linted, tested, run and broken."""

import email
import json
import re
import shutil
import tarfile
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import copier
import pytest
import yaml
from conftest import commit_all, copy_into, git, make_template, replace, run, status
from generated import (
    EVERYTHING,
    LONG,
    Break,
    Fault,
    Project,
    breaks,
    change,
    check_workflows,
    faults,
    grow,
    install,
    keep_rows,
    rows_of,
)
from names import add_random_and_everyday
from stacks import SECTIONS

pytestmark = pytest.mark.generated

THING = "11111111-1111-4111-8111-111111111111"
"""What the first example of whatever refers to something refers to."""

SEVERAL = """
story:text
pages:many(Page)
helps:many(Help)
main_page:ref(Page)?
above:ref(self)?

[Page]
size:int(1,100)
long_related_names:many(Help)

[Help]
words:str(9) unique
"""
ANSWERS: dict[str, dict[str, Any]] = {
    "short names": {"project_name": "s", "module": "a", "entity": "A", "fields": "b:int"},
    "long names": {
        "package": "abcdefghijklmnopqrstuvwxyz_2",
        "module": "abcdefghijklmnopqrstuvwxyz_3",
        "entity": "Abcdefghijklmnopqrstuvwxyzab",
        "fields": LONG,
    },
    "nothing to filter or sort": {"module": "news", "entity": "News", "fields": "b:text\nc:json"},
    "only a switch": {"module": "lights", "entity": "Light", "fields": "lit:bool"},
    "everything": {"module": "everything", "entity": "Thing", "fields": EVERYTHING, "python_version": "3.13"},
    "several of several": {"module": "shelves", "entity": "Shelf", "fields": SEVERAL},
    "no code": {"slice": False},
    "every section": {"plan_sections": SECTIONS},
}


@pytest.fixture(scope="session")
def shop(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("single") / "shop"
    return install(template, folder, stack="single", plan_sections=["governance"])


@pytest.fixture(scope="session")
def grown(shop: Project, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = grow(shop, template, tmp_path_factory.mktemp("grown") / "shop")
    # The programs of the environment that came along would run the code that they were made for.
    shutil.rmtree(project.folder / ".venv")
    project.make("setup")
    return project


def test_setup_leaves_nothing_to_commit_but_the_lock_file(shop: Project) -> None:
    assert status(shop.folder) == ["?? uv.lock"]


def test_rows_can_be_made_up(shop: Project, tmp_path: Path) -> None:
    project = shop.copy(tmp_path / "shop")
    for rows in (3, 6):
        assert [line.split()[1:] for line in project.make("seed", ROWS="3").splitlines()[-2:]] == [["3", "more"]] * 2
        assert f"\n{rows} shown" in project.make("run", ARGS="notes list")


CHANGES = [
    "+ subtitle:str(80)?\n+ pages:int(1,900) <- 3\ntitle -> headline\n~ status:enum(open,done,archived,waiting) index=open",
    "~ pages:bigint(1,9000)\n- due_on\n~ Notebook.name:str(120) unique\n"
    "+ [Chapter]\nnote:ref(Note) cascade\nlabel:str(60) show\n",
]


def test_a_file_of_an_older_version_keeps_its_rows(shop: Project, tmp_path: Path) -> None:
    project = shop.copy(tmp_path / "shop")
    # The environment's own copy of the package is that of the project it was made for.
    project.variables["PYTHONPATH"] = "src"
    read = partial(project.make, "run", ARGS="notes list")
    file = project.folder / ".data/shop.db"
    keep_rows(project, file, CHANGES, read)
    assert {path.name for path in file.parent.glob("*.before-*")} == {
        "shop.before-note-1.db", "shop.before-note-2.db", "shop.before-notebook-1.db",
    }  # fmt: skip
    project.make("run", ARGS="chapters list")
    # Rows that do not fit stop the program in one sentence, and the file stays as it is.
    change(project.folder, "001", "~ headline:str(2)")
    before = rows_of(file)
    told = read(check=False)
    assert re.search(r"shop.db: \d+ notes have a headline of more than 2 characters, and this version takes none", told)
    assert "Traceback" not in told
    assert rows_of(file) == before


@pytest.mark.deep
@pytest.mark.parametrize("nouns", ["sample", "more"])
def test_random_features_and_everyday_names_pass_everything(plain: Path, tmp_path: Path, nouns: str) -> None:
    # Installed, as its programs would run the code of another project.
    project = Project(add_random_and_everyday(plain, tmp_path / "shop", "single", nouns))
    project.check("lint-imports")
    assert project.test() > 300


@pytest.mark.deep
def test_the_defaults_pass(shop: Project) -> None:
    shop.make("lint")
    assert shop.passed(shop.make("test")) > 140


def test_three_features_pass_everything(grown: Project) -> None:
    # Among the gates are all that `make lint` does.
    assert "14 passed, 0 failed, 1 for a person" in grown.gates()
    assert grown.passed(grown.make("test")) > 300


@pytest.mark.deep
@pytest.mark.parametrize("name", [name for name in ANSWERS if "python_version" not in ANSWERS[name]])
def test_rendered_code_is_formatted_typed_and_clean(shop: Project, template: Path, tmp_path: Path, name: str) -> None:
    folder = copy_into(template, tmp_path / "shop", **({"stack": "single", "package": "shop"} | ANSWERS[name]))
    own_code(shop.like(folder)).check("lint-imports")


# Each is installed, as its programs would run the code of another project.
@pytest.mark.deep
@pytest.mark.parametrize(
    "name", ["no code", "long names", "nothing to filter or sort", "only a switch", "everything", "several of several"]
)
def test_unusual_answers_pass_everything(template: Path, tmp_path: Path, name: str) -> None:
    folder = copy_into(template, tmp_path / "shop", **({"stack": "single", "package": "shop"} | ANSWERS[name]))
    project = Project(folder, ANSWERS[name].get("python_version", "3.12"))
    project.make("lint")
    project.passed(project.make("test"), features=name != "no code")


# Run ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_make_run_shows_every_feature_and_passes_arguments_on(grown: Project) -> None:
    output = grown.make("run")
    assert re.findall(r"^  ([a-z-]+)  .*: list, show, add", output, re.MULTILINE) == [
        "everything-there-is", "notebooks", "notes", "order-lines", "orders",
    ]  # fmt: skip
    grown.uv("python", "-m", "tests.examples", "orders", SHOP_DATA_DIR=".data")
    grown.make("run", f"ARGS=orders add --number 5 --thing {THING}")
    listed = json.loads(grown.make("--silent", "run", "ARGS=orders list --json"))
    assert [(item["number"], item["thing_id"]) for item in listed["items"]] == [(5, THING)]
    assert (grown.folder / ".data/shop.db").is_file()
    assert not [line for line in status(grown.folder) if ".data" in line]


def test_the_quickstart_works_as_written(shop: Project) -> None:
    output = shop.quickstart("")
    assert "1 shown" in output
    assert '"title": "Second title"' in output
    assert '"version": 2' in output
    left = shop.make("--silent", "run", "ARGS=notes list --json")
    assert json.loads(left)["items"] == []


def test_a_quickstart_begins_with_what_it_refers_to(grown: Project, tmp_path: Path) -> None:
    (file,) = grown.folder.glob("specs/*-orders/quickstart.md")
    _, *blocks = re.findall(r"```sh\n(.*?)```", file.read_text("utf-8"), re.DOTALL)
    script = "set -eu\n" + "\n".join(blocks).replace("_DATA_DIR=.data", f"_DATA_DIR={tmp_path}")
    output = run("sh", "-c", script, cwd=grown.folder, check=True, **grown.variables).stdout
    assert output.count("1 shown") == 5, "the whole, its part, both by what they refer to, and one by one of its links"
    assert f'"thing_id": "{THING.replace("1", "2")[:8]}' in output


@pytest.fixture(scope="session")
def released(grown: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the package as `make build` does, once a licence and addresses are there as the README says."""
    project = grown.copy(tmp_path_factory.mktemp("released") / "shop")
    (project.folder / "LICENSE").write_text("Whoever finds this may keep it.\n", "utf-8")
    project.replace("pyproject.toml", 'readme = "README.md"\n', 'readme = "README.md"\nlicense = "MIT"\n')
    urls = '[project.urls]\nSource = "https://example.com/shop"\n\n[project.scripts]\n'
    project.replace("pyproject.toml", "[project.scripts]\n", urls)
    stale = project.folder / "dist/shop-0.0.1.tar.gz"
    stale.parent.mkdir()
    stale.touch()
    assert project.make("build").count("PASSED") == 2
    return project.folder / "dist"


def test_the_wheel_holds_the_package_alone(released: Path) -> None:
    (file,) = released.glob("*.whl")
    with zipfile.ZipFile(file) as wheel:
        names = set(wheel.namelist())
        metadata = email.message_from_bytes(wheel.read("shop-0.1.0.dist-info/METADATA"))
    own = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}
    assert {name.removeprefix("shop-0.1.0.dist-info/") for name in names if not name.startswith("shop/")} == own
    layers = ("cli", "models", "services")
    features = ("everything_there_is", "notebooks", "notes", "order_lines", "orders")
    assert {f"shop/{layer}/{name}.py" for layer in layers for name in features} | {"shop/py.typed"} <= names
    assert (metadata["License-Expression"], metadata["License-File"]) == ("MIT", "LICENSE")
    assert metadata["Project-URL"] == "Source, https://example.com/shop"
    versions = [name.rpartition(" ")[2] for name in metadata.get_all("Classifier", []) if "Python :: 3." in name]
    assert versions == ["3.12", "3.13", "3.14"]


def test_the_source_distribution_holds_source_and_tests_and_what_tells_of_them(released: Path) -> None:
    (file,) = released.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        names = {name.removeprefix("shop-0.1.0/") for name in archive.getnames()}
    assert {name for name in names if not name.startswith(("src/shop/", "tests/"))} == {
        ".gitignore", "CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml",
    }  # fmt: skip
    assert {name.split("/")[1] for name in names if name.startswith("tests/")} == {
        "__init__.py", "conftest.py", "examples", "integration", "plausible.py", "seed.py", "strategies.py", "unit",
    }  # fmt: skip


@pytest.mark.deep
def test_the_source_distribution_passes_its_own_tests(shop: Project, released: Path, tmp_path: Path) -> None:
    (file,) = released.glob("*.tar.gz")
    shutil.unpack_archive(file, tmp_path, filter="data")
    assert own_code(shop.like(tmp_path / "shop-0.1.0")).test() > 200


@pytest.mark.parametrize("tag", ["v0.1.0", "0.1.0", "v0.2.0"])
@pytest.mark.parametrize("described", [True, False])
@pytest.mark.parametrize("private", [True, False])
def test_a_tag_is_released_if_it_is_the_version_that_the_changelog_describes(
    shop: Project, tmp_path: Path, tag: str, described: bool, private: bool
) -> None:
    project = shop.copy(tmp_path / "shop")
    if described:
        project.replace("CHANGELOG.md", "## [Unreleased]\n", "## [Unreleased]\n\n## [0.1.0] - 2026-12-24\n")
    if not private:
        project.replace("pyproject.toml", '    "Private :: Do Not Upload",\n', "")
    workflow = yaml.safe_load((project.folder / ".github/workflows/release.yml").read_text("utf-8"))
    (script,) = [step["run"] for step in workflow["jobs"]["build"]["steps"] if step.get("id") == "check"]
    output = tmp_path / "output"
    output.touch()
    variables = Project(project.folder).variables | {"GITHUB_REF_NAME": tag, "GITHUB_OUTPUT": str(output)}
    result = run("bash", "-e", "-c", script, cwd=project.folder, check=False, **variables)
    good = described and tag == "v0.1.0"
    assert (result.returncode == 0) is good, result.stdout
    assert good or "::error::" in result.stdout
    assert output.read_text("utf-8") == ("public=true\n" if good and not private else "")


def test_a_second_feature_leaves_the_data_of_the_first(shop: Project, grown: Project, tmp_path: Path) -> None:
    data = {"SHOP_DATA_DIR": str(tmp_path / "data")}
    added = json.loads(shop.uv("shop", "notes", "add", "--title", "kept", "--json", check=True, **data).stdout)
    grown.uv("python", "-m", "tests.examples", "orders", check=True, **data)
    grown.uv("shop", "orders", "add", "--number", "1", "--thing", THING, check=True, **data)
    assert json.loads(grown.uv("shop", "notes", "show", added["id"], "--json", check=True, **data).stdout) == added


# Break ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

CLI, MODEL, SERVICE = (f"src/shop/{layer}/notes.py" for layer in ("cli", "models", "services"))
MAIN = "src/shop/cli/__init__.py"


@breaks(
    ("library-first", SERVICE, "LABEL = ", "import typer  # noqa\n\nLABEL = ", "shop.services.notes -> typer"),
    ("library-first", SERVICE, "from ..lib import", "from ..cli import _output\nfrom ..lib import", "shop.services.notes -> shop.cli"),
    ("library-first", MODEL, None, None, "models/notes.py is missing"),
    ("cli-interface", CLI, '@commands.command("show")', '@commands.command("view")', "notes has no command show"),
    ("cli-interface", "src/shop/cli/_output.py", 'typer.Option("--json"', 'typer.Option("--as-json"', "notes list has no --json"),
    ("cli-interface", MAIN, "' '.join(message.split())", "message + chr(10) * 2", "test_an_error_is_one_line"),
    ("test-first", "tests/unit/test_notes.py", None, None, "tests/unit/test_notes.py is missing"),
    ("test-first", "tests/unit/test_notes.py", "@given(", "@pytest.mark.skip(", "test_notes.py uses no @given"),
    ("documentation", "specs/001-notes/data-model.md", "| `pinned` |", "| `stuck` |", "pinned, stuck not in both table and code"),
    ("documentation", "specs/001-notes/data-model.md", "boolean pinned", "boolean stuck", "pinned, stuck not in both diagram and code"),
    ("documentation", "specs/001-notes/data-model.md", None, None, "data-model.md is missing"),
    ("documentation", SERVICE, '"""What can be done with notes, and the table that keeps them."""', "", "D100"),
    ("contract-compliance", CLI, 'Option("--limit"', 'Option("--at-most"', "only the program [('--at-most', False)]"),
    ("contract-compliance", "specs/001-notes/contracts/cli.md", '"version": 2', '"version": 3', "version is 2 instead of 3"),
    ("contract-compliance", "specs/001-notes/contracts/cli.md", "| 5 | the", "| 6 | the", "test_the_statuses"),
    ("contract-compliance", MAIN, "NOT_FOUND, CONFLICT, UNUSABLE, INTERRUPTED = 2, 3, 4", "NOT_FOUND, CONFLICT, UNUSABLE, INTERRUPTED = 2, 4, 3", "test_the_session_goes"),
    ("data-safety", SERVICE, "String(200)", "String(100)", "test_the_steps_make_the_table"),
    ("data-safety", SERVICE, '"due_on" DATE', '"due_on" TEXT', "test_the_steps_make_the_table"),
    ("data-safety", SERVICE, '            """,\n        ),', '            """,\n            "CREATE INDEX own ON note (title)",\n        ),', "test_an_index_is_no_step"),
    ("data-safety", "src/shop/lib/sqlite.py", "self._keep_copy(f", "str(f", "test_a_file_of_an_older_version"),
    ("data-safety", "src/shop/lib/sqlite.py", "if version > newest:", "if version < 0:", "test_a_file_of_a_newer_version"),
    ("data-safety", "src/shop/lib/sqlite.py", '"BEGIN IMMEDIATE"', '"SELECT 1"', "test_a_step_that_fails_leaves"),
    ("security", "src/shop/cli/_output.py", "letter if letter.isprintable() else", "letter if letter else", "test_a_terminal_obeys_no_value"),
    ("security", "src/shop/lib/sqlite.py", "mode=0o700, ", "", "test_the_data_is_the_users_own"),
    ("security", SERVICE, 'LABEL = "note"', 'LABEL = "note"\nAPI_KEY = "abc"', "API_KEY"),
    ("security", "src/shop/lib/sqlite.py", 'connection.exec_driver_sql("BEGIN IMMEDIATE")', 'connection.exec_driver_sql(f"BEGIN {BUSY_SECONDS}")', "runs SQL that is put together"),
    ("observability", MAIN, 'log.event("command", command=command, status=status', 'log.event("command", command=command, status=0', "test_every_command_logs"),
    ("observability", "src/shop/lib/sqlite.py", 'log.event("schema"', 'log.event("other"', "test_a_change_of_a_table_is_logged"),
    ("pii-handling", MAIN, "command = command_of(app, arguments)", 'command = " ".join(arguments)', "test_the_log_has_no_place"),
    ("pii-handling", "src/shop/models/entity.py", "hide_input_in_errors=True", "hide_input_in_errors=False", "test_a_refusal_does_not_repeat"),
    ("code-quality", "src/shop/py.typed", None, None, "test_the_package_is_typed"),
    ("code-quality", SERVICE, "import datetime as dt\n", "import datetime as dt\nimport json\n", "F401"),
    ("code-quality", MODEL, "due_on: values.CalendarDate | None = None", "due_on: values.CalendarDate = None", "Incompatible types"),
)  # fmt: skip
def test_a_gate_fails_when_its_rule_is_broken(shop: Project, tmp_path: Path, row: Break) -> None:
    own_code(shop.broken(tmp_path / "shop", row)).fails(row.gate, row.message)


ORDERS, THINGS = "services/orders.py", "everything_there_is"


@breaks(
    ("library-first", f"src/shop/{ORDERS}", "LABEL = ", f"from ..models.{THINGS} import Thing  # noqa\n\nLABEL = ", f"{ORDERS} imports shop.models.{THINGS}.Thing"),
    ("library-first", "src/shop/cli/orders.py", "from . import", f"from ..services.{THINGS} import SCHEMA as other  # noqa\nfrom . import", f"cli/orders.py imports shop.services.{THINGS}.SCHEMA"),
    ("data-safety", f"src/shop/{ORDERS}", "(id) ON DELETE CASCADE", "(id)", "test_the_steps_make_the_table"),
    ("data-safety", f"src/shop/{ORDERS}", '        sa.Index("ix_order_thing_id", "thing_id", "created_at", "id"),\n', "", "thing_id has no index"),
    ("data-safety", "src/shop/models/orders.py", f'Annotated[UUID, entity.Reference("{THINGS}.Thing")]', "UUID", "test_the_model_and_the_table_refer"),
    ("contract-compliance", "src/shop/cli/orders.py", '"--thing"', '"--thing-id"', "only the program [('--thing-id', False)]"),
)  # fmt: skip
def test_a_gate_holds_relations(grown: Project, tmp_path: Path, row: Break) -> None:
    own_code(grown.broken(tmp_path / "shop", row)).fails(row.gate, row.message)


SQLITE = "src/shop/lib/sqlite.py"


@faults(
    (SQLITE, '"PRAGMA foreign_keys = ON" if held', '"PRAGMA foreign_keys = OFF" if held', "tests/integration/test_relations.py"),
    (SQLITE, "execution_options(references=False)", "execution_options()", "tests/integration/test_relations.py"),
    (SQLITE, 'if connection.exec_driver_sql("PRAGMA foreign_key_check").first()', "if False", "tests/integration/test_relations.py"),
    (SQLITE, "for one in schema.in_order()", "for one in [schema]", "tests/integration/test_relations.py"),
    (SQLITE, "if own else ids", "if False else ids", "tests/integration/test_relations.py"),
    (SQLITE, "waiting.append((referring", "list((referring", "tests/integration/test_relations.py"),
    (SQLITE, "raise Missing(reference.relation, key)", "pass", "tests/integration/test_orders.py"),
    (SQLITE, "raise Needed(needing)", "pass", "tests/integration/test_orders.py"),
    ("src/shop/lib/storage.py", 'elif fate == "SET NULL":', 'elif fate == "":', "tests/integration/test_relations.py"),
    (f"src/shop/{ORDERS}", 'Condition("part_of_id"', 'Condition("thing_id"', "tests/integration/test_orders.py"),
    ("src/shop/cli/orders.py", 'PART_OF_ID = "part-of"', 'PART_OF_ID = "part-of-id"', "tests/contract"),
    ("src/shop/cli/orders.py", 'identifiers(SCHEMA.targets["thing"])', "identifiers(SCHEMA)", "tests/integration/test_process.py"),
    ("src/shop/cli/_input.py", "entry.opts[0] for", 'f"--{entry.name}" for', "tests/integration/test_orders.py"),
)  # fmt: skip
def test_the_tests_of_the_project_hold_relations(grown: Project, tmp_path: Path, row: Fault) -> None:
    own_code(grown.broken(tmp_path / "shop", row)).tests_fail(row.tests)


def own_code(project: Project) -> Project:
    """Let a copy import its own code: the environment that it uses holds the original's."""
    project.variables["PYTHONPATH"] = str(project.folder / "src")
    return project


@faults(
    (CLI, "status=status,", "status=None,", "tests/integration"),
    (MODEL, "max_length=200", "max_length=199", "tests/unit"),
    (SERVICE, "old.version + 1", "old.version", "tests/unit"),
    (SERVICE, "if not replaced:", "if False:", "tests/unit"),
    (SERVICE, 'Condition("due_on", "ge"', 'Condition("due_on", "le"', "tests/unit"),
    (
        "src/shop/cli/_input.py",
        "if both := sorted(values.keys() & emptied)",
        "if both := sorted(values.keys() & set())",
        "tests/integration",
    ),
    ("src/shop/lib/storage.py", "if None not in values and any(", "if any(", "tests/unit"),
    ("src/shop/lib/storage.py", "if place.back:", "if not place.back:", "tests/unit/test_storage.py"),
    ("src/shop/services/paging.py", "query.limit + 1", "query.limit", "tests/unit/test_paging.py"),
    ("src/shop/services/paging.py", "if given != sort:", "if given == []:", "tests/unit/test_paging.py"),
    ("src/shop/cli/_output.py", "exclude_defaults=True", "exclude_defaults=False", "tests/unit/test_paging.py"),
    (
        "src/shop/lib/sqlite.py",
        "[filled, empty] if nullable",
        "[true()] if nullable",
        "tests/integration/test_sqlite.py",
    ),
    ("src/shop/lib/sqlite.py", "[*near, empty] if nullable", "[*near] if nullable", "tests/integration/test_sqlite.py"),
    (
        "src/shop/lib/sqlite.py",
        "stored.get(index.name) != sql",
        "index.name not in stored",
        "tests/integration/test_sqlite.py",
    ),
    ("src/shop/lib/sqlite.py", "func.coalesce(column, column)", "column", "tests/integration/test_paging.py"),
    (SERVICE, '"due_on", "created_at", "id"', '"due_on"', "tests/integration/test_paging.py"),
    ("src/shop/lib/sqlite.py", "value.scaleb(self.places)", "value", "tests/integration/test_sqlite.py"),
    (
        "src/shop/lib/sqlite.py",
        "self._table.c.id == key",
        "self._table.c.id != key",
        "tests/integration/test_sqlite.py",
    ),
    ("src/shop/lib/log.py", "record.exc_info[0].__name__", "str(record.exc_info[1])", "tests/unit/test_log.py"),
    ("src/shop/lib/locations.py", "os.environ.get(VARIABLE)", "None", "tests/unit/test_locations.py"),
    ("src/shop/models/values.py", "value.astimezone(dt.UTC)", "value", "tests/unit/test_values.py"),
    ("specs/001-notes/contracts/cli.md", "| `--due-on-to` |", "| `--due-on-until` |", "tests/contract"),
)
def test_the_tests_of_the_project_fail_when_its_code_is_broken(shop: Project, tmp_path: Path, row: Fault) -> None:
    own_code(shop.broken(tmp_path / "shop", row)).tests_fail(row.tests)


# Around the code ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_files_of_other_tools_are_valid(template: Path, tmp_path: Path) -> None:
    folder = copy_into(template, tmp_path / "shop", stack="single", python_version="3.13")
    check_workflows(folder)
    workflows = {path.stem: path.read_text("utf-8") for path in folder.glob(".github/workflows/*.yml")}
    assert "make build" in workflows["ci"]
    assert yaml.safe_load(workflows["versions"])["jobs"]["test"]["strategy"]["matrix"] == {"python": ["3.13", "3.14"]}
    for text in ("Dockerfile", "compose", "DATABASE_URL", "make token", "serve on"):
        assert text not in (folder / "README.md").read_text("utf-8")


def test_an_update_keeps_what_was_edited(tmp_path: Path) -> None:
    template = make_template(tmp_path / "template")
    folder = copy_into(template, tmp_path / "shop", stack="single")
    commit_all(folder)
    replace(folder / "src/shop/lib/log.py", '"event": record', '"what": record')
    replace(folder / SERVICE, 'LABEL = "note"', 'LABEL = "slip"')
    commit_all(folder)
    single = template / "template/{{ when.single }}"
    replace(single / "{{ shared }}/src/{{ package }}/lib/log.py", "One line a record", "One record a line")
    service = (
        single / "{% yield model from entities %}.{% endyield %}/src/{{ package }}/services/{{ model.module }}.py.jinja"
    )
    replace(service, "Read a page of the list", "Read some of the list")
    commit_all(template)
    git(template, "tag", "v2.0.0")
    for file in (".copier-answers.yml", "specs/001-notes/.copier-answers.feature.yml"):
        copier.run_update(folder, answers_file=file, defaults=True, overwrite=True, unsafe=True, quiet=True)
        commit_all(folder)
    log, notes = (folder / "src/shop/lib/log.py").read_text("utf-8"), (folder / SERVICE).read_text("utf-8")
    assert '"what": record' in log
    assert "One record a line" in log
    assert 'LABEL = "slip"' in notes
    assert "Read some of the list" in notes


def test_a_module_that_is_there_is_refused(template: Path, tmp_path: Path) -> None:
    folder = copy_into(template, tmp_path / "shop", stack="single")
    commit_all(folder)
    with pytest.raises(SystemExit, match=r"module 'notes' exists already .*module=notes_2"):
        copy_into(template, folder, feature_title="More", module="notes", fields="name:str")
    with pytest.raises(SystemExit, match=r"'help' is an option of the commands already"):
        copy_into(template, folder, feature_title="More", fields="help:str")
    assert status(folder) == []
    shutil.rmtree(folder)
