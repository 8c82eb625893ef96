"""Traces (OpenTelemetry): a request, the tasks that it sends and what they send are one trace. Off by default."""

from typing import Any

import structlog
from django.conf import settings
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter

# Probes and metrics are answered before a trace begins: they ask by address, which the instrumentation does not bear.
AFTER = "core.middleware.metrics.metrics"


def exporter_of(name: str, endpoint: str) -> SpanExporter | None:
    """Make what sends the spans away.

    Args:
        name: value of OTEL_TRACES_EXPORTER: ``otlp``, ``console`` or ``none``.
        endpoint: address of the collector, for OTLP over HTTP.
    """
    if name == "otlp":
        return OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")
    return ConsoleSpanExporter() if name == "console" else None


def start_tracing(name: str, endpoint: str, service: str) -> None:
    """Record the spans of Django and Celery from now on, unless the exporter is ``none``.

    Sampling, attributes and batches are as the SDK's own variables say: OTEL_TRACES_SAMPLER, OTEL_RESOURCE_ATTRIBUTES, …
    """
    exporter = exporter_of(name, endpoint)
    if exporter is None:
        return
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}))
    # It survives the fork into worker processes: the SDK starts its thread anew in each.
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    DjangoInstrumentor().instrument(
        middleware_position=settings.MIDDLEWARE.index(AFTER) + 1, request_hook=_log_trace
    )
    # The package's own code has no types here.
    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]


def _log_trace(span: trace.Span, request: Any) -> None:
    """Put the trace's id into every line that the request logs."""
    trace_id = trace.format_trace_id(span.get_span_context().trace_id)
    structlog.contextvars.bind_contextvars(trace_id=trace_id)
