"""Errors: what a service raises, and how it reaches the client as problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from src.models import Schema

MEDIA_TYPE = "application/problem+json"


class FieldProblem(Schema):
    """What is wrong with one part of a request."""

    field: str
    message: str


class Problem(Schema):
    """An error, in the form of RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem]


class ApiError(Exception):
    """An error that the client can understand. Each subclass is one status."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    headers: dict[str, str] | None = None

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Unauthorized(ApiError):
    """The request names no user that can be trusted."""

    status = HTTPStatus.UNAUTHORIZED
    headers = {"WWW-Authenticate": "Bearer"}  # noqa: RUF012 (read only)


class Forbidden(ApiError):
    """The user may not do this."""

    status = HTTPStatus.FORBIDDEN


class NotFound(ApiError):
    """There is no such thing."""

    status = HTTPStatus.NOT_FOUND


class Conflict(ApiError):
    """The request contradicts what is stored."""

    status = HTTPStatus.CONFLICT


class PreconditionFailed(ApiError):
    """Somebody else changed the thing first."""

    status = HTTPStatus.PRECONDITION_FAILED


class PreconditionRequired(ApiError):
    """A change has to say which version it is made to."""

    status = HTTPStatus.PRECONDITION_REQUIRED


class Unavailable(ApiError):
    """A system that is needed does not answer."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


def phrase(status: int) -> str:
    """Name a status as RFC 9110 does; Python knew 422 by an older name before 3.13."""
    return "Unprocessable Content" if status == 422 else HTTPStatus(status).phrase


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the errors of a route, for its ``responses``."""
    return {status: {"model": Problem, "description": phrase(status)} for status in statuses}


def _respond(
    status: int,
    detail: str,
    errors: list[FieldProblem] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    problem = Problem(
        type="about:blank",
        title=phrase(status),
        status=status,
        detail=detail,
        errors=errors or [],
    )
    return JSONResponse(problem.model_dump(), status, headers=headers, media_type=MEDIA_TYPE)


def _allowed_methods(request: Request) -> str:
    """List every documented method of the path: Starlette names those of the first route only."""
    return ", ".join(
        sorted(
            method.upper()
            for path, methods in request.app.openapi()["paths"].items()
            if compile_path(path)[0].match(request.url.path)
            for method in methods
        )
    )


def install(app: FastAPI) -> None:
    """Let the application answer every error as problem details, and say so in its contract."""

    @app.exception_handler(ApiError)
    async def on_api_error(_request: Request, error: ApiError) -> JSONResponse:
        return _respond(error.status, error.detail, headers=error.headers)

    @app.exception_handler(HTTPException)
    async def on_http_error(request: Request, error: HTTPException) -> JSONResponse:
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = _allowed_methods(request) or headers.get("Allow", "")
        if error.status_code == HTTPStatus.BAD_REQUEST:
            # FastAPI's only 400 of its own: the body is not UTF-8. The contract calls that 422, like any broken body.
            return _respond(
                HTTPStatus.UNPROCESSABLE_ENTITY, "The body cannot be read.", headers=headers
            )
        return _respond(error.status_code, error.detail, headers=headers)

    @app.exception_handler(RequestValidationError)
    async def on_invalid_request(_request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [
            FieldProblem(field=".".join(str(part) for part in entry["loc"]), message=entry["msg"])
            for entry in error.errors()
        ]
        return _respond(HTTPStatus.UNPROCESSABLE_ENTITY, "The request is not valid.", errors)

    @app.exception_handler(Exception)
    async def on_any_error(_request: Request, error: Exception) -> JSONResponse:
        structlog.get_logger().exception("unexpected error", exc_info=error)
        return _respond(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on the server.")

    original = app.openapi

    def openapi() -> dict[str, Any]:
        """Name the media type that errors really have."""
        contract = original()
        for path in contract["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    content = response.get("content", {})
                    if int(status) >= HTTPStatus.BAD_REQUEST and "application/json" in content:
                        content[MEDIA_TYPE] = content.pop("application/json")
        return contract

    app.openapi = openapi  # type: ignore[method-assign]
