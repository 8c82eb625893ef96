"""Gate: a request leaves a log line, a sample and a span. In a process of its own, as it would in production."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from core.environment import ROOT

SCRIPT = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from opentelemetry import trace

call_command("migrate", verbosity=0)
client = Client()
who = {"username": "ada", "password": "a long enough password"}
client.post("/api/auth/register/", who | {"team": "Engines"}, "application/json")
tokens = client.post("/api/auth/login/", who, "application/json").json()
headers = {"Authorization": "Bearer " + tokens["access"], "X-Request-ID": "gate-1"}
assert client.get("/api/team/members/", headers=headers).status_code == 200
trace.get_tracer_provider().shutdown()
print("METRICS")
print(client.get("/metrics", SERVER_PORT=str(settings.METRICS_PORT)).content.decode())
"""


@pytest.fixture(scope="module")
def emitted() -> dict[str, Any]:
    """Everything that a session of three requests leaves behind."""
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "core.settings",
            "DATABASE_URL": "sqlite:///:memory:",
            "OTEL_TRACES_EXPORTER": "console",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    spans, _, metrics = run.stdout.partition("METRICS\n")
    logs = [json.loads(line) for line in run.stderr.splitlines() if line.startswith("{")]
    return {"logs": logs, "spans": spans, "metrics": metrics}


def test_a_request_leaves_a_line_with_its_id_and_its_users(emitted: dict[str, Any]) -> None:
    (line,) = [line for line in emitted["logs"] if line.get("request_id") == "gate-1"]
    assert (line["event"], line["method"], line["status"]) == ("request", "GET", 200)
    assert line["route"] == "api/team/members/"
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", line["user_id"])
    assert line["duration_ms"] > 0
    assert re.fullmatch(r"[0-9a-f]{32}", line["trace_id"])


def test_what_happened_leaves_a_line(emitted: dict[str, Any]) -> None:
    (line,) = [line for line in emitted["logs"] if line["event"] == "published"]
    assert line["message"] == "users.team_founded"


@pytest.mark.parametrize(
    ("view", "status"), [("members", "200"), ("register", "201"), ("login", "200")]
)
def test_a_request_leaves_a_sample_by_its_view(
    emitted: dict[str, Any], view: str, status: str
) -> None:
    found = re.findall(
        r'http_request_duration_seconds_count\{method="\w+",status="(\d+)",view="(\w+)"\} (\S+)',
        emitted["metrics"],
    )
    assert (status, view, "1.0") in found


def test_a_request_leaves_a_span(emitted: dict[str, Any]) -> None:
    assert '"name": "GET api/team/members/"' in emitted["spans"]


def test_alive_and_ready_are_told_apart(db: None, client: Client) -> None:
    assert client.get("/health").json() == {"status": "alive"}
    assert client.get("/ready").json() == {"status": "ready"}
