"""What the operator sees: one JSON line a request, with an id that goes through every line, and no personal data."""

import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any
from uuid import uuid4

import structlog
from django.apps import apps
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
MASK = "***"


@cache
def personal_fields() -> frozenset[str]:
    """Name the fields, of all models, that are personal data: those that ``personal`` names."""
    return frozenset(name for model in apps.get_models() for name in getattr(model, "personal", ()))


def masked(value: Any, personal: Collection[str]) -> Any:
    """Copy what is to be logged, with the values of personal fields hidden, however deep they stand."""
    if is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {
            key: MASK if key in personal else masked(entry, personal)
            for key, entry in value.items()
        }
    if isinstance(value, list | tuple):
        return [masked(entry, personal) for entry in value]
    return value


def mask_personal(_logger: Any, _method: str, event: Any) -> Any:
    """Hide personal data in a line; before the models are read, there is none."""
    return masked(event, personal_fields()) if apps.models_ready else event


def logging_config(level: str) -> dict[str, Any]:
    """Configure structlog, and return the configuration that sends every logger's lines out as JSON.

    gunicorn.conf.py uses it as well, so that the server's own lines look like the application's.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask_personal,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
                "foreign_pre_chain": shared,
            },
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would write every line twice, and mail errors to nobody.
            "django": {"handlers": [], "propagate": True},
            # Its lines hold the query. A logger without a handler would still print warnings.
            "django.server": {"handlers": ["nowhere"], "propagate": False},
            # One line a request is enough: this logger repeats it for every answer from 400 on.
            "django.request": {"level": "ERROR"},
            "gunicorn.error": {"handlers": [], "propagate": True},
        },
    }


def request_log(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Give every request an id and write one line when it is answered.

    The line holds method, route, status and duration in milliseconds. It holds no query, no body, no header and no
    path with values in it, because those may be personal data.
    """
    log = structlog.get_logger("request")

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if REQUEST_ID.fullmatch(given) else str(uuid4())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = get_response(request)
        response.headers[HEADER] = request_id
        log.info(
            "request",
            method=request.method,
            route=request.resolver_match.route if request.resolver_match else "unmatched",
            status=response.status_code,
            duration_ms=round((time.perf_counter() - started) * 1000, 1),
        )
        return response

    return middleware
