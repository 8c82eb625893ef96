"""Every error is problem details, and tells nothing that it should not."""

from collections.abc import AsyncIterator

import pytest
from fastapi import APIRouter, FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import BaseModel

from src.exceptions import MEDIA_TYPE, Conflict, install


class Body(BaseModel):
    """Something to send."""

    number: float


@pytest.fixture
async def caller() -> AsyncIterator[AsyncClient]:
    """Call an application that fails in every way."""
    app = FastAPI()
    install(app)
    router = APIRouter(prefix="/things")

    @app.get("/conflict")
    async def conflict() -> None:
        raise Conflict("Somebody was first.")

    @app.get("/crash")
    async def crash() -> None:
        raise RuntimeError("the password is hunter2")

    @router.post("")
    async def create(body: Body) -> None: ...

    @router.get("")
    async def read() -> None: ...

    @router.get("/hidden", include_in_schema=False)
    async def hidden() -> None: ...

    app.include_router(router)

    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_an_error_of_a_service_is_a_problem(caller: AsyncClient) -> None:
    response = await caller.get("/conflict")
    assert response.headers["Content-Type"] == MEDIA_TYPE
    assert response.json() == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "Somebody was first.",
        "errors": [],
    }


async def test_an_unexpected_error_keeps_its_message(caller: AsyncClient) -> None:
    response = await caller.get("/crash")
    assert response.status_code == 500
    assert response.headers["Content-Type"] == MEDIA_TYPE
    assert "hunter2" not in response.text


@pytest.mark.parametrize("body", ['{"number": "x"}', "{", '{"number": NaN, "more": 1}x'])
async def test_an_invalid_body_names_its_fields(caller: AsyncClient, body: str) -> None:
    response = await caller.post(
        "/things", content=body, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 422
    assert response.json()["errors"]


async def test_a_body_that_is_no_text_is_refused(caller: AsyncClient) -> None:
    response = await caller.post(
        "/things", content=b'{"a": "\xff"}', headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 422
    assert response.headers["Content-Type"] == MEDIA_TYPE


async def test_a_wrong_method_is_told_every_right_one(caller: AsyncClient) -> None:
    response = await caller.delete("/things")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, POST")
    response = await caller.delete("/things/hidden")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET")


async def test_an_unknown_path_is_a_problem(caller: AsyncClient) -> None:
    response = await caller.get("/nowhere")
    assert (response.status_code, response.json()["title"]) == (404, "Not Found")
