"""What the log tells, and what it keeps to itself."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from src.observability import HEADER, RequestLog, configure_logging


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Catch what goes to standard error, and put pytest's own handlers back afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure_logging("INFO")
    stream = StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield stream
    root.handlers[:], root.level = before


@pytest.fixture
def caller() -> AsyncClient:
    """Call an application with one route that has a value in its path."""
    app = FastAPI()

    @app.get("/people/{name}")
    async def person(name: str) -> str:
        logging.getLogger("people").warning("looked up")
        return name

    @app.get("/crash")
    async def crash() -> None:
        raise RuntimeError

    transport = ASGITransport(RequestLog(app), raise_app_exceptions=False)
    return AsyncClient(transport=transport, base_url="http://test")


def lines(log: StringIO) -> list[dict[str, Any]]:
    """Read the log, without what the test's own client writes into it."""
    read = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in read if line["logger"] != "httpx"]


async def test_a_request_is_one_line_without_personal_data(
    caller: AsyncClient, log: StringIO
) -> None:
    await caller.get("/people/ada?mail=ada@example.com", headers={"Authorization": "Bearer secret"})
    _, line = lines(log)
    assert (line["method"], line["route"], line["status"]) == ("GET", "/people/{name}", 200)
    assert line["duration_ms"] >= 0
    assert not any(part in str(lines(log)) for part in ("people/ada", "example.com", "secret"))


async def test_the_request_id_goes_through_every_line(caller: AsyncClient, log: StringIO) -> None:
    response = await caller.get("/people/ada", headers={HEADER: "abc-1"})
    assert response.headers[HEADER] == "abc-1"
    assert {line["request_id"] for line in lines(log)} == {"abc-1"}


async def test_an_id_that_could_harm_the_log_is_replaced(caller: AsyncClient) -> None:
    response = await caller.get("/people/ada", headers={HEADER: 'x", "level": "error'})
    assert len(response.headers[HEADER]) == 36


async def test_a_crash_is_logged_too(caller: AsyncClient, log: StringIO) -> None:
    await caller.get("/crash")
    assert [line["status"] for line in lines(log) if line["logger"] == "request"] == [500]
