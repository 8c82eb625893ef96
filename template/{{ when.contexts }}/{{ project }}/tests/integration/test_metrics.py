"""Rate, errors and duration, by view."""

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from prometheus_client import REGISTRY

from core.environment import ROOT
from core.middleware.metrics import PATH, metrics

PORT = str(settings.METRICS_PORT)


def count(view: str, status: str, method: str = "GET") -> float:
    labels = {"view": view, "method": method, "status": status}
    return REGISTRY.get_sample_value("http_request_duration_seconds_count", labels) or 0


def test_a_request_is_counted_by_the_name_of_its_view(client: Client) -> None:
    before = count("docs", "200")
    client.get("/api/docs/?secret=1")
    assert count("docs", "200") == before + 1
    duration = {"view": "docs", "method": "GET", "status": "200"}
    assert REGISTRY.get_sample_value("http_request_duration_seconds_sum", duration)


def test_an_address_that_does_not_exist_makes_no_series_of_its_own(client: Client) -> None:
    before = count("unmatched", "404")
    client.get("/api/nothing/1/")
    client.get("/api/nothing/2/")
    assert count("unmatched", "404") == before + 2
    before = count("unmatched", "404", "other")
    client.generic("BREW", "/api/nothing/")
    assert count("unmatched", "404", "other") == before + 1


def test_an_error_is_counted() -> None:
    before = count("unmatched", "500")
    metrics(lambda request: HttpResponse(status=500))(RequestFactory().get("/"))
    assert count("unmatched", "500") == before + 1


@override_settings(SECURE_SSL_REDIRECT=True)
def test_prometheus_is_answered_by_address(db: None, client: Client) -> None:
    client.get("/api/docs/", secure=True)
    page = client.get(PATH, headers={"Host": "10.1.2.3"}, SERVER_PORT=PORT)
    assert page.headers["Content-Type"].startswith("text/plain")
    sample = r'^http_request_duration_seconds_bucket{le="[\d.]+",method="GET",status="200",view="docs"} [\d.]+$'
    assert re.search(sample, page.content.decode(), re.MULTILINE)


def test_the_port_of_the_application_tells_nothing(client: Client) -> None:
    for headers in ({}, {"Host": f"localhost:{PORT}", "X-Forwarded-Port": PORT}):
        assert client.get(PATH, headers=headers).status_code == 404


def test_the_port_of_the_metrics_serves_nothing_else(client: Client) -> None:
    assert client.get("/api/docs/").status_code == 200
    assert client.get("/api/docs/", SERVER_PORT=PORT).status_code == 404


def test_nothing_publishes_the_port_of_the_metrics() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    published = [
        port for service in compose["services"].values() for port in service.get("ports", [])
    ]
    manifests = yaml.safe_load_all((ROOT / "k8s/base/deployment.yaml").read_text("utf-8"))
    services = [
        manifest["spec"]["ports"] for manifest in manifests if manifest["kind"] == "Service"
    ]
    assert published
    assert services
    assert PORT not in str(published)
    assert not re.search(f"metrics|{PORT}", str(services))


SCRIPT = """
import django
django.setup()
from django.test import Client
from django.conf import settings
print(Client().get("/api/docs/").status_code)
print(Client().get("/metrics", SERVER_PORT=str(settings.METRICS_PORT)).content.decode())
"""


def test_the_numbers_of_all_workers_are_added(tmp_path: Path) -> None:
    variables = os.environ | {
        "DJANGO_SETTINGS_MODULE": "core.settings",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
    }
    for number in (1, 2):
        command = [sys.executable, "-c", SCRIPT]
        run = subprocess.run(
            command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False
        )
        sample = r'_count{method="GET",status="200",view="docs"} ([\d.]+)'
        found = re.search(sample, run.stdout)
        assert found, run.stderr
        assert float(found[1]) == number
