"""Gate: every context has its layers, and the inner two are plain Python. Which layer imports which, lint-imports checks."""

import sys
from pathlib import Path

import pytest

from core.environment import ROOT

from .source import CONTEXTS, imports, modules, place

PARTS = (
    "domain/entities/__init__.py",
    "domain/value_objects/__init__.py",
    "domain/events.py",
    "application/use_cases/__init__.py",
    "application/repositories.py",
    "infrastructure/apps.py",
    "infrastructure/models.py",
    "infrastructure/repositories/__init__.py",
    "infrastructure/migrations/__init__.py",
    "bootstrap.py",
)
PLACES = ("domain", "application", "infrastructure", "interface", "bootstrap.py", "__init__.py")
INNER = modules("apps/*/domain/**/*.py", "apps/*/application/**/*.py")
SHARED = ("core.kernel", "core.utils")


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda path: path.name)
def test_context_has_every_layer(context: Path) -> None:
    assert [part for part in PARTS if not (context / part).is_file()] == []


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda path: path.name)
def test_nothing_stands_outside_the_layers(context: Path) -> None:
    found = {path.relative_to(context).parts[0] for path in context.rglob("*.py")}
    assert found - set(PLACES) == set()


def test_domain_and_application_import_plain_python_only() -> None:
    stray = []
    for path in INNER:
        context = path.relative_to(ROOT).parts[1]
        known = (f"apps.{context}.domain", f"apps.{context}.application", *SHARED)
        stray += [
            f"{place(path, line)} imports {name}"
            for line, name in imports(path)
            if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith(known)
        ]
    assert stray == []
