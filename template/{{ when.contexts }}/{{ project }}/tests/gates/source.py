"""The source of the contexts, as the gates read it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from core.environment import ROOT

CONTEXTS = sorted(path.parent for path in ROOT.glob("apps/*/__init__.py"))


def modules(*patterns: str) -> list[Path]:
    """List the Python files below the root that match a pattern; what tests are made of is not among them."""
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


def place(path: Path, line: int) -> str:
    """Say where something stands, as editors understand it."""
    return f"{path.relative_to(ROOT)}:{line}"


def nodes(path: Path) -> Iterator[ast.AST]:
    """Walk through everything that a file says."""
    return ast.walk(ast.parse(path.read_text("utf-8")))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """List the modules that a file imports, with their lines; relative ones by their full names."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parent = package[: len(package) - node.level + 1] if node.level else ()
            yield node.lineno, ".".join([*parent, *filter(None, [node.module])])


def use_cases() -> Iterator[tuple[Path, ast.ClassDef, ast.FunctionDef]]:
    """Find every use case: a class of ``application/use_cases/`` that can be called."""
    for path in modules("apps/*/application/use_cases/*.py"):
        for node in nodes(path):
            if isinstance(node, ast.ClassDef):
                for entry in node.body:
                    if isinstance(entry, ast.FunctionDef) and entry.name == "__call__":
                        yield path, node, entry
