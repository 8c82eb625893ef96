"""What every test needs: a template repository to render from, and ways to render it."""

import contextlib
import functools
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import copier
import nodejs
import pytest
import yaml
from browser import Browser
from jinja2 import Environment
from servers import postgresql

pytest_plugins = ["progress"]

ROOT = Path(__file__).parents[1]
TEMPLATE_PARTS = ("copier.yml", "extensions", "template")

# Commit hooks and Makefiles of the generated projects call uv, which is in this environment and perhaps nowhere else.
# Servers stand where only root looks.
PATHS = [str(Path(sys.executable).parent), os.environ["PATH"], "/usr/sbin", "/sbin"]
os.environ["PATH"] = nodejs.search_path(os.pathsep.join(PATHS))
# Git must not read the machine's configuration, and needs a name for its commits.
os.environ.update(
    GIT_CONFIG_GLOBAL=os.devnull,
    GIT_CONFIG_SYSTEM=os.devnull,
    GIT_AUTHOR_NAME="Test",
    GIT_AUTHOR_EMAIL="test@example.com",
    GIT_COMMITTER_NAME="Test",
    GIT_COMMITTER_EMAIL="test@example.com",
)
# A make that runs these tests is none of the business of the makes they start: those would tell of their folders.
for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
    os.environ.pop(name, None)
# What is rendered bears its day: a run into which midnight would fall sees it elsewhere.
if time.gmtime().tm_hour >= 21:
    os.environ["TZ"] = "Etc/GMT+6"
    time.tzset()
# Files of the template are executed anew for each version: no byte code of theirs may stay behind.
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
sys.dont_write_bytecode = True

Render = Callable[..., Path]
Once = Callable[[str, Callable[[Path], Any]], Path]


def compile_once() -> None:
    """Let copies in this process share what Jinja compiled: each has an environment of its own, and the same templates.

    Safe as long as no path of the template uses Copier's ``yield`` tag, which keeps state in the environment.
    """
    original, known = Environment.compile, dict[tuple[Any, ...], Any]()

    def compile_template(self: Environment, source: Any, name: Any = None, filename: Any = None, *rest: Any) -> Any:
        key = (source, name, type(self), frozenset(self.extensions), self.trim_blocks, self.keep_trailing_newline)
        if rest or not isinstance(source, str):
            return original(self, source, name, filename, *rest)
        if key not in known:
            known[key] = original(self, source, name, filename)
        return known[key]

    Environment.compile = compile_template  # type: ignore[method-assign, assignment]


compile_once()


def first(values: Iterable[Any]) -> list[Any]:
    """Take the first of some parameters into the ordinary tests, and the others into the deep ones."""
    return [pytest.param(value, marks=[pytest.mark.deep] if number else []) for number, value in enumerate(values)]


# The command of this checkout, for a shell and as arguments of a project's make; it is not installed, so it has to be trusted.
GROUNDPLAN = ("env", f"PYTHONPATH={ROOT / 'src'}", sys.executable, "-m", "groundplan")
MAKE_GROUNDPLAN = (f"GROUNDPLAN={shlex.join(GROUNDPLAN)}", "OPTIONS=--trust")


def tool(name: str) -> str:
    """Find a command of this repository's environment, which need not be on the path."""
    return str(Path(sys.executable).with_name(name))


def run(*command: str | Path, cwd: Path, check: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command and fail with everything that it printed.

    Args:
        command: program and arguments.
        cwd: folder to run it in.
        check: whether an exit status other than 0 fails the test.
        variables: environment variables to add; an empty one is removed.
    """
    environment = {**os.environ, **variables}
    environment = {name: value for name, value in environment.items() if value != "" or name not in variables}
    result = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if check and result.returncode:
        pytest.fail(f"{' '.join(map(str, command))} ended with {result.returncode}\n{result.stdout}{result.stderr}")
    return result


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it printed."""
    return run("git", *arguments, cwd=folder).stdout.strip()


def commit_all(folder: Path, message: str = "state") -> None:
    """Commit everything in a repository, which is made if need be."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)


def status(folder: Path) -> list[str]:
    """List what git sees as changed, a line a file."""
    return run("git", "status", "--porcelain", "--untracked-files=all", cwd=folder).stdout.splitlines()


def files(folder: Path) -> dict[str, str]:
    """Read every file below a folder, git's own left out, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def replace(file: Path, old: str, new: str) -> None:
    """Put a text in place of another, which has to be there."""
    text = file.read_text("utf-8")
    assert old in text, file
    file.write_text(text.replace(old, new), "utf-8")


def answers(folder: Path, file: str = ".copier-answers.yml") -> dict[str, Any]:
    """Read an answers file."""
    content: dict[str, Any] = yaml.safe_load((folder / file).read_text("utf-8"))
    return content


def make_template(folder: Path) -> Path:
    """Copy the template into a repository of its own and tag it, since a clone may hold no tags."""
    folder.mkdir(parents=True)
    for part in TEMPLATE_PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / part)
    commit_all(folder, "v1.0.0")
    git(folder, "tag", "v1.0.0")
    # In one pack, as a repository is that was fetched: each copy clones it.
    git(folder, "gc", "--quiet")
    return folder


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Make a folder once in a run, for tests of all workers that only read it."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def make(name: str, fill: Callable[[Path], Any]) -> Path:
        if not (shared / name).exists():
            draft = tmp_path_factory.mktemp(name)
            fill(draft)
            # Of workers that have made the same folder at the same time, the first one's stays.
            with contextlib.suppress(OSError):
                draft.rename(shared / name)
        return shared / name

    return make


@pytest.fixture(scope="session")
def template(once: Once) -> Path:
    """Hand out a tagged copy of the template that no test may change."""
    return once("template", lambda folder: make_template(folder / "groundplan")) / "groundplan"


@pytest.fixture(scope="session")
def plain(template: Path, once: Once) -> Path:
    """Hand out the template without its history: Copier takes such a folder as it is, which is five times as fast."""
    ignored = shutil.ignore_patterns(".git")
    return once("plain", lambda folder: shutil.copytree(template, folder / "groundplan", ignore=ignored)) / "groundplan"


def copy_into(template: Path, folder: Path, **data: Any) -> Path:
    """Run ``copier copy --trust --defaults`` in this process."""
    copier.run_copy(str(template), folder, data=data, defaults=True, unsafe=True, quiet=True)
    return folder


@pytest.fixture(scope="session")
def copy(template: Path) -> Render:
    """Copy the template into a folder."""
    return functools.partial(copy_into, template)


@pytest.fixture(scope="session")
def rendered(copy: Render, once: Once) -> Render:
    """Render a project for tests that only read it: once for each set of answers."""

    def render(**data: Any) -> Path:
        key = hashlib.sha256(yaml.safe_dump(data).encode()).hexdigest()[:16]
        return once(f"rendered-{key}", lambda folder: copy(folder / "shop", **data)) / "shop"

    return render


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """Bring what drives a browser."""
    return Browser.install(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Run a PostgreSQL server."""
    with postgresql() as url:
        yield url
