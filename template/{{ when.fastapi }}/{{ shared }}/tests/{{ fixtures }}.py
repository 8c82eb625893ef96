"""What every test needs: a database of its own, the application on it, and users with tokens."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Auth, Request
from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine

from src.auth import make_token
from src.config import get_settings
from src.database import get_engine, get_session
from src.main import create_app

ROOT = Path(__file__).parents[1]
# Another one in every run: production would take one that stands here.
SECRET = secrets.token_hex(32)


def pytest_configure(config: pytest.Config) -> None:
    """Ask for no coverage as long as there is no feature: the code that features share has no user yet."""
    coverage = config.pluginmanager.getplugin("_cov")
    if coverage is not None and not any(ROOT.glob("specs/*/contracts/openapi.yaml")):
        coverage.options.cov_fail_under = 0


class Bearer(Auth):
    """Signs a request as one user."""

    def __init__(self, subject: str) -> None:
        self.token = make_token(subject, get_settings())

    def auth_flow(self, request: Request) -> Iterator[Request]:  # type: ignore[override]
        """Add the token."""
        request.headers["Authorization"] = f"Bearer {self.token}"
        yield request


async def _execute(url: URL, statement: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make an empty database beside the one that DATABASE_URL names, or a SQLite file, for this test run."""
    given = os.environ.get("DATABASE_URL", "")
    if not given or given.startswith("sqlite"):
        yield f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('database') / 'test.db'}"
        return
    server = make_url(given).set(drivername="postgresql+asyncpg")
    name = f"test_{server.database}_{os.getpid()}"
    admin = server.set(database="postgres")
    asyncio.run(_execute(admin, f'CREATE DATABASE "{name}"'))
    yield server.set(database=name).render_as_string(hide_password=False)
    asyncio.run(_execute(admin, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(scope="session", autouse=True)
def environment(database_url: str) -> Iterator[pytest.MonkeyPatch]:
    """Set every variable that the application reads, whatever the shell or .env says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENVIRONMENT", "test")
        patch.setenv("DATABASE_URL", database_url)
        patch.setenv("JWT_SECRET", SECRET)
        patch.setenv("LOG_LEVEL", "INFO")
        patch.setenv("CORS_ORIGINS", "https://web.example.com")
        for name in ("JWT_JWKS_URL", "JWT_ISSUER", "JWT_AUDIENCE"):
            patch.setenv(name, "")
        # Whoever imported the application before has read other variables.
        get_settings.cache_clear()
        get_engine.cache_clear()
        yield patch


@pytest.fixture(scope="session")
def alembic_config() -> Config:
    """Point Alembic at the project's migrations."""
    return Config(toml_file=ROOT / "pyproject.toml")


@pytest.fixture(scope="session")
def schema(environment: pytest.MonkeyPatch, alembic_config: Config) -> None:
    """Make the tables, by the migrations that production runs too."""
    command.upgrade(alembic_config, "head")


@pytest.fixture(scope="session")
def app(schema: None) -> FastAPI:
    """Build the application once."""
    return create_app()


@pytest.fixture
async def connection(schema: None) -> AsyncIterator[AsyncConnection]:
    """Open a transaction that is rolled back after the test, whatever the application commits in it."""
    async with get_engine().connect() as connection:
        transaction = await connection.begin()
        yield connection
        await transaction.rollback()


@pytest.fixture
async def session(connection: AsyncConnection) -> AsyncIterator[AsyncSession]:
    """Open a session in the test's transaction."""
    async with AsyncSession(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    ) as session:
        yield session


@pytest.fixture
async def anonymous(app: FastAPI, connection: AsyncConnection) -> AsyncIterator[AsyncClient]:
    """Call the application as nobody; every request has a session of its own, as in production."""

    async def test_session() -> AsyncIterator[AsyncSession]:
        async with AsyncSession(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        ) as session:
            yield session

    app.dependency_overrides[get_session] = test_session
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client
    app.dependency_overrides.clear()


@pytest.fixture
def as_user(app: FastAPI) -> Callable[[str], Auth]:
    """Sign requests as a user, by name."""
    return Bearer


@pytest.fixture
async def client(anonymous: AsyncClient) -> AsyncClient:
    """Call the application as Ada."""
    anonymous.auth = Bearer("ada")
    return anonymous
