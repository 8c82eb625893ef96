"""Gate: what a use case depends on is a protocol, and is given to it. Types and style, mypy and ruff check."""

import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any

from core.environment import ROOT

from .source import place, use_cases


def protocol_of(annotation: Any) -> bool:
    """Tell whether an annotation is a callable that gives something of a protocol, such as ``Callable[[], CheckWork]``."""
    if typing.get_origin(annotation) is not Callable:
        return False
    given = typing.get_args(annotation)[-1]
    return bool(getattr(given, "_is_protocol", False))


def test_use_cases_are_given_protocols() -> None:
    wrong = []
    for path, node, _ in use_cases():
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        use_case = getattr(module, node.name)
        assert is_dataclass(use_case), f"{place(path, node.lineno)} {node.name} is no dataclass"
        hints = typing.get_type_hints(use_case)
        wrong += [
            f"{place(path, node.lineno)} {node.name}.{field.name}: {field.type}"
            for field in fields(use_case)
            if not protocol_of(hints[field.name])
        ]
    assert wrong == []
