"""Generated projects: really installed, checked, tested and run."""

import os
import re
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest
from conftest import run


@lru_cache
def interpreter(version: str) -> str:
    """Find a Python for a generated project, or let uv install one.

    uv looks past the version manager pyenv, whose interpreters are looked for here.
    """
    uv = Path(sys.executable).with_name("uv")
    found = subprocess.run([uv, "python", "find", "--no-project", version], capture_output=True, text=True, check=False)
    if found.returncode == 0:
        return found.stdout.strip()
    for path in sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}")):
        return str(path)
    subprocess.run([uv, "python", "install", version], check=True)
    return interpreter.__wrapped__(version)


class Project:
    """A rendered project, and its commands with the tools of this repository's environment in front."""

    def __init__(self, folder: Path, python: str = "3.12") -> None:
        self.folder = folder
        self.variables = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
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
        return run("uv", "run", *command, cwd=self.folder, check=check, **(self.variables | variables))

    def passed(self, output: str) -> int:
        """Read how many tests passed; a failure, an error or a skip fails the test."""
        summary = re.findall(r"^(?:=+ )?((?:\d+ \w+(?:, )?)+) in [\d.]+s", output, re.MULTILINE)
        if not summary or re.search(r"failed|error|skipped|xfailed", summary[-1]):
            pytest.fail(output)
        return int(summary[-1].split()[0])

    def clone(self, folder: Path) -> "Project":
        """Copy the project, environment and all, so that a test may break it."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder)
