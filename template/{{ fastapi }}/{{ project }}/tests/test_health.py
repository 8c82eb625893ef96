"""The probes."""

from collections.abc import AsyncIterator

from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from src.database import get_session


async def test_the_process_is_alive(anonymous: AsyncClient) -> None:
    response = await anonymous.get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})


async def test_it_is_ready_when_the_database_answers(anonymous: AsyncClient) -> None:
    response = await anonymous.get("/health/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


async def test_it_is_not_ready_without_a_database(app: FastAPI, anonymous: AsyncClient) -> None:
    engine = create_async_engine("sqlite+aiosqlite:////no/such/folder/database.db")

    async def no_session() -> AsyncIterator[AsyncSession]:
        async with AsyncSession(engine) as session:
            yield session

    app.dependency_overrides[get_session] = no_session
    response = await anonymous.get("/health/ready")
    assert (response.status_code, response.json()["title"]) == (503, "Service Unavailable")
    await engine.dispose()
