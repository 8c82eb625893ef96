"""The database: engine, session, and column types that mean the same on every server."""

import datetime as dt
from collections.abc import AsyncIterator
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any

from fastapi import Depends
from sqlalchemy import BigInteger, DateTime, Dialect, Enum, MetaData, Numeric, event
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

from src.config import get_settings


class Base(DeclarativeBase):
    """Base of every table. Constraints are named, so that a migration can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A point in time, always aware and always in UTC, also where the database keeps no offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Convert to UTC; a naive value is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a point in time needs an offset")
        return value.astimezone(dt.UTC)

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        """Give back an aware value: SQLite drops the offset."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class ExactNumeric(TypeDecorator[Decimal]):
    """An exact decimal. SQLite has none, so it keeps a scaled integer there, which sorts and compares alike."""

    impl = Numeric
    cache_ok = True

    def __init__(self, digits: int, places: int) -> None:
        super().__init__(digits, places)
        self.places = places

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type for the server."""
        return dialect.type_descriptor(
            BigInteger() if dialect.name == "sqlite" else self.impl_instance
        )

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Scale for SQLite."""
        if value is None or dialect.name != "sqlite":
            return value
        return int(value.scaleb(self.places))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Scale back."""
        if value is None:
            return None
        return Decimal(value).scaleb(-self.places) if dialect.name == "sqlite" else Decimal(value)


def enum_type(values: type[StrEnum]) -> Enum:
    """Keep an enum as text, so that a new value needs no change of a database type."""
    return Enum(
        values,
        native_enum=False,
        create_constraint=False,
        values_callable=lambda members: [member.value for member in members],
    )


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """Make SQLite keep foreign keys, and begin transactions where SQLAlchemy does (savepoints need it)."""

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")


@lru_cache
def get_engine() -> AsyncEngine:
    """Make the engine once; connections are opened when they are needed."""
    settings = get_settings()
    if settings.database_url.startswith("sqlite"):
        engine = create_async_engine(settings.database_url)
        _prepare_sqlite(engine)
        return engine
    return create_async_engine(
        settings.database_url, pool_size=settings.database_pool_size, pool_pre_ping=True
    )


async def get_session() -> AsyncIterator[AsyncSession]:
    """Open a session for one request; what a service did not commit is rolled back."""
    async with async_sessionmaker(get_engine(), expire_on_commit=False)() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session)]
