"""RESTful Design: paths are things, methods mean what HTTP says."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

SEGMENT = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
VERBS = {
    "add", "change", "create", "delete", "edit", "fetch", "find", "get", "insert", "list", "load", "make",
    "new", "post", "put", "read", "remove", "save", "search", "set", "store", "update",
}  # fmt: skip


def operations(app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """List every path and method that the contract has."""
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def test_paths_are_things(app: FastAPI) -> None:
    wrong = [
        f"{path}: {segment!r} is not a plain noun in lower case"
        for path in app.openapi()["paths"]
        for segment in path.strip("/").split("/")
        if not segment.startswith("{")
        and (not SEGMENT.fullmatch(segment) or segment.split("-")[0] in VERBS)
    ]
    assert not wrong, "\n".join(wrong)


def test_methods_mean_what_http_says(app: FastAPI) -> None:
    wrong = []
    for path, method, operation in operations(app):
        good = [status for status in operation["responses"] if status.startswith("2")]
        if method == "GET" and "requestBody" in operation:
            wrong.append(f"GET {path} takes a body")
        if method == "POST" and not path.endswith("}") and good != ["201"]:
            wrong.append(f"POST {path} answers {', '.join(good)}, not 201")
        if method == "DELETE" and good != ["204"]:
            wrong.append(f"DELETE {path} answers {', '.join(good)}, not 204")
    assert not wrong, "\n".join(wrong)


def test_errors_are_problem_details(app: FastAPI) -> None:
    wrong = [
        f"{method} {path}: {status} is not application/problem+json"
        for path, method, operation in operations(app)
        for status, response in operation["responses"].items()
        if status >= "4" and list(response.get("content", {})) != ["application/problem+json"]
    ]
    assert not wrong, "\n".join(wrong)
