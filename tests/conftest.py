"""What every test needs: a template repository to render from, and ways to render it."""

import functools
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import copier
import nodejs
import pytest
import yaml
from servers import postgresql

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
# Files of the template are executed anew for each version: no byte code of theirs may stay behind.
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
sys.dont_write_bytecode = True

Render = Callable[..., Path]

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
    return folder


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hand out a tagged copy of the template that no test may change."""
    return make_template(tmp_path_factory.mktemp("template") / "groundplan")


def copy_into(template: Path, folder: Path, **data: Any) -> Path:
    """Run ``copier copy --trust --defaults`` in this process."""
    copier.run_copy(str(template), folder, data=data, defaults=True, unsafe=True, quiet=True)
    return folder


@pytest.fixture(scope="session")
def copy(template: Path) -> Render:
    """Copy the template into a folder."""
    return functools.partial(copy_into, template)


@pytest.fixture(scope="session")
def rendered(copy: Render, tmp_path_factory: pytest.TempPathFactory) -> Render:
    """Render a project for tests that only read it: once for each set of answers."""
    cache: dict[str, Path] = {}

    def render(**data: Any) -> Path:
        key = yaml.safe_dump(data)
        if key not in cache:
            cache[key] = copy(tmp_path_factory.mktemp("rendered") / "shop", **data)
        return cache[key]

    return render


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Run a PostgreSQL server."""
    with postgresql() as url:
        yield url
