"""From models to the terminal: tables for people, JSON for programs."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..models.entity import ListQuery, Record

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def show(entity: Record, as_json: bool) -> None:
    """Print one thing with all its fields."""
    if as_json:
        content = entity.model_dump(mode="json", by_alias=True)
        typer.echo(json.dumps(content, indent=2, ensure_ascii=False))
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in entity.model_dump(by_alias=True).items():
        table.add_row(name.replace("_", " "), Text(text(value)))
    _console().print(table)


def page(
    entities: Sequence[Record], total: int, query: ListQuery, fields: Sequence[str], as_json: bool
) -> None:
    """Print a part of a list.

    Args:
        entities: what is in the part.
        total: how many there are in all.
        query: which part it is.
        fields: what people see of each, beside its id.
        as_json: whether a program asks.
    """
    if as_json:
        items = [entity.model_dump(mode="json", by_alias=True) for entity in entities]
        content = {"items": items, "total": total, "limit": query.limit, "offset": query.offset}
        typer.echo(json.dumps(content, indent=2, ensure_ascii=False))
        return
    if entities:
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        # An id is there to be copied: it is never cut.
        table.add_column("id", no_wrap=True, min_width=36)
        for field in fields:
            table.add_column(field.replace("_", " "), overflow="ellipsis", no_wrap=True)
        for entity in entities:
            values = entity.model_dump(by_alias=True)
            table.add_row(str(entity.id), *(Text(text(values[field])) for field in fields))
        _console().print(table)
    typer.echo(f"{len(entities)} of {total}")


def text(value: Any) -> str:
    """Write a value as people read it, in one line, with nothing in it that a terminal would obey."""
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case dt.datetime():
            return value.astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
        case dict():
            return text(json.dumps(value, ensure_ascii=False))
        case _:
            letters = (
                letter if letter.isprintable() else letter.encode("unicode_escape").decode()
                for letter in str(value)
            )
            return "".join(letters)


def _console() -> Console:
    """Print to standard output as it is now, as wide as the terminal, or 120 columns in a file or a pipe."""
    console = Console(highlight=False, markup=False, emoji=False)
    return console if console.is_terminal else Console(width=120, highlight=False, markup=False)
