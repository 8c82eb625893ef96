"""Where the tests take Node.js from."""

import os
import shutil
import subprocess
from pathlib import Path

import nodejs
import pytest


def fake(folder: Path, version: str) -> str:
    """Put a Node.js of some version on a search path that has nothing else but a shell."""
    for name, text in {"node": f"#!/bin/sh\necho v{version}\n", "npm": "#!/bin/sh\n"}.items():
        (folder / name).write_text(text, "utf-8")
        (folder / name).chmod(0o755)
    return str(folder)


@pytest.mark.parametrize("version", ["20.9.0", "22.1.0", "100.0.0"])
def test_a_machine_with_a_new_one_uses_its_own(tmp_path: Path, version: str) -> None:
    path = fake(tmp_path, version)
    assert nodejs.search_path(path) == path


def test_one_without_npm_is_of_no_use(tmp_path: Path) -> None:
    path = fake(tmp_path, "22.1.0")
    (tmp_path / "npm").unlink()
    assert nodejs.search_path(path) != path


@pytest.mark.parametrize("version", ["18.20.4", "20.8.1", None])
def test_another_machine_uses_that_of_the_package_index(tmp_path: Path, version: str | None) -> None:
    path = nodejs.search_path(fake(tmp_path, version) if version else str(tmp_path))
    node = shutil.which("node", path=path)
    assert node
    assert nodejs.version(node) >= nodejs.OLDEST
    # The links of npm ask `env` for node.
    variables = {**os.environ, "PATH": os.pathsep.join([path, "/usr/bin", "/bin"])}
    for command in ("npm", "npx"):
        found = shutil.which(command, path=path)
        assert found
        said = subprocess.run([found, "--version"], env=variables, capture_output=True, text=True, check=True)
        assert said.stdout.strip().split(".")[0].isdigit()
