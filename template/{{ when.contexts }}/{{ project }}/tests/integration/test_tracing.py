"""Traces: a request and the task that it sends are one trace, and nothing is recorded unless it is asked for."""

import json
import os
import subprocess
import sys

import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

from core.environment import ROOT
from core.tracing import exporter_of

SCRIPT = """
import django
django.setup()
from django.http import HttpResponse
from django.test import Client
from django.urls import path
import structlog
import core.urls
from core.celery import app

@app.task
def ping():
    structlog.get_logger("pinged").info("pinged")

def view(request):
    ping.delay()
    return HttpResponse()

core.urls.urlpatterns.append(path("ping/", view, name="ping"))
Client().get("/ping/", headers={"X-Request-ID": "abc-1"})
Client().get("/health")
from opentelemetry import trace
getattr(trace.get_tracer_provider(), "shutdown", bool)()
"""


def spans_and_lines(exporter: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Run a request that sends a task; return its spans, and the lines that were logged."""
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "core.settings",
            "OTEL_TRACES_EXPORTER": exporter,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    spans, text, decoder = [], run.stdout.strip(), json.JSONDecoder()
    while text:
        span, end = decoder.raw_decode(text)
        spans.append(span)
        text = text[end:].strip()
    return spans, [json.loads(line) for line in run.stderr.splitlines()]


def test_a_request_and_its_task_are_one_trace() -> None:
    spans, lines = spans_and_lines("console")
    assert {span["name"] for span in spans} == {"GET ping/", "run/core.ping"}
    (trace_id,) = {span["context"]["trace_id"].removeprefix("0x") for span in spans}  # type: ignore[index]
    (line,) = [line for line in lines if line["logger"] == "pinged"]
    assert (line["request_id"], line["trace_id"]) == ("abc-1", trace_id)


def test_without_an_exporter_nothing_is_recorded() -> None:
    assert spans_and_lines("none")[0] == []


@pytest.mark.parametrize("endpoint", ["http://collector:4318", "http://collector:4318/"])
def test_otlp_is_sent_to_the_collector(endpoint: str) -> None:
    exporter = exporter_of("otlp", endpoint)
    assert isinstance(exporter, OTLPSpanExporter)
    assert exporter._endpoint == "http://collector:4318/v1/traces"
