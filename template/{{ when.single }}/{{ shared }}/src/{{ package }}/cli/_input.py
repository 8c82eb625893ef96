"""From what was typed to models."""

from collections.abc import Iterable, Mapping
from typing import Any

import typer
from pydantic import ValidationError


def given(**options: Any) -> dict[str, Any]:
    """Keep the options that were typed; what was left out is None."""
    return {name: value for name, value in options.items() if value is not None}


def changes(values: Mapping[str, Any], cleared: Iterable[str]) -> dict[str, Any]:
    """Join new values with the fields that are to be emptied.

    Raises:
        typer.BadParameter: when there is nothing to change, or a field is to be set and emptied.
    """
    emptied = {str(name).replace("-", "_"): None for name in cleared}
    if not values and not emptied:
        raise typer.BadParameter("there is nothing to change: give an option")
    if both := sorted(values.keys() & emptied):
        raise typer.BadParameter(f"{option(both[0])} cannot be set and cleared at once")
    return {**values, **emptied}


def misfit(error: ValidationError) -> str:
    """Say which options do not fit, and why, without the values themselves."""
    problems = [
        f"{option(str(entry['loc'][0]))} does not fit: {entry['msg'].removeprefix('Value error, ')}"
        for entry in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return "; ".join(problems)


def option(name: str) -> str:
    """Write a field's name as its option is typed."""
    return f"--{name.replace('_', '-')}"
