"""What the README of a project says of its backup, typed to the letter."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import run
from generated import Project, install
from servers import make_database, mariadb

pytestmark = [pytest.mark.generated, pytest.mark.deep]


FEATURE = {"feature_title": "Things", "module": "things", "entity": "Thing", "fields": "title:str(120)"}
ROW = """
INSERT INTO thing (id, created_at, updated_at, version, owner_id, title)
VALUES ('01234567-89ab-4def-8123-456789abcdef', '2026-01-15 09:30:00', '2026-01-15 09:30:00', 1, {owner}, 'Größe “1”')
"""
ALEMBIC = ["alembic", "upgrade", "head"]
DJANGO = ["python", "manage.py", "migrate", "--no-input"]


class Kept(NamedTuple):
    """A project with a database.

    Args:
        stack: its stack.
        database: its database.
        python: version of the interpreter.
        server: folder of the Python project.
        migrate: what brings the database up to date.
    """

    stack: str
    database: str
    python: str
    server: str
    migrate: list[str]


PROJECTS = [
    Kept("fastapi", "postgresql", "3.12", ".", ALEMBIC),
    Kept("web-mobile", "sqlite", "3.13", "api", ALEMBIC),
    Kept("django", "mysql", "3.12", ".", DJANGO),
    Kept("contexts", "mysql", "3.12", ".", DJANGO),
]


class Database(NamedTuple):
    """A database that can be lost.

    Args:
        variables: what the project and the commands of the README know of it.
        lose: removes everything, and makes it anew where that is nobody else's business.
        ask: runs a statement, and returns what was found.
    """

    variables: dict[str, str]
    lose: Callable[[], None]
    ask: Callable[[str], str]


@contextmanager
def made(kind: str, folder: Path, server: str) -> Iterator[Database]:
    """Make a database of a kind."""
    if kind == "sqlite":
        file = folder / "kept.db"

        def ask_file(statement: str) -> str:
            with closing(sqlite3.connect(file)) as connection, connection:
                return str(connection.execute(statement).fetchall())

        yield Database({"DATABASE_URL": f"sqlite:///{file}", "DATABASE_FILE": str(file)}, file.unlink, ask_file)
    elif kind == "postgresql":
        admin, url = f"{server}/postgres", f"{server}/kept"

        def make() -> None:
            run("dropdb", "--if-exists", "--maintenance-db", admin, "kept", cwd=folder)
            run("createdb", "--maintenance-db", admin, "kept", cwd=folder)

        def ask_postgresql(statement: str) -> str:
            return run("psql", "-At", url, "--command", statement, cwd=folder).stdout

        make()
        yield Database({"DATABASE_URL": url}, make, ask_postgresql)
    else:
        with mariadb() as url:
            port = url.rpartition(":")[2]
            make_database(url, "kept")
            variables = {"HOST": "127.0.0.1", "PORT": port, "USER": "root", "NAME": "kept", "MYSQL_PWD": ""}
            client = ["mariadb", "--host=127.0.0.1", f"--port={port}", "--user=root", "--batch"]

            def lose() -> None:
                run(*client, "--execute=DROP DATABASE kept", cwd=folder)
                make_database(url, "kept")

            def ask_mariadb(statement: str) -> str:
                return run(*client, "kept", f"--execute={statement}", cwd=folder).stdout

            yield Database(variables | {"DATABASE_URL": f"{url}/kept"}, lose, ask_mariadb)


def typed(project: Project, number: int, **variables: str) -> str:
    """Type one of the commands that stand below the heading."""
    text = (project.folder / "README.md").read_text("utf-8").partition("## Backup and restore")[2]
    command = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)[number]
    return run(
        "sh", "-euc", command, cwd=project.folder / project.server, check=True, **(project.variables | variables)
    ).stdout


@pytest.mark.parametrize("kept", PROJECTS, ids=lambda kept: f"{kept.stack}-{kept.database}")
def test_what_was_backed_up_comes_back(template: Path, server: str, tmp_path: Path, kept: Kept) -> None:
    clients = {"clients": ["ios"], "assistant": False} if kept.stack == "web-mobile" else {}
    data = FEATURE | {"stack": kept.stack, "database": kept.database} | clients
    project = install(template, tmp_path / "shop", kept.python, kept.server, **data)
    if kept.stack == "contexts":
        run("uv", "sync", "--group", "mysql", cwd=project.folder, check=True, **project.variables)
    with made(kept.database, tmp_path, server) as database:
        variables = project.variables | database.variables
        project.uv(*kept.migrate, check=True, **variables)
        owner = "'ada'"
        if kept.migrate is DJANGO:
            project.uv("python", "manage.py", "token", "ada", check=True, **variables)
            owner = "(SELECT id FROM {})".format("accounts_user" if kept.stack == "django" else "users_user")
        scope = (
            ("owner_id, team_id", f"{owner}, (SELECT id FROM team)")
            if kept.stack == "contexts"
            else ("owner_id", owner)
        )
        database.ask(ROW.replace("owner_id", scope[0]).format(owner=scope[1]))
        before = database.ask("SELECT * FROM thing")
        assert "Größe" in before
        typed(project, 0, **database.variables)
        database.lose()
        typed(project, 1, **database.variables)
        assert database.ask("SELECT * FROM thing") == before
        typed(project, 2, **database.variables)
