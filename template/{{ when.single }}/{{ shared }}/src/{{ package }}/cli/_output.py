"""From models to the terminal: tables for people, JSON for programs."""

import datetime as dt
import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..models.entity import ListQuery, Record
from ..services.paging import MAX_TOTAL, Page
from ._input import options

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
    listed: Page[Any],
    context: typer.Context,
    query: ListQuery,
    fields: Sequence[str],
    as_json: bool,
) -> None:
    """Print a page of a list, and for people how to go on.

    Args:
        listed: the page.
        context: the command that was typed to see it.
        query: what its options said.
        fields: what people see of each item, beside its id.
        as_json: whether a program asks.
    """
    if as_json:
        items = [entity.model_dump(mode="json", by_alias=True) for entity in listed.items]
        content = {
            "items": items,
            "next": listed.next,
            "previous": listed.previous,
            "total": listed.total,
        }
        typer.echo(json.dumps(content, indent=2, ensure_ascii=False))
        return
    if listed.items:
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        # An id is there to be copied: it is never cut.
        table.add_column("id", no_wrap=True, min_width=36)
        # The widest give way first, and what does not fit is cut.
        for field in fields:
            table.add_column(_cut(field.replace("_", " ")), min_width=1)
        for entity in listed.items:
            values = entity.model_dump(by_alias=True)
            table.add_row(str(entity.id), *(_cut(text(values[field])) for field in fields))
        _console().print(table)
    typer.echo(_amount(len(listed.items), listed.total))
    if listed.next:
        command, typed = context.command_path, options(context.command)
        typer.echo(f"Next page: {next_command(command, typed, query, listed.next)}")


def _cut(value: str) -> Text:
    """Write a value in one line, as far as it fits."""
    return Text(value, overflow="ellipsis", no_wrap=True)


def next_command(command: str, typed: Mapping[str, str], query: ListQuery, cursor: str) -> str:
    """Write the command that shows the page of a cursor, as a shell reads it.

    Args:
        command: what is typed to see the list, without its options.
        typed: the option of each of the query's fields.
        query: what the list shows.
        cursor: where the page begins.
    """
    given = query.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"cursor"})
    words = command.split()
    for name, value in {**given, "cursor": cursor}.items():
        if isinstance(value, bool):
            words.append(typed[name] if value else typed[name].replace("--", "--no-", 1))
        else:
            words += [typed[name], str(value)]
    return " ".join(map(_quoted, words))


def _amount(shown: int, total: int | None) -> str:
    """Say how many items are shown, and of how many if they were counted."""
    if total is None:
        return f"{shown} shown"
    return f"{shown} of {total}" if total < MAX_TOTAL else f"{shown} of {MAX_TOTAL} or more"


def _quoted(word: str) -> str:
    """Quote a word for a shell; what a terminal would obey is escaped, as bash and zsh read it."""
    if word.isprintable():
        return shlex.quote(word)
    escaped = word.replace("\\", r"\\").replace("'", r"\'")
    return f"$'{text(escaped)}'"


def text(value: Any) -> str:
    """Write a value as people read it, in one line, with nothing in it that a terminal would obey."""
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case dt.datetime():
            return value.astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
        case dt.timedelta():
            hours, minutes = divmod(value.seconds // 60, 60)
            units = {"d": value.days, "h": hours, "min": minutes, "s": value.seconds % 60}
            return " ".join(f"{number} {unit}" for unit, number in units.items() if number) or "0 s"
        case list() | tuple():
            return ", ".join(map(text, value)) or "-"
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
