"""From what was typed to models."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any

import typer
from pydantic import ValidationError


def given(**options: Any) -> dict[str, Any]:
    """Keep the options that were typed; what was left out is None."""
    return {name: value for name, value in options.items() if value is not None}


def changes(
    values: Mapping[str, Any], cleared: Iterable[StrEnum], lists: Collection[str] = ()
) -> dict[str, Any]:
    """Join new values with the fields that are to be emptied.

    Args:
        values: by the names of their fields.
        cleared: each called like the field, in capitals, with the word that is typed as its value.
        lists: fields that are lists, and empty without an entry.

    Raises:
        typer.BadParameter: when there is nothing to change, or a field is to be set and emptied.
    """
    emptied = {entry.name.lower(): entry.value for entry in cleared}
    if not values and not emptied:
        raise typer.BadParameter("there is nothing to change: give an option")
    if both := sorted(values.keys() & emptied):
        raise typer.BadParameter(f"--{emptied[both[0]]} cannot be set and cleared at once")
    return {**values, **{name: [] if name in lists else None for name in emptied}}


def misfit(error: ValidationError, typed: Mapping[str, str]) -> str:
    """Say which options do not fit, and why, without the values themselves.

    Args:
        error: what the model says.
        typed: the option of each field.
    """
    problems = [
        f"{typed[str(entry['loc'][0])]} does not fit: {entry['msg'].removeprefix('Value error, ')}"
        for entry in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return "; ".join(problems)


def options(command: Any) -> dict[str, str]:
    """Say by which option of a command the value of each field is typed."""
    return {entry.name.rstrip("_"): entry.opts[0] for entry in command.params}
