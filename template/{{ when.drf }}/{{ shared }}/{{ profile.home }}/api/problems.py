"""Errors as problem details (RFC 9457), whoever raises them."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError
from django.db.models import Model, RestrictedError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

MEDIA_TYPE = "application/problem+json"
DATABASE_AWAY = "The database does not answer."
BROKEN = "What it refers to, or what needs it, has just changed: read it again."
RETRY_AFTER = 1
"""Seconds after which a client may ask again."""

log = logging.getLogger(__name__)


class FieldProblemSerializer(serializers.Serializer[Any]):
    """What is wrong with one part of a request."""

    field = serializers.CharField()
    message = serializers.CharField()


class ProblemDetailsSerializer(serializers.Serializer[Any]):
    """An error, in the form of RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FieldProblemSerializer(many=True)  # type: ignore[assignment]  # a field, as the RFC calls it


class Conflict(APIException):
    """The request contradicts what is stored."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "Another record has the same value where it may stand only once."
    errors: Sequence[dict[str, str]] = ()


class PreconditionFailed(APIException):
    """Somebody else changed the thing first."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "It was changed by somebody else: read it again."


class PreconditionRequired(APIException):
    """A change has to say which version it is made to."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = "Send If-Match with the ETag that you read."


class DatabaseAway(APIException):
    """The database cannot be reached, or does not answer in time: the same request may succeed later."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = DATABASE_AWAY
    wait = RETRY_AFTER


def title(code: int) -> str:
    """Name a status as RFC 9110 does; Python renamed this one in 3.13."""
    return (
        "Content Too Large"
        if code == status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
        else HTTPStatus(code).phrase
    )


def problem(code: int, detail: str, errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """Put an error into the form of RFC 9457."""
    return {
        "type": "about:blank",
        "title": title(code),
        "status": code,
        "detail": detail,
        "errors": errors or [],
    }


def _messages(detail: Any, place: str = "") -> Iterator[dict[str, str]]:
    """Flatten the framework's nested messages to one list."""
    if isinstance(detail, dict):
        for name, entry in detail.items():
            yield from _messages(entry, f"{place}.{name}" if place else str(name))
    elif isinstance(detail, list):
        for entry in detail:
            yield from _messages(entry, place)
    else:
        yield {"field": place, "message": str(detail)}


def needed(counts: Mapping[type[Model], int], most: int = 0) -> str:
    """Say which rows need one that was to go.

    Args:
        counts: how many of which kind.
        most: where counting has stopped.
    """
    amounts = []
    for kind, count in counts.items():
        name = kind._meta.verbose_name if count == 1 else kind._meta.verbose_name_plural
        amounts.append(f"{count}{' or more' if count == most else ''} {name}")
    return f"It is needed by {' and '.join(amounts)}."


def _is_broken(error: IntegrityError) -> bool:
    """Tell whether a row came or went at the same moment as one that needs it."""
    cause = error.__cause__
    # PostgreSQL: restrict_violation and foreign_key_violation; MySQL and MariaDB: 1451 and 1452.
    codes = {getattr(cause, "sqlstate", None), next(iter(getattr(cause, "args", ())), None)}
    return bool(codes & {"23001", "23503", 1451, 1452}) or "FOREIGN KEY" in str(cause)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception of a view; the framework's setting EXCEPTION_HANDLER names this function.

    A value that the database refuses is a conflict: two requests may both have found it free.
    """
    if isinstance(error, RestrictedError):
        error = Conflict(needed(Counter(map(type, error.restricted_objects))))
    if isinstance(error, IntegrityError):
        error = Conflict(BROKEN) if _is_broken(error) else Conflict()
    if isinstance(error, (OperationalError, InterfaceError)):
        log_outage(error)
        error = DatabaseAway()
    response = exception_handler(error, context)
    if response is None:
        return None
    data = response.data
    if isinstance(error, ValidationError):
        content = problem(response.status_code, "The request is not valid.", list(_messages(data)))
    else:
        detail = data.get("detail", "") if isinstance(data, dict) else ""
        text = str(detail) if isinstance(detail, ErrorDetail | str) else ""
        errors = list(getattr(error, "errors", ()))
        content = problem(response.status_code, text or title(response.status_code), errors)
    response.data = content
    response.content_type = MEDIA_TYPE
    return response


def _respond(code: int, detail: str) -> JsonResponse:
    return JsonResponse(problem(code, detail), status=code, content_type=MEDIA_TYPE)


def _for_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django refuses before a view is found."""
    if not _for_api(request):
        return defaults.bad_request(request, exception)
    return _respond(400, "The request cannot be read.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django forbids outside the views of the API."""
    if not _for_api(request):
        return defaults.permission_denied(request, exception)
    return _respond(403, "This is not allowed.")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that does not exist."""
    if not _for_api(request):
        return defaults.page_not_found(request, exception)
    return _respond(404, "There is nothing at this address.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error of the program; what it was stands in the log."""
    if not _for_api(request):
        return defaults.server_error(request)
    return _respond(500, "Something went wrong on the server.")


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer while the database is away."""
    response = (
        _respond(503, DATABASE_AWAY)
        if _for_api(request)
        else HttpResponse(DATABASE_AWAY, status=503, content_type="text/plain")
    )
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def log_outage(error: Exception) -> None:
    """Write down why the database does not answer: clients are not told."""
    log.error("the database does not answer: %s", error)
