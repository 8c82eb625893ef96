"""A real MariaDB server for the tests, as servers.py has a PostgreSQL one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from servers import free_port, serve


@contextmanager
def mariadb(folder: Path) -> Iterator[str]:
    """Run a MariaDB server of its own on a free port, and hand out its URL without a database.

    Raises:
        pytest.fail.Exception: when Debian's package is not installed.
    """
    if not shutil.which("mariadbd") or not shutil.which("mariadb-install-db"):
        pytest.fail("the tests need MariaDB: apt-get install mariadb-server")
    folder.mkdir(parents=True, exist_ok=True)
    data, port, user = folder / "data", free_port(), []
    if os.geteuid() == 0:
        # As root it runs only when it is told whose files they are.
        data.mkdir()
        shutil.chown(data, "mysql")
        user = ["--user=mysql"]
        for parent in folder.parents[:4]:
            parent.chmod(parent.stat().st_mode | 0o011)
        folder.chmod(folder.stat().st_mode | 0o011)
    setup = [
        "mariadb-install-db",
        "--no-defaults",
        *user,
        f"--datadir={data}",
        "--auth-root-authentication-method=normal",
    ]
    subprocess.run(setup, cwd="/", check=True, capture_output=True)
    options = ["--no-defaults", *user, f"--datadir={data}", f"--socket={data}/socket", f"--pid-file={data}/pid"]
    with serve(
        "mariadbd", *options, f"--port={port}", "--bind-address=127.0.0.1", cwd=Path("/"), port=port, log=folder / "log"
    ):
        yield f"mysql://root@127.0.0.1:{port}"
