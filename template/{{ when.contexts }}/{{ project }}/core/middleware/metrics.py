"""Rate, errors and duration of every view, and what waits in the outbox, for Prometheus to fetch at ``/metrics`` of a port of its own."""

import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram
from prometheus_client import generate_latest as write_metrics
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from ..messaging.models import OutboxMessage, State

PATH = "/metrics"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REQUESTS = Histogram(
    "http_request_duration_seconds",
    "Requests: their number is the rate, those with status 5xx are the errors.",
    # The view's name, never the path: each id in a path would be a time series of its own.
    ["view", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


class Outbox(Collector):
    """Counts messages between contexts when it is asked: all processes have the same table."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Count those that wait and those that were given up; none if the database is away, which /ready tells."""
        told = (State.WAITING, State.DEAD)
        rows = OutboxMessage.objects.filter(state__in=told).values_list("state")
        try:
            counts = dict(rows.annotate(Count("pk")))
        except DatabaseError:
            return
        family = GaugeMetricFamily(
            "outbox_messages", "Messages that wait, or were given up.", labels=["state"]
        )
        for state in told:
            family.add_metric([state.value], counts.get(state.value, 0))
        yield family


OUTBOX = CollectorRegistry()
OUTBOX.register(Outbox())


def metrics(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Measure every request, and answer Prometheus before any other middleware looks at the host or asks for TLS.

    gunicorn.conf.py listens on one more port, which nothing publishes. Which port a request has come in by is the server's word,
    and no header's.
    """
    port = str(settings.METRICS_PORT)

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.META["SERVER_PORT"] == port:
            return _numbers() if request.path == PATH else HttpResponseNotFound()
        started = time.perf_counter()
        response = get_response(request)
        REQUESTS.labels(
            view=request.resolver_match.view_name if request.resolver_match else "unmatched",
            method=request.method if request.method in METHODS else "other",
            status=str(response.status_code),
        ).observe(time.perf_counter() - started)
        return response

    return middleware


def _numbers() -> HttpResponse:
    numbers = write_metrics(_registry()) + write_metrics(OUTBOX)
    return HttpResponse(numbers, content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    """Collect the numbers of all workers of gunicorn, or those of this process where it is the only one."""
    registry = CollectorRegistry()
    try:
        # The package's own code has no types here.
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    except ValueError:
        # gunicorn.conf.py has not given the workers a folder, so it is not gunicorn.
        return REGISTRY
    return registry
