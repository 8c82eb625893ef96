"""Real servers for the tests, started for the purpose and stopped afterwards."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

# How many seconds a server may take to answer: one for development compiles a page when it is first asked for.
PATIENCE = 120

# What the Django stacks ask for when they start as in production, and as many requests as a test likes.
DJANGO_PRODUCTION = {
    "ENVIRONMENT": "production",
    "HTTPS_ONLY": "false",
    "ADMIN_ENABLED": "true",
    "DOCS_ENABLED": "true",
    "ALLOWED_HOSTS": "127.0.0.1",
    "SECRET_KEY": "server-" + "0123456789" * 5,
    "JWT_SIGNING_KEY": "server-" + "9876543210" * 5,
    "EMAIL_URL": "dummymail://",
    "THROTTLE_READ": "100000/s",
    "THROTTLE_WRITE": "100000/s",
    "THROTTLE_AUTH": "100000/s",
    "THROTTLE_MAIL": "100000/s",
}


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(port: int, process: subprocess.Popen[bytes] | None = None, seconds: float = PATIENCE) -> None:
    """Wait until somebody listens on a port.

    Raises:
        RuntimeError: when the process ends, or the time does, before that.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with socket.socket() as client:
            client.settimeout(1)
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"nobody listens on port {port}")


def fetch(url: str) -> tuple[int, str]:
    """Read an address; an error status is an answer too."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def call(method: str, url: str, body: Any = None, token: str = "", **headers: str) -> tuple[int, Any, dict[str, str]]:
    """Send JSON, and return status, content and headers of the answer; an error status is an answer too."""
    sent = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    if token:
        sent["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, sent, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.status, json.loads(response.read() or b"null"), dict(response.headers)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null"), dict(error.headers)


@contextmanager
def serve(*command: str, cwd: Path, port: int, log: Path, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends, with its output in a file; the server and its children are stopped."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **variables}, stdout=output, stderr=output, start_new_session=True
        )
        try:
            wait_for(port, process)
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


class Daemon:
    """A server that can be taken away and brought back while others use it, with the data that it keeps.

    Args:
        url: where it answers.
        command: what starts it.
        log: file for its output.
    """

    def __init__(self, url: str, command: list[str], log: Path) -> None:
        self.url = url
        self.command = command
        self.log = log
        self.port = int(url.rpartition(":")[2])
        self.running = ExitStack()
        self.start()

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self.process = self.running.enter_context(serve(*self.command, cwd=Path("/"), port=self.port, log=self.log))

    def processes(self) -> list[int]:
        """List its processes: a server may put its children into sessions of their own."""
        listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        parents = [tuple(map(int, line.split())) for line in listed.splitlines()]
        found = [self.process.pid]
        for process in found:
            found += [child for child, parent in parents if parent == process]
        return found

    def send(self, number: signal.Signals) -> None:
        """Send all its processes a signal."""
        for process in self.processes():
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def freeze(self) -> None:
        """Let it do nothing: what it was sent waits, and so does whoever connects."""
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.send(signal.SIGCONT)

    def kill(self) -> None:
        """End it as a power cut does."""
        processes = self.processes()
        self.send(signal.SIGKILL)
        self.process.wait(30)
        # It does not start again beside one of its own.
        for process in processes:
            while Path(f"/proc/{process}").exists():
                time.sleep(0.05)

    def close(self) -> None:
        """End it for good."""
        self.thaw()
        self.running.close()


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL server of its own on a free port, and hand out its URL without a database."""
    with postgresql_daemon() as server:
        yield server.url


@contextmanager
def postgresql_daemon() -> Iterator[Daemon]:
    """Run a PostgreSQL server of its own on a free port; its URL names no database.

    Its folder is not one of pytest's: those are closed to other users, and PostgreSQL refuses to run as root.

    Raises:
        pytest.fail.Exception: when Debian's package is not installed.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.fail("the tests need PostgreSQL: apt-get install postgresql")
    binaries, port = found[-1].parent, free_port()
    as_user = ["runuser", "--user", "postgres", "--"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="groundplan-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if as_user:
            shutil.chown(folder, "postgres")
        setup = [
            *as_user,
            str(binaries / "initdb"),
            "--pgdata",
            f"{folder}/data",
            "--auth",
            "trust",
            "--username",
            "test",
        ]
        subprocess.run(setup, cwd="/", check=True, capture_output=True)
        options = ["-D", f"{folder}/data", "-p", str(port), "-k", str(folder), "-c", "fsync=off"]
        command = [*as_user, str(binaries / "postgres"), *options]
        with closing(Daemon(f"postgresql://test@127.0.0.1:{port}", command, folder / "server.log")) as server:
            yield server


@contextmanager
def mariadb() -> Iterator[str]:
    """Run a MariaDB server of its own on a free port, and hand out its URL without a database.

    Raises:
        pytest.fail.Exception: when Debian's package is not installed.
    """
    if not shutil.which("mariadbd") or not shutil.which("mariadb-install-db"):
        pytest.fail("the tests need MariaDB: apt-get install mariadb-server")
    port = free_port()
    # As root it runs only when it is told whose files they are.
    user = ["--user=mysql"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="groundplan-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, "mysql")
        place = ["--no-defaults", *user, f"--datadir={folder}/data"]
        setup = ["mariadb-install-db", *place, "--auth-root-authentication-method=normal"]
        subprocess.run(setup, cwd="/", check=True, capture_output=True)
        options = [
            f"--socket={folder}/socket",
            f"--pid-file={folder}/pid",
            f"--port={port}",
            "--bind-address=127.0.0.1",
        ]
        with serve("mariadbd", *place, *options, cwd=Path("/"), port=port, log=folder / "server.log"):
            yield f"mysql://root@127.0.0.1:{port}"


def make_database(url: str, name: str) -> None:
    """Make a database that compares texts exactly, on a server of :func:`mariadb`."""
    port = url.rpartition(":")[2]
    statement = f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    command = ["mariadb", "--host=127.0.0.1", f"--port={port}", "--user=root", f"--execute={statement}"]
    subprocess.run(command, check=True)


@contextmanager
def redis() -> Iterator[str]:
    """Run a Redis server of its own on a free port, which keeps nothing, and hand out its URL without a database."""
    with redis_daemon() as server:
        yield server.url


@contextmanager
def redis_daemon() -> Iterator[Daemon]:
    """Run a Redis server of its own on a free port, which keeps nothing; its URL names no database.

    Raises:
        pytest.fail.Exception: when Debian's package is not installed.
    """
    if not shutil.which("redis-server"):
        pytest.fail("the tests need Redis: apt-get install redis-server")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="groundplan-", ignore_cleanup_errors=True) as name:
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", name]
        with closing(Daemon(f"redis://127.0.0.1:{port}", command, Path(name) / "server.log")) as server:
            yield server
