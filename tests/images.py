"""Container images, really built and run without a container engine: by buildah, from a Debian made for the purpose."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import run
from generated import interpreter

# What the interpreter links to, and what proves to it who the package index is.
PACKAGES = "ca-certificates,libbz2-1.0,libexpat1,libffi8,liblzma5,libncursesw6,libreadline8,libsqlite3-0,libssl3,libuuid1,zlib1g"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
# Needs neither an engine nor more rights than to mount; the network is that of the machine.
ISOLATION = ("--isolation", "chroot")
# As the images of the Docker hub are called, so that a Dockerfile finds this one in its place.
PYTHON_IMAGE = "docker.io/library/python:{version}-slim"


class Images:
    """A store of images in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def buildah(self, *command: str) -> list[str]:
        """Write a command of buildah on this store."""
        places = ["--root", str(self.folder / "store"), "--runroot", str(self.folder / "run")]
        return ["buildah", "--storage-driver", "vfs", *places, *command]

    def __call__(self, *command: str, cwd: Path = Path("/")) -> str:
        """Run a command of buildah and return what it printed."""
        return run(*self.buildah(*command), cwd=cwd).stdout.strip()

    def add_python(self, version: str) -> None:
        """Make the image that the Dockerfiles start from: a minimal Debian, and the interpreter of this machine.

        The interpreter is one that was built to be moved, by pyenv or for uv; Debian has none so new.
        """
        system = self.folder / "system"
        run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", system, cwd=self.folder)
        prefix = Path(os.path.realpath(interpreter(version))).parents[1]
        for part in ("bin", "lib"):
            ignored = shutil.ignore_patterns("__pycache__", "test", "site-packages", "EXTERNALLY-MANAGED")
            shutil.copytree(
                prefix / part, system / "usr/local" / part, symlinks=True, dirs_exist_ok=True, ignore=ignored
            )
        shutil.copy(CERTIFICATES, system / CERTIFICATES.lstrip("/"))
        script = f"ldconfig && cd /usr/local/bin && python{version} -m ensurepip && ln -sf python{version} python && ln -sf pip3 pip"
        run("chroot", system, "sh", "-c", script, cwd=self.folder)
        container = self("from", "scratch")
        self("add", "--quiet", container, str(system), "/")
        trust = [f"--env={name}={CERTIFICATES}" for name in ("SSL_CERT_FILE", "PIP_CERT")]
        self("config", *trust, "--cmd", "python3", container)
        self("commit", "--quiet", "--rm", container, PYTHON_IMAGE.format(version=version))
        shutil.rmtree(system)

    def build(self, folder: Path, name: str) -> str:
        """Build a project's Dockerfile as it stands, and return a container of it."""
        self("build", *ISOLATION, "--pull-never", "--format", "docker", "--tag", name, ".", cwd=folder)
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
