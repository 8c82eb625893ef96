"""What the tests enter: one module a feature, with three examples that differ in every field that sorts."""

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))


def examples(name: str) -> list[dict[str, Any]]:
    """Return the examples of a feature."""
    found: list[dict[str, Any]] = import_module(f"{__name__}.{name}").EXAMPLES
    return found


def command(name: str) -> str:
    """Name the sub-command of a feature."""
    return name.replace("_", "-")


def options(values: Mapping[str, Any]) -> list[str]:
    """Write values as the options that enter them."""
    words: list[str] = []
    for name, value in values.items():
        option = command(name)
        if isinstance(value, bool):
            words.append(f"--{option}" if value else f"--no-{option}")
        else:
            words += [f"--{option}", json.dumps(value) if isinstance(value, dict) else str(value)]
    return words
