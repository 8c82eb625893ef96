"""Container images, really built and run without a container engine: by buildah, from a Debian made for the purpose."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pytest
from conftest import run
from generated import interpreter

# What Python and Node.js link to, and what proves to them who a package index is.
PACKAGES = (
    "ca-certificates,libbz2-1.0,libexpat1,libffi8,liblzma5,libncursesw6,libreadline8,libsqlite3-0,libssl3,libstdc++6,"
    "libuuid1,zlib1g"
)
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
TRUST = ("SSL_CERT_FILE", "PIP_CERT", "NODE_EXTRA_CA_CERTS")
# Needs neither an engine nor more rights than to mount; the network is that of the machine.
ISOLATION = ("--isolation", "chroot")
# As the images of the Docker hub are called, so that a Dockerfile finds these in their place.
PYTHON_IMAGE = "docker.io/library/python:{version}-slim"
NODE_IMAGE = "docker.io/library/node:22-slim"


class Images:
    """A store of images in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.added: set[str] = set()
        # Layers on layers, or, where the file system cannot (it is itself made of layers), a whole copy for each.
        self.driver = "overlay"
        if subprocess.run(self.buildah("info"), check=False, capture_output=True).returncode:
            self.driver = "vfs"

    def buildah(self, *command: str) -> list[str]:
        """Write a command of buildah on this store."""
        places = ["--root", str(self.folder / "store"), "--runroot", str(self.folder / "run")]
        return ["buildah", "--storage-driver", self.driver, *places, *command]

    def __call__(self, *command: str, cwd: Path = Path("/")) -> str:
        """Run a command of buildah and return what it printed."""
        return run(*self.buildah(*command), cwd=cwd).stdout.strip()

    @cached_property
    def debian(self) -> Path:
        """Make a minimal Debian, once."""
        system = self.folder / "debian"
        run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", system, cwd=self.folder)
        shutil.copy(CERTIFICATES, system / CERTIFICATES.lstrip("/"))
        return system

    def add(self, name: str, parts: list[tuple[Path, str]], script: str, command: str) -> None:
        """Make an image that Dockerfiles start from, unless it is there: the minimal Debian, and a program of this machine.

        Args:
            name: what Dockerfiles call it.
            parts: prefixes, and what of them is put below /usr/local.
            script: what is done in /usr/local/bin at the end.
            command: what the image runs.
        """
        if name in self.added:
            return
        self.added.add(name)
        container = self("from", "scratch")
        self("add", "--quiet", container, str(self.debian), "/")
        mounted = Path(self("mount", container))
        ignored = shutil.ignore_patterns("__pycache__", "test", "site-packages", "EXTERNALLY-MANAGED")
        for prefix, part in parts:
            target = mounted / "usr/local" / part
            if (prefix / part).is_dir():
                shutil.copytree(prefix / part, target, symlinks=True, dirs_exist_ok=True, ignore=ignored)
            else:
                shutil.copy(prefix / part, target)
        run("chroot", mounted, "sh", "-c", f"ldconfig && cd /usr/local/bin && {script}", cwd=self.folder)
        self("umount", container)
        self("config", *[f"--env={variable}={CERTIFICATES}" for variable in TRUST], "--cmd", command, container)
        self("commit", "--quiet", "--rm", container, name)

    def add_python(self, version: str) -> None:
        """Make Python's image, of an interpreter that was built to be moved, by pyenv or for uv; Debian has none so new."""
        prefix = Path(os.path.realpath(interpreter(version))).parents[1]
        script = f"python{version} -m ensurepip && ln -sf python{version} python && ln -sf pip3 pip"
        parts = [(prefix, part) for part in ("bin", "include", "lib")]
        self.add(PYTHON_IMAGE.format(version=version), parts, script, "python3")

    def add_node(self) -> None:
        """Make Node's image, of the one that this machine has."""
        prefix = Path(os.path.realpath(shutil.which("node") or "")).parents[1]
        script = "for name in npm npx; do ln -sf ../lib/node_modules/npm/bin/$name-cli.js $name; done"
        self.add(NODE_IMAGE, [(prefix, "bin/node"), (prefix, "lib/node_modules/npm")], script, "node")

    def build(self, folder: Path, name: str, *arguments: str) -> str:
        """Build a project's Dockerfile as it stands, and return a container of it."""
        options = [*ISOLATION, "--pull-never", "--format", "docker", "--tag", name, *arguments]
        self("build", *options, ".", cwd=folder)
        return self.container(name)

    def container(self, name: str) -> str:
        """Make one more container of an image that was built."""
        return self("from", "--pull-never", f"localhost/{name}")

    def command(self, container: str, *command: str, **variables: str) -> list[str]:
        """Write how a command is run in a container, its own one by default."""
        given = [f"--env={name}={value}" for name, value in variables.items()]
        own = json.loads(self("inspect", container))["OCIv1"]["config"]["Cmd"]
        return self.buildah("run", *ISOLATION, *given, container, "--", *(command or own))

    def run(self, container: str, *command: str, **variables: str) -> str:
        """Run a command in a container and return what it printed."""
        return run(*self.command(container, *command, **variables), cwd=Path("/")).stdout.strip()


@contextmanager
def images() -> Iterator[Images]:
    """Make a store, and remove it afterwards.

    Raises:
        pytest.fail.Exception: when Debian's packages are not installed.
    """
    for name in ("buildah", "debootstrap"):
        if not shutil.which(name):
            pytest.fail(f"the tests need {name}: apt-get install {name}")
    with tempfile.TemporaryDirectory(prefix="groundplan-", ignore_cleanup_errors=True) as name:
        store = Images(Path(name))
        try:
            yield store
        finally:
            subprocess.run(store.buildah("rm", "--all"), check=False, capture_output=True)
