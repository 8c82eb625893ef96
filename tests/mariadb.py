"""A real MariaDB server for the tests, as servers.py has a PostgreSQL one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from servers import free_port, serve


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
