"""Pydantic Models: every route says what comes in, what goes out, and what it is for."""

import ast

from fastapi.routing import APIRoute
from pydantic import BaseModel

from src.discovery import domain_routers

from .source import routes, trees

DECLARED = ("response_model", "status_code", "summary", "description")


def test_every_route_declares_what_it_does() -> None:
    missing = []
    for place, tree in trees("src/*/router.py", "src/*/nested.py"):
        tagged = "tags=" in "".join(
            ast.unparse(node.value) for node in tree.body if isinstance(node, ast.Assign)
        )
        for function, decorator in routes(tree):
            given = {keyword.arg for keyword in decorator.keywords} | (
                {"tags"} if tagged else set()
            )
            missing += [
                f"{place}:{function.lineno} route {function.name} does not declare {name}"
                for name in (*DECLARED, "tags")
                if name not in given
            ]
    assert not missing, "\n".join(missing)


def test_every_answer_is_a_pydantic_model() -> None:
    served = [
        route
        for router in domain_routers()
        for route in router.load().routes
        if isinstance(route, APIRoute) and route.status_code != 204
    ]
    wrong = [
        f"{route.endpoint.__module__}.{route.name} answers with {route.response_model}"
        for route in served
        if not (
            isinstance(route.response_model, type) and issubclass(route.response_model, BaseModel)
        )
    ]
    assert not wrong, "\n".join(wrong)
