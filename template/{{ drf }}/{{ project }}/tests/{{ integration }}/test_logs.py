"""One line a request, with an id, without personal data."""

import json
from typing import Any

import pytest
from django.test import Client


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [dict(record.msg) for record in caplog.records if record.name == "request"]  # type: ignore[arg-type]


def test_a_request_is_one_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    response = client.get("/api/docs/?name=secret", headers={"X-Request-ID": "abc-1"})
    (line,) = lines(caplog)
    assert response.headers["X-Request-ID"] == "abc-1"
    assert (line["method"], line["route"], line["status"]) == ("GET", "api/docs/", 200)
    assert line["request_id"] == "abc-1"
    assert "secret" not in json.dumps(line)


@pytest.mark.parametrize("given", ["", "a" * 65, "new\tline"])
def test_an_id_that_does_not_fit_is_replaced(client: Client, given: str) -> None:
    answered = client.get("/health/live", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert answered != given
    assert len(answered) == 36
