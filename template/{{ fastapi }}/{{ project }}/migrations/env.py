"""Runs the migrations against the database that the environment names."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from src.config import get_settings
from src.database import Base
from src.discovery import domain_modules

domain_modules("models")


def migrate(connection: Connection) -> None:
    """Run the migrations that were asked for, on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        # SQLite cannot alter a column: Alembic copies the table instead.
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


async def connect() -> None:
    """Open a connection of its own, and close it afterwards."""
    engine = create_async_engine(get_settings().database_url)
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


asyncio.run(connect())
