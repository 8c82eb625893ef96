"""Generated projects: really installed, checked, tested and run."""

import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import answers, commit_all, copy_into, first, replace, run, status, tool
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
RELATED = """
number:int
thing:ref(everything_there_is.Thing)
other:ref(everything_there_is.Thing)? unique
part_of:ref(everything_there_is.Thing)? cascade
before:ref(self)?
unique(thing, number)
"""
"""Fields of a feature that refers to the one with everything."""

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


def grow(shop: Project, template: Path, folder: Path) -> Project:
    """Make the same project with two more features, which are new files only."""
    project = shop.clone(folder)
    commit_all(folder)
    copy_into(template, folder, feature_title="Everything there is", entity="Thing", fields=EVERYTHING)
    # The others get there one after the other.
    names = stack_of(answers(folder)["stack"])["names"]
    fields = RELATED + (LINKED if names.get("many", True) else "") + (SIGNED if "user" in names else "") + FURTHER
    copy_into(template, folder, feature_title="Müller's Orders", module="orders", fields=fields)
    assert not [line for line in status(folder) if not line.startswith("?? ")]
    commit_all(folder)
    return project
