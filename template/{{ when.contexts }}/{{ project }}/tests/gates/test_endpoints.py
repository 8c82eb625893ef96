"""Gate: every endpoint authenticates, every input goes through a serializer, every role is decided and tested."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from core.environment import ROOT
from core.kernel.actors import Role

from .source import CONTEXTS, place, use_cases

METHODS = ("get", "post", "put", "patch", "delete")
OPEN = {
    # The admin site's own sign-in.
    "/admin/login/",
    # Leads to the documentation.
    "/",
    # Whoever signs in has no token yet.
    "/api/auth/register/",
    "/api/auth/login/",
    "/api/auth/refresh/",
    "/api/auth/logout/",
    # Whoever follows a link from a mail, or asks for one, proves by it who it is.
    "/account/",
    "/api/auth/email/verify/",
    "/api/auth/password/reset/",
    "/api/auth/password/reset/confirm/",
    # What there is, but no data of anybody.
    "/api/schema/",
    "/api/docs/",
}


def endpoints(patterns: list[Any], prefix: str = "/") -> Iterator[tuple[str, Any]]:
    """List every address of the project with its view; the admin site has a sign-in of its own."""
    for entry in patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver) and entry.app_name != "admin":
            yield from endpoints(entry.url_patterns, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.callback


def methods(view: Any) -> list[str]:
    """List the methods that a view answers."""
    actions = getattr(view, "actions", None)
    handlers = actions or {name: name for name in METHODS if hasattr(view.cls, name)}
    return [name for name in METHODS if name in handlers]


@pytest.mark.django_db
def test_every_endpoint_authenticates() -> None:
    client = APIClient(raise_request_exception=False)
    answered = {}
    for path, view in endpoints(get_resolver().url_patterns):
        if path in OPEN:
            continue
        assert hasattr(view, "cls"), f"{path} is no view of the REST framework"
        for converter in ("<uuid:id>", "<uuid:user_id>", "<uuid:team_id>"):
            path = path.replace(converter, str(uuid4()))
        for method in methods(view):
            name = f"{method.upper()} {path} ({view.cls.__module__}.{view.cls.__name__})"
            answered[name] = getattr(client, method)(path).status_code
    assert [name for name, code in answered.items() if code != 401] == []
    assert len(answered) >= 4


def test_every_input_goes_through_a_serializer() -> None:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    loose = []
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            body = content.get("application/json", {}).get("schema", {})
            if method in ("post", "put", "patch") and "$ref" not in body:
                loose.append(f"{method.upper()} {path}")
    assert loose == []


def test_every_use_case_of_an_actor_looks_at_the_role() -> None:
    careless = []
    for path, use_case, call in use_cases():
        asked = [
            node.func.attr
            for node in ast.walk(call)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        ]
        acts = "actor" in [argument.arg for argument in call.args.args]
        if acts and not {"require", "require_charge_of"} & set(asked):
            careless.append(f"{place(path, use_case.lineno)} {use_case.name}")
    assert careless == []


def contract_tests(context: Path) -> list[Path]:
    """Name the tests of a context's collections: of one they are called like the context, of each other one like its rows as well."""
    urls = import_module(f"apps.{context.name}.interface.urls")
    views = [view for _, view, _ in urls.router.registry] if hasattr(urls, "router") else []
    rows = [type(view.use_cases.create).__module__.rpartition(".")[2] for view in views]
    own = [ROOT / f"tests/contract/test_{context.name}_{name}.py" for name in rows]
    without = [file for file in own if not file.is_file()]
    rest = [file for file in own if file not in without]
    return [ROOT / f"tests/contract/test_{context.name}.py", *rest, *without[1:]]


def test_every_role_is_tested_over_http() -> None:
    missing = []
    for context in CONTEXTS:
        if not (context / "interface/urls.py").is_file():
            continue
        for file in contract_tests(context):
            tree = ast.parse(file.read_text("utf-8")) if file.is_file() else ast.Module([], [])
            matrix = [
                ast.literal_eval(node.value)
                for node in tree.body
                if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "MATRIX"
            ]
            known = {who for entry in matrix for who in entry}
            missing += [
                f"{file.relative_to(ROOT)}: MATRIX has no {who}"
                for who in (*Role, "stranger")
                if who not in known
            ]
    assert missing == []
