"""Generated projects: really installed, checked, tested and run."""

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import GROUNDPLAN, answers, commit_all, copy_into, first, git, replace, run, status, tool
from stacks import stack_of


@lru_cache
def interpreter(version: str) -> str:
    """Find a Python for a generated project, or let uv install one.

    uv looks past the version manager pyenv, whose interpreters are looked for here.
    """
    uv = tool("uv")
    found = subprocess.run([uv, "python", "find", "--no-project", version], capture_output=True, text=True, check=False)
    if found.returncode == 0:
        return found.stdout.strip()
    for path in sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}")):
        return str(path)
    subprocess.run([uv, "python", "install", version], check=True)
    return interpreter.__wrapped__(version)


# Together with the defaults' own: all sixteen types, with every option each of them has.
EVERYTHING = """
title:str(200)
code:str(3) unique
body:text
note:text?
count:int
rating:int(1,5)? index=3
total:bigint
place:bigint(1,9007199254740991)? unique
weight:float?
price:decimal(10,2)
tax:decimal(5,4)?=0.2
active:bool=false
checked:bool?
day:date unique
due:date?=2026-12-24
posted_at:datetime
seen_at:datetime? index
opens:time
closes:time? index=18:00
length:duration unique
pause:duration? index
rest:duration?=PT90M
token:uuid unique
parent:uuid?
mail:email unique pii
other_mail:email? pii
site:url
home:url?
data:json
extra:json={"a": [1, "b", null, true]}
state:enum(draft,in-review,done) index=draft
kind:enum(only)?
currency:enum(EUR,in-use="It's $5, in (old) use",CHF)
label:str(60)=it's "quoted"
order:int=5
from_day:date?
unique(label, active, currency)
unique(count, due)
"""
STARTED = """
title:str(100)
code:str(3)
body:text
tally:int
rating:int(1,4)? index=3
total:int
place:bigint(1,9007199254740991)? unique
price:decimal(8,2)
active:bool=false
due:date?=2026-12-24
day:date unique
posted_at:datetime
closes:time? index=18:00
length:duration unique
rest:duration?=PT90M
token:uuid unique
mail:email unique pii
data:json
state:enum(draft,done) index=draft
currency:enum(EUR,in-use="It's $5, in (old) use")
label:url
order:int=5
old_text:text
old_code:str(9) unique
old_price:decimal(9,3)
old_at:datetime index
old_flag:bool=true
old_day:date?
old_key:uuid
old_data:json={"a": 1}
old_kind:enum(a,b)
old_span:duration
old_time:time
unique(label, active)
"""
"""What the fields of EVERYTHING begin as, in a project that is changed until it has them."""

ALTERED = """
~ title:str(200)
~ code:str(3) unique
tally -> count
~ rating:int(1,5)? index=3
~ total:bigint
~ price:decimal(10,2)
~ state:enum(draft,in-review,done) index=draft
~ currency:enum(EUR,in-use="It's $5, in (old) use",CHF)
- unique(label, active)
~ label:str(60)=it's "quoted"
- old_text
- old_code
- old_price
- old_at
- old_flag
- old_day
- old_key
- old_data
- old_kind
- old_span
- old_time
"""
ADDED = """
+ note:text?
+ weight:float?
+ tax:decimal(5,4)?=0.2
+ checked:bool?
+ seen_at:datetime? index
+ opens:time <- 08:00
+ pause:duration? index
+ parent:uuid?
+ other_mail:email? pii
+ site:url <- https://example.com
+ home:url?
+ extra:json={"a": [1, "b", null, true]}
+ kind:enum(only)?
+ from_day:date?
+ unique(label, active, currency)
+ unique(count, due)
"""
"""Two blocks of changes that lead from STARTED to EVERYTHING."""

BELONGING = """
number:int
item:ref(everything_there_is.Thing)
gift:ref(everything_there_is.Thing)?
part_of:ref(everything_there_is.Thing)?
unique(item, number)
"""
"""Fields of a feature that refers to the one with everything."""

JOINED = """
item -> thing
- gift
+ other:ref(everything_there_is.Thing)? unique
~ part_of:ref(everything_there_is.Thing)? cascade
+ before:ref(self)?
"""
"""What changes of these fields: a relation is renamed, one goes, others come, and one becomes that of a part to its whole."""

LINKED = "extras:many(everything_there_is.Thing)\n"
"""A field of it that refers to any number of them."""

SIGNED = "packed_by:user?\n"
"""A field of it that holds somebody who signs in."""

FURTHER = """
[OrderLine]
order:ref(Order) cascade
amount:int(1,99)
"""
"""A further entity of that feature: parts of its main one."""

LONG = """
title_abcdefghijklmnopqrstuv:str(200)
code_abcdefghijklmnopqrstuvw:str(3) unique
note_abcdefghijklmnopqrstuvw:text?=A text of about sixty characters, which is the longest one
coun_abcdefghijklmnopqrstuvw:int
couf_abcdefghijklmnopqrstuvw:int?=-2147483648
coug_abcdefghijklmnopqrstuvw:int=2147483647
rati_abcdefghijklmnopqrstuvw:int(-2147483648,2147483647)? index=3
ratj_abcdefghijklmnopqrstuvw:int(-2147483648,2147483647) unique
plac_abcdefghijklmnopqrstuvw:bigint(-9007199254740991,9007199254740991)? index=-9007199254740991
clos_abcdefghijklmnopqrstuvw:time?=23:59:59
leng_abcdefghijklmnopqrstuvw:duration? index=P9999DT23H59M59S
pric_abcdefghijklmnopqrstuvw:decimal(18,2)?=1234567890123456.78
prid_abcdefghijklmnopqrstuvw:decimal(18,2)? unique
acti_abcdefghijklmnopqrstuvw:bool=false
acte_abcdefghijklmnopqrstuvw:bool?=true
duew_abcdefghijklmnopqrstuvw:date?=2026-12-24
post_abcdefghijklmnopqrst_at:datetime? unique
posu_abcdefghijklmnopqrst_at:datetime?=2026-12-24T10:00:00.123456+00:00
pare_abcdefghijklmnopqrstuvw:uuid?=11111111-1111-4111-8111-111111111111
mail_abcdefghijklmnopqrstuvw:email? unique
home_abcdefghijklmnopqrstuvw:url?=https://example.com/a/long/path/that/goes/on/and/on/for
extr_abcdefghijklmnopqrstuvw:json={"a": [1, "b", null, true], "b": {"c": "text"}, "d": 12345}
s:enum(draft,abcdefghijklmnopqrstuvwxyz_a)? index=abcdefghijklmnopqrstuvwxyz_a
unique(coun_abcdefghijklmnopqrstuvw, acti_abcdefghijklmnopqrstuvw, title_abcdefghijklmnopqrstuv)
label_abcdefghijklmnopqrstuv:str(500)=it's "quoted" and the text is about sixty characters long
"""


class Project:
    """A rendered project, and its commands.

    Args:
        folder: its root.
        python: version of the interpreter that it is given.
        server: folder of the Python project in it.
    """

    def __init__(self, folder: Path, python: str = "3.12", server: str = ".") -> None:
        self.folder = folder
        self.python = python
        self.server = server
        self.variables = {
            "UV_PYTHON": interpreter(python),
            "UV_PYTHON_DOWNLOADS": "never",
            # Its pytest clears old folders away: not among those of this run.
            "PYTEST_DEBUG_TEMPROOT": str(folder.parent),
            # The environment of this test run is none of the project's business.
            "VIRTUAL_ENV": "",
            "UV_PROJECT_ENVIRONMENT": "",
            "PYTHONPATH": "",
            "DATABASE_URL": "",
        }

    def make(self, *targets: str, check: bool = True, **variables: str) -> str:
        """Run targets of the project's Makefile and return what they printed."""
        result = run("make", *targets, cwd=self.folder, check=check, **(self.variables | variables))
        return result.stdout + result.stderr

    def uv(self, *command: str, check: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the project's environment."""
        return run("uv", "run", *command, cwd=self.folder / self.server, check=check, **(self.variables | variables))

    def program(self, command: str) -> list[str]:
        """Find a command in the environment, so that nothing but the program itself runs."""
        name, *arguments = command.split()
        return [str(self.environment / "bin" / name), *arguments]

    def check(self, *commands: str, **variables: str) -> None:
        """Hold the code against ruff and mypy, and against what else a stack has."""
        for command in ("ruff format --check .", "ruff check .", "mypy", *commands):
            self.uv(*command.split(), check=True, **variables)

    def passed(self, output: str, features: bool = True) -> int:
        """Read how many tests passed; a failure or an error fails the test, and so does a check that was left out.

        Two may be: `kubectl` builds the manifests where it is installed, and no package of Debian's is new enough; and
        what is checked of each feature, in a project without features.
        """
        summary = re.findall(r"^(?:=+ )?((?:\d+ \w+(?:, )?)+) in [\d.]+s", output, re.MULTILINE)
        skipped = re.findall(r"^SKIPPED .*", output, re.MULTILINE)
        reasons = ": kubectl is not installed$" if features else ": kubectl is not installed$|: got empty parameter set"
        unexplained = [line for line in skipped if not re.search(reasons, line)]
        if not summary or re.search(r"failed|error|xfailed", summary[-1]) or unexplained:
            pytest.fail(output)
        return int(summary[-1].split()[0])

    def test(self, **variables: str) -> int:
        """Run the project's tests without measuring coverage, and return how many passed."""
        return self.passed(self.uv("pytest", "-q", "--no-cov", check=True, **variables).stdout)

    def migrations(self) -> list[tuple[str, str]]:
        """Read Alembic's history, the newest first: each revision's parent and the revision."""
        history = self.uv("alembic", "history").stdout
        return re.findall(r"(\S+) -> (\S+?),? ", history.replace("(head)", ""))

    def clone(self, folder: Path) -> "Project":
        """Copy the project, environment and all."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder, self.python, self.server)

    def anew(self, folder: Path, *options: str) -> "Project":
        """Copy the project and install it again: commands of a copied environment would start the original's interpreter."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns(".venv"))
        copy = Project(folder, self.python, self.server)
        run("uv", "sync", *options, cwd=folder / self.server, check=True, **copy.variables)
        return copy

    def copy(self, folder: Path) -> "Project":
        """Copy the project for a test to break; it keeps using this one's environment."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns(".venv", "node_modules", ".next"))
        for modules in self.folder.glob("*/node_modules"):
            (folder / modules.relative_to(self.folder)).symlink_to(modules)
        return self.like(folder)

    def like(self, folder: Path, server: str = "") -> "Project":
        """Take another project in a folder, which uses this one's environment as it is."""
        project = Project(folder, self.python, server or self.server)
        shutil.copy(self.folder / self.server / "uv.lock", folder / project.server)
        project.variables |= {
            "UV_PROJECT_ENVIRONMENT": str(self.environment),
            "UV_NO_SYNC": "1",
            "UV_FROZEN": "1",
            # What it knows of installed packages holds for every project; what it knows of a project's own files it checks.
            "MYPY_CACHE_DIR": str(self.environment / "mypy_cache"),
        }
        return project

    def broken(self, folder: Path, row: "Break | Fault") -> "Project":
        """Copy the project, and put a text in place of another in one of its files, or remove the file."""
        copy = self.copy(folder)
        if row.old is None or row.new is None:
            (copy.folder / row.path).unlink()
        else:
            copy.replace(row.path, row.old, row.new)
        return copy

    @property
    def environment(self) -> Path:
        """Where its Python packages are installed."""
        return self.folder / self.server / ".venv"

    def replace(self, path: str, old: str, new: str) -> None:
        """Put a text in place of another in a file, or in the only module of a folder; it has to be there."""
        file = self.folder / path
        if file.is_dir():
            (file,) = file.glob("*.py")
        replace(file, old, new)

    def tests_fail(self, tests: str) -> None:
        """Run those of the project's own tests that stand in a folder or file; one has to fail."""
        result = self.uv("pytest", "-q", "--no-cov", "-x", tests, check=False)
        assert result.returncode == 1, result.stdout

    def quickstart(self, address: str, **variables: str) -> str:
        """Type the commands of the first feature's quickstart, against a server that runs already."""
        (file,) = self.folder.glob("specs/001-*/quickstart.md")
        _, *blocks = re.findall(r"```sh\n(.*?)```", file.read_text("utf-8"), re.DOTALL)
        script = "set -eu\n" + "\n".join(blocks).replace("http://127.0.0.1:8000", address)
        return run("sh", "-c", script, cwd=self.folder, check=True, **(self.variables | variables)).stdout

    def misses_its_contract(self, old: str) -> None:
        """Hold the first contract against the application by `make plan-check`: as it is, changed, and without its tests."""
        assert "findings: 0" in self.make("plan-check")
        (contract,) = self.folder.glob("specs/001-*/contracts/openapi.yaml")
        text = contract.read_text("utf-8")
        contract.write_text(text.replace(old, f"{old}xx", 1), "utf-8")
        file = re.escape(contract.relative_to(self.folder).as_posix())
        output = self.make("plan-check", check=False)
        assert re.search(rf"^{file}:\d+: not what the application does: ", output, re.MULTILINE), output
        contract.write_text(text, "utf-8")
        for path in self.folder.glob("tests/contract/test_*.py"):
            path.unlink()
        assert "the test of the contracts fails" in self.make("plan-check", check=False)

    def gates(self) -> str:
        """Check the gates as a person does, and return what is printed; every plan has to say of each that it passed."""
        output = self.make("gates", CI="")
        (passed,) = re.findall(r"^(\d+) passed, ", output, re.MULTILINE)
        for plan in self.folder.glob("specs/*/plan.md"):
            ticked = re.findall(r"^- \[x\] \*\*.+ \(passed [\d-]+\)$", plan.read_text("utf-8"), re.MULTILINE)
            assert len(ticked) == int(passed), plan
        return output

    def fails(self, gate: str, message: str) -> None:
        """Check one gate, which has to fail with a message."""
        result = self.uv("python", "-m", "tests.gates", gate, check=False)
        assert result.returncode == 1, result.stdout
        assert f"FAIL    {gate}" in result.stdout
        assert message in re.sub(r"\s+", " ", result.stdout), result.stdout


class Break(NamedTuple):
    """A gate, and what breaks it: a file, a text in it and what stands there instead (or nothing: the file goes)."""

    gate: str
    path: str
    old: str | None
    new: str | None
    message: str


class Fault(NamedTuple):
    """A file, a text in it, what stands there instead, and which of the project's tests notice it."""

    path: str
    old: str
    new: str
    tests: str


def breaks(*rows: tuple[str, str, str | None, str | None, str]) -> pytest.MarkDecorator:
    """Test each row of a table of breaks: the first one always, which shows that a gate can fail; the others are deep."""
    entries = [Break(*row) for row in rows]
    return pytest.mark.parametrize("row", first(entries), ids=[f"{row.gate}: {row.message}" for row in entries])


def faults(*rows: tuple[str, str, str, str]) -> pytest.MarkDecorator:
    """Test each row of a table of faults: the first one always, which shows that tests can fail; the others are deep."""
    entries = [Fault(*row) for row in rows]
    return pytest.mark.parametrize("row", first(entries), ids=[f"{row.path}: {row.old}" for row in entries])


def check_workflows(folder: Path) -> None:
    """Hold what GitHub and Renovate read against their schemas, and the workflows against zizmor."""
    workflows = sorted(folder.glob(".github/workflows/*.yml"))
    run(tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *workflows, cwd=folder)
    run(tool("check-jsonschema"), "--builtin-schema", "vendor.renovate", "renovate.json", cwd=folder)
    # Tags are pinned to digests by the project's own Renovate, at its first run.
    policy = folder.with_name("zizmor.yml")
    policy.write_text('rules: {unpinned-uses: {config: {policies: {"*": ref-pin}}}}', "utf-8")
    run(tool("zizmor"), "--offline", "--no-progress", "--config", policy, *workflows, cwd=folder)


def check_files(folder: Path) -> None:
    """Hold the files of other tools against their own schemas and linters."""
    check_workflows(folder)
    run(tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "compose.yaml", cwd=folder)
    images = [path for path in folder.rglob("Dockerfile") if "node_modules" not in path.parts]
    run(tool("hadolint"), "--ignore", "DL3013", *images, cwd=folder)
    run(tool("openapi-spec-validator"), next(folder.glob("specs/*/contracts/openapi.yaml")), cwd=folder)


def check_manifests(project: Project) -> None:
    """Hold what each overlay makes of the manifests against Kubernetes' schemas."""
    run("sh", "-n", "k8s/minikube.sh", cwd=project.folder)
    if not shutil.which("kubectl"):
        return
    for overlay in ("minikube", "production"):
        built = project.folder.with_name(f"{overlay}.yaml")
        built.write_text(run("kubectl", "kustomize", f"k8s/overlays/{overlay}", cwd=project.folder).stdout, "utf-8")
        checked = project.uv("kubernetes-validate", "--strict", str(built))
        assert "WARN" not in checked.stdout + checked.stderr


def install(template: Path, folder: Path, python: str = "3.12", server: str = ".", **data: Any) -> Project:
    """Make a project and install it as the README says."""
    project = Project(copy_into(template, folder, **data), python, server)
    commit_all(project.folder)
    project.make("setup")
    return project


def change(folder: Path, feature: str, changes: str, *options: str) -> str:
    """Change a feature as a person does who says yes, commit that, and return what was printed."""
    result = run(*GROUNDPLAN, "change", feature, changes, "--trust", "--yes", *options, cwd=folder)
    commit_unchecked(folder)
    return result.stdout


def commit_unchecked(folder: Path) -> None:
    """Commit everything without the project's hooks, which would look for an environment of its own; its tests come later."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--no-verify", "--message", "state")


Rows = dict[str, dict[str, dict[str, Any]]]
"""The rows of each table, by their ids."""


def rows_of(file: Path) -> Rows:
    """Read every row that has an id, but those of the framework's own tables."""
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {
            name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')]
            for name in names
            if not name.startswith(("django_", "auth_", "sqlite_"))
        }
    return {name: {row["id"]: row for row in rows} for name, rows in tables.items() if rows and "id" in rows[0]}


def keep_rows(
    project: Project,
    file: Path,
    blocks: list[str],
    migrate: Callable[[], object],
    back: Callable[[], object] | None = None,
) -> None:
    """Change the first feature of a project at work, block by block, and go back: no row is lost, nothing that ran changes.

    Args:
        project: nobody else's.
        file: its database, of SQLite.
        blocks: what changes. A field ``title`` or ``name`` is called ``headline`` afterwards, ``pages`` comes with 3 for rows that are there.
        migrate: brings the database to the newest state.
        back: brings it back to the one before the first block, where that is possible.
    """
    server = project.folder / project.server
    migrate()
    project.make("seed", ROWS="7")
    before = rows_of(file)
    assert sum(map(len, before.values())) > 7
    ran = {path: path.read_bytes() for path in server.glob("**/migrations/**/[0-9]*_*.py") if ".venv" not in path.parts}
    commit_unchecked(project.folder)
    for block in blocks:
        change(project.folder, "001", block)
        migrate()
    assert {path: path.read_bytes() for path in ran} == ran
    after = rows_of(file)
    for table, rows in before.items():
        for key, row in rows.items():
            now = after[table][key]
            for name, value in row.items():
                called = "headline" if name in ("title", "name") and "headline" in now else name
                assert called not in now or now[called] == value, (table, name)
            assert now.get("pages", 3) == 3
    assert any("pages" in row for rows in after.values() for row in rows.values())
    assert "findings: 0" in project.make("plan-check")
    if back is None:
        return
    back()
    again = rows_of(file)
    for table, rows in before.items():
        for key, row in rows.items():
            assert again[table][key].keys() == row.keys()
            changed = {name for name, value in again[table][key].items() if value != row[name]}
            assert changed <= GONE, (table, changed)
    migrate()
    assert rows_of(file).keys() == after.keys()


GONE = {"published_at", "due_on", "closes_on", "closes_at", "description", "posted_at", "interval_seconds"}
"""Fields of the first features that changes take away: what they held does not come back."""


def grow(shop: Project, template: Path, folder: Path) -> Project:
    """Make the same project with two more features, which are new files only, and which then change until they have everything."""
    project = shop.clone(folder)
    commit_all(folder)
    copy_into(template, folder, feature_title="Everything there is", entity="Thing", fields=STARTED)
    # The others get there one after the other.
    names = stack_of(answers(folder)["stack"])["names"]
    copy_into(template, folder, feature_title="Müller's Orders", module="orders", fields=BELONGING)
    assert not [line for line in status(folder) if not line.startswith("?? ")]
    commit_all(folder)
    change(folder, "002", ALTERED)
    change(folder, "002", ADDED)
    more = ["+ " + LINKED if names.get("many", True) else "", "+ " + SIGNED if "user" in names else ""]
    change(folder, "003", (JOINED + "".join(more) + FURTHER.replace("\n[", "+ [")).lstrip())
    return project
