"""The migrations: one line of history, up and down, and the tables that the models describe."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from src.config import get_settings


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


async def read_tables() -> set[str]:
    engine = create_async_engine(get_settings().database_url)
    async with engine.connect() as connection:
        names = await connection.run_sync(tables)
    await engine.dispose()
    return names


@pytest.fixture
def migrated(schema: None, alembic_config: Config) -> Iterator[Config]:
    """Hand out a database with every migration, and leave it so."""
    yield alembic_config
    command.upgrade(alembic_config, "head")


def test_there_is_one_line_of_history(alembic_config: Config) -> None:
    script = ScriptDirectory.from_config(alembic_config)
    assert len(script.get_heads()) <= 1
    assert all(not revision.is_branch_point for revision in script.walk_revisions())


def test_models_and_tables_agree(migrated: Config) -> None:
    command.check(migrated)


def test_every_migration_can_be_taken_back(migrated: Config) -> None:
    before = asyncio.run(read_tables())
    command.downgrade(migrated, "base")
    assert asyncio.run(read_tables()) == set()
    command.upgrade(migrated, "head")
    assert asyncio.run(read_tables()) == before


def test_migrations_do_not_depend_on_the_code(alembic_config: Config) -> None:
    for path in Path(ScriptDirectory.from_config(alembic_config).versions).glob("*.py"):
        assert "from src" not in path.read_text("utf-8"), (
            f"{path.name} has to work without the code"
        )
