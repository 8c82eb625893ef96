"""What became of a feature's entities since it was copied: the answer ``changes``, and the migrations that follow from it.

The answer is only ever appended to. Each block is headed by its day and by the migrations that were the newest then, and is one
migration. ``fields`` with every block applied is the state of today, so that a rendering stays a pure function of the answers.
"""

import datetime as dt
import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jinja2 import Environment, pass_environment
from jinja2.ext import Extension

BLOCK = re.compile(r"@\s*(?P<date>\d{4}-\d\d-\d\d)(?:\s+after\s+(?P<after>[\w.,\s-]*?))?\s*(?::\s*(?P<why>.+?))?\s*")
RENAME = re.compile(r"(?:(?P<entity>[A-Z]\w*)\.)?(?P<name>[a-z]\w*)\s*->\s*(?P<new>[a-z]\w*)")
SIGNED = re.compile(r"(?P<sign>[-+~])\s*(?:(?P<entity>[A-Z]\w*)\.)?(?P<rest>.+)")
SECTION = re.compile(r"\s*\[\s*(?P<name>[^\[\]]*?)\s*\]\s*(?:#.*)?")
NAMED = re.compile(r"\s*(?P<name>[a-z]\w*)\s*(?::|\Z)")
TOGETHER = re.compile(r"\s*unique\s*\((?P<names>[^()]*)\)\s*")
FILL = re.compile(r"(?P<line>.*?)\s+<-\s*(?P<value>.*)")
FORM = "write + name:type (a new field), ~ name:type (another type), old -> new (another name), - name (gone) or + [Entity]"

WIDER = {
    "int": {"bigint", "float"}, "bigint": {"float"}, "str": {"text"}, "email": {"str", "text"}, "url": {"str", "text"},
    "enum": {"str", "text"}, "text": {"str"},
}  # fmt: skip
"""What a type may become: the column keeps the same values. What is longer than a text may be then is looked for first."""


class ChangeError(ValueError):
    """A change that cannot be made; the message says why and what would be right."""


@dataclass
class Operation:
    """One line of a block.

    Args:
        kind: ``add``, ``retype``, ``rename``, ``remove`` of a field, ``join`` and ``part`` of a line ``unique(…)``, ``found`` of an entity.
        entity: whose field it is; empty for the main one.
        name: of the field or the entity.
        text: as it was typed.
        number: of the line.
        line: the field as ``fields`` has it, or the new name.
        fill: what rows that are there get.
        lines: the fields of a new entity.
    """

    kind: str
    entity: str
    name: str
    text: str
    number: int
    line: str = ""
    fill: str | None = None
    lines: list[str] = field(default_factory=list)


@dataclass
class Block:
    """Changes that are made together.

    Args:
        date: the day, as ISO 8601.
        after: the newest migrations then: a revision of Alembic's, or ``app.name`` for each app of Django's.
        why: the reason, in one line.
        operations: what changes.
        number: of the heading's line.
    """

    date: str
    after: str
    why: str
    number: int
    operations: list[Operation] = field(default_factory=list)


def blocks_of(text: str) -> list[Block]:
    """Read the answer to ``changes``.

    Raises:
        ChangeError: with the number of the line, what is wrong in it and what would be right.
    """
    found: list[Block] = []
    for number, line in enumerate(text.splitlines(), 1):
        typed = line.strip()
        if not typed or typed.startswith("#"):
            continue
        if typed.startswith("@"):
            if not (match := BLOCK.fullmatch(typed)) or not _is_date(match["date"]):
                raise ChangeError(f"changes, line {number}: {typed!r} heads no block: it is written by make change")
            found.append(Block(match["date"], match["after"] or "", match["why"] or "", number))
            continue
        if not found:
            raise ChangeError(f"changes, line {number}: the first block has no heading '@ DATE': use make change")
        block = found[-1]
        if operation := _operation(typed, number):
            block.operations.append(operation)
        elif block.operations and block.operations[-1].kind == "found":
            block.operations[-1].lines.append(typed)
        else:
            raise ChangeError(f"changes, line {number}: {typed!r} is no change: {FORM}")
    for block in found:
        if not block.operations:
            raise ChangeError(f"changes, line {block.number}: nothing stands below the heading: {FORM}")
        for operation in block.operations:
            if operation.kind == "found" and not operation.lines:
                raise ChangeError(
                    f"changes, line {operation.number}: the fields of {operation.name} stand below its heading"
                )
    return found


def _is_date(text: str) -> bool:
    try:
        return bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _operation(typed: str, number: int) -> Operation | None:
    """Read one line, if it is a change and not the field of a new entity."""
    if match := RENAME.fullmatch(typed):
        return Operation("rename", match["entity"] or "", match["name"], typed, number, match["new"])
    if not (match := SIGNED.fullmatch(typed)):
        return None
    sign, entity, rest = match["sign"], match["entity"] or "", match["rest"].strip()
    wrong = ChangeError(f"changes, line {number}: {typed!r} is no change: {FORM}")
    if heading := SECTION.fullmatch(rest):
        if sign == "-":
            raise ChangeError(
                f"changes, line {number}: an entity cannot go yet: take out what refers to it, and leave its table alone"
            )
        if sign == "~" or entity:
            raise wrong
        return Operation("found", "", heading["name"], typed, number)
    if together := TOGETHER.fullmatch(rest):
        names = ", ".join(name.strip() for name in together["names"].split(","))
        if sign == "~":
            raise wrong
        return Operation("join" if sign == "+" else "part", entity, names, typed, number, f"unique({names})")
    fill = FILL.fullmatch(rest) if sign != "-" else None
    line = fill["line"] if fill else rest
    if not (named := NAMED.match(line)) or (sign == "-") != (named.end() == len(line) and ":" not in line):
        raise wrong
    kind = {"+": "add", "~": "retype", "-": "remove"}[sign]
    return Operation(kind, entity, named["name"], typed, number, line, fill["value"].strip() if fill else None)


def _sections(text: str, entity: str) -> dict[str, list[str]]:
    """Split ``fields`` into the lines of each entity."""
    found, name = {entity: list[str]()}, entity
    for line in text.splitlines():
        if match := SECTION.fullmatch(line):
            name = match["name"]
            found.setdefault(name, [])
        else:
            found[name].append(line)
    return found


def _joined(sections: Mapping[str, Sequence[str]], entity: str) -> str:
    """Write sections as ``fields`` has them."""
    parts = []
    for name, lines in sections.items():
        heading = [] if name == entity else [f"[{name}]"]
        parts.append("\n".join([*heading, *lines]).rstrip("\n"))
    return "\n".join(parts) + "\n"


def _place(lines: Sequence[str], name: str) -> int | None:
    """Find the line of a field."""
    return next((n for n, line in enumerate(lines) if (match := NAMED.match(line)) and match["name"] == name), None)


def applied(text: str, entity: str, block: Block) -> str:
    """Apply a block to ``fields``.

    Args:
        text: the state before it.
        entity: the main entity's name.
        block: the changes.

    Returns:
        The state after it, in the same language.

    Raises:
        ChangeError: with the number of the line, what is wrong in it and what would be right.
    """
    sections = _sections(text, entity)
    touched: dict[tuple[str, str], str] = {}
    for operation in block.operations:
        where = f"changes, {operation.text!r}"
        if operation.kind == "found":
            if operation.name.lower() in map(str.lower, sections):
                raise ChangeError(
                    f"{where}: {operation.name} is there already: + {operation.name}.name:type adds a field"
                )
            sections[operation.name] = operation.lines
            continue
        owner = operation.entity or entity
        if owner not in sections:
            raise ChangeError(f"{where}: the feature has no entity {owner}, {_close(owner, list(sections))}")
        try:
            _apply(operation, owner, sections[owner], touched)
        except ChangeError as error:
            raise ChangeError(f"{where}: {error}") from None
    return _joined(sections, entity)


def _apply(operation: Operation, owner: str, lines: list[str], touched: dict[tuple[str, str], str]) -> None:
    """Apply one change to the lines of an entity."""
    name, place = operation.name, _place(lines, operation.name)
    if operation.kind in ("join", "part"):
        _together(operation, lines)
        return
    known = [match["name"] for line in lines if (match := NAMED.match(line))]
    if operation.kind == "add":
        if place is not None:
            raise ChangeError(f"{owner} has {name!r} already: ~ {operation.line} gives it another type")
        if touched.get((owner, name)) == "remove":
            raise ChangeError(
                f"{name!r} goes and comes in one block: ~ {operation.line} gives it another type, or make two changes of it"
            )
        lines.append(operation.line)
    elif place is None:
        raise ChangeError(f"{owner} has no field {name!r}, {_close(name, known)}")
    elif operation.kind == "retype":
        lines[place] = operation.line
    elif operation.kind == "rename":
        if operation.line in known:
            raise ChangeError(f"{owner} has {operation.line!r} already: choose another name for {name!r}")
        lines[place] = re.sub(rf"\A(\s*){name}\b", rf"\g<1>{operation.line}", lines[place])
        for number, line in enumerate(lines):
            if match := TOGETHER.fullmatch(line):
                names = [operation.line if part.strip() == name else part.strip() for part in match["names"].split(",")]
                lines[number] = f"unique({', '.join(names)})"
        touched[owner, operation.line] = "rename"
    else:
        for line in lines:
            if (match := TOGETHER.fullmatch(line)) and name in [part.strip() for part in match["names"].split(",")]:
                raise ChangeError(f"{name!r} stands in {line.strip()}: take that out first, with - {line.strip()}")
        if touched.get((owner, name)):
            raise ChangeError(f"{name!r} is changed and goes in one block: leave the change out")
        del lines[place]
    touched[owner, name] = operation.kind


def _together(operation: Operation, lines: list[str]) -> None:
    """Add or remove a line ``unique(…)``."""
    wanted = {name.strip() for name in operation.name.split(",")}
    same = [
        n
        for n, line in enumerate(lines)
        if (match := TOGETHER.fullmatch(line)) and {name.strip() for name in match["names"].split(",")} == wanted
    ]
    if operation.kind == "join":
        if same:
            raise ChangeError(f"{operation.line} is there already")
        lines.append(operation.line)
    elif not same:
        raise ChangeError(f"there is no {operation.line}: one field alone is changed with ~ name:type, without unique")
    else:
        del lines[same[0]]


def _close(word: str, known: list[str]) -> str:
    match = difflib.get_close_matches(word, known, 1, 0.6)
    return f"did you mean '{match[0]}'?" if match else f"which has {', '.join(known)}"


def states(entity: str, fields: str, changes: str) -> list[str]:
    """List what ``fields`` was at the copy, and is after each block."""
    found = [fields]
    for block in blocks_of(changes or ""):
        found.append(applied(found[-1], entity, block))
    return found


def _renamed(block: Block, entity: str, owner: str) -> dict[str, str]:
    """Tell for each field of an entity that a block renames what it is called afterwards."""
    renamed: dict[str, str] = {}
    for operation in block.operations:
        if operation.kind == "rename" and (operation.entity or entity) == owner:
            before = next((old for old, new in renamed.items() if new == operation.name), operation.name)
            renamed[before] = operation.line
    return renamed


COLUMN = ("type", "optional", "unique", "limits", "values", "has_default", "default", "on_delete", "target_ref", "join")
"""What a column is made of; of a value, also its label, which Django's migrations have."""


def difference(
    before: Mapping[str, Any], after: Mapping[str, Any], renamed: Mapping[str, str], fills: Mapping[str, Any]
) -> dict[str, Any]:
    """Compare two states of an entity.

    Args:
        before: its ``model`` before.
        after: its ``model`` afterwards.
        renamed: what fields are called afterwards, by their name before, where it is another one.
        fills: the field with its value for the rows that are there, by the name of the field afterwards.

    Returns:
        Both models, the fields that are ``added`` and ``removed``, those that are ``kept`` (``before``, ``after``, ``renamed``, ``changed``), and of uniques,
        checks, indexes, relations (which refer to another table) and links (tables of those) what is ``gone`` and what is ``new``.
    """
    olds = {entry["spoken"]: entry for entry in before["fields"]}
    news = {entry["spoken"]: entry for entry in after["fields"]}
    kept = []
    for name, old in olds.items():
        new = news.get(renamed.get(name, name)) if renamed.get(name) or name not in renamed.values() else None
        if new:
            changed = [key for key in COLUMN if old.get(key) != new.get(key)]
            renames = old["name"] != new["name"]
            column = renames or any(old[key] != new[key] for key in ("migration", "sqlite", "optional"))
            pair = {"before": old, "after": new, "renamed": renames, "changed": changed, "column": column}
            kept.append(pair | {"fill": fill_of(fills[new["spoken"]]) if new["spoken"] in fills else None})
    stayed = {pair["before"]["spoken"] for pair in kept}, {pair["after"]["spoken"] for pair in kept}
    added = [_filled(entry, fills) for name, entry in news.items() if name not in stayed[1]]
    removed = [entry for name, entry in olds.items() if name not in stayed[0]]
    kept = list(_in_turn(kept))
    found: dict[str, Any] = {"before": before, "after": after, "kept": kept}
    found |= {"added": added, "removed": removed}
    # What stands on a field that another one has taken the name of is not the same.
    called = {pair["before"]["name"]: pair["after"]["name"] for pair in kept}
    for kind, identity in IDENTITIES.items():
        old, new = _selected(before, kind), _selected(after, kind)
        marks = (
            [(identity(entry), [called.get(name) for name in _names(entry)]) for entry in old],
            [(identity(entry), _names(entry)) for entry in new],
        )
        found[kind] = {
            "gone": [entry for entry, mark in zip(old, marks[0], strict=True) if mark not in marks[1]],
            "new": [entry for entry, mark in zip(new, marks[1], strict=True) if mark not in marks[0]],
            "stays": [entry for entry, mark in zip(new, marks[1], strict=True) if mark in marks[0]],
        }
    searched = [
        [e["attribute"] for e in model["fields"] if e["name"] in model["searched"]] for model in (before, after)
    ]
    same = [called.get(name) for name in before["searched"]] == after["searched"]
    found["searched"] = None if same else {"gone": searched[0], "new": searched[1]}
    found["strays"] = list(_strays(before, kept, added, found["uniques"]["new"]))
    # A default, and what people read, are no part of a table; Django's migrations have them too.
    found["alters"] = bool(
        added or removed or any(pair["column"] for pair in kept)
        or any(found[kind]["gone"] or found[kind]["new"] for kind in IDENTITIES)
    )  # fmt: skip
    found["touched"] = found["alters"] or any(pair["changed"] for pair in kept)
    return found


def _names(entry: Mapping[str, Any]) -> list[str]:
    """Name the fields that a constraint, an index or a table of links is of."""
    return list(entry["names"]) if "names" in entry else [entry["name"]]


def _selected(model: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """Find the entries of a selection; some are names of fields."""
    chosen: list[Any] = model[kind]
    return [entry for entry in model["fields"] if entry["name"] in chosen] if kind == "sorts" else chosen


def _in_turn(kept: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Put a field that gives up its name before the one that gets it."""
    waiting = list(kept)
    while waiting:
        names = {pair["before"]["name"] for pair in waiting}
        free = [pair for pair in waiting if not pair["renamed"] or pair["after"]["name"] not in names]
        yield from free or waiting
        waiting = [pair for pair in waiting if pair not in free] if free else []


def _strays(
    before: Mapping[str, Any],
    kept: Iterable[Mapping[str, Any]],
    added: Iterable[Mapping[str, Any]],
    uniques: Iterable[Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Tell which rows would not fit the state that is to come: ``kind``, ``field`` as it is named before, ``limit``, and ``said`` for people."""
    names = {pair["after"]["name"]: pair["before"]["name"] for pair in kept}
    for pair in kept:
        old, new = pair["before"], pair["after"]
        if new["type"] == "many":
            continue
        has = f"{before['labels']} have {'no' if old['optional'] else 'a'} {old['label']}"
        if old["optional"] and not new["optional"] and not pair["fill"]:
            yield {"kind": "empty", "field": old, "limit": None, "said": has}
        has = f"{before['labels']} have a {old['label']}"
        length, before_length = new["limits"].get("length"), old["limits"].get("length")
        if length and (before_length or old["length"] or 20_000) > length:
            yield {"kind": "longer", "field": old, "limit": length, "said": f"{has} of more than {length} characters"}
        if {"minimum", "maximum"} <= new["limits"].keys():
            least, most = new["limits"]["minimum"], new["limits"]["maximum"]
            bounds = old["limits"].get("minimum"), old["limits"].get("maximum")
            if None in bounds or least > bounds[0] or most < bounds[1]:
                yield {
                    "kind": "outside",
                    "field": old,
                    "limit": [least, most],
                    "said": f"{has} that is not from {least} to {most}",
                }
        if old["type"] == new["type"] == "decimal" and old["digits"] > new["digits"]:
            most = "9" * (new["digits"] - new["places"]) + "." + "9" * new["places"]
            said = f"{has} of more than {new['digits']} digits"
            yield {"kind": "wide", "field": old, "limit": most, "said": said}
        if new["values"]:
            values = [entry["value"] for entry in new["values"]]
            if not old["values"] or {entry["value"] for entry in old["values"]} - set(values):
                yield {
                    "kind": "other",
                    "field": old,
                    "limit": values,
                    "said": f"{has} that is none of {', '.join(values)}",
                }
    for new in added:
        if not new["optional"] and new["foreign"]:
            said = f"{before['labels']} are there, and nobody knows their {new['label']}"
            yield {"kind": "any", "field": None, "limit": None, "said": said}
    # Rows get one value for all in a field that comes, or none, which is never twice.
    filled = {new["name"] for new in added if new["fill"]}
    known = [set(unique["names"]) for unique in before["uniques"]]
    for unique in uniques:
        fields = [names[name] for name in unique["names"] if name in names]
        if names.keys() | filled >= set(unique["names"]) and set(fields) not in known:
            said = f"times {before['labels']} have the same {' and '.join(fields or unique['names'])}"
            yield {"kind": "twice", "field": None, "limit": fields, "said": said}


IDENTITIES: dict[str, Any] = {
    "uniques": lambda unique: (unique["name"], unique["names"]),
    "checks": lambda entry: (entry["name"], entry["check"], entry["type"], [v["value"] for v in entry["values"]]),
    "indexes": lambda entry: entry["name"],
    "relations": lambda entry: (entry["name"], entry["target_table"], entry["on_delete"]),
    "manies": lambda entry: (entry["name"], entry["join"]),
    "sorts": lambda entry: entry["name"],
}
"""What makes two constraints, indexes or tables of links of two states the same."""


def _filled(entry: Mapping[str, Any], fills: Mapping[str, Any]) -> dict[str, Any]:
    """Say what the rows that are there get in a new column: what was asked for, else the default, else nothing."""
    given = fills.get(entry["spoken"])
    if given is None and entry["has_default"] and entry["type"] != "many":
        given = entry
    return {**entry, "fill": given and fill_of(given)}


def fill_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Say a value as migrations write it: ``default``, with the code of the type table, ``{literal}`` in it."""
    value = entry["default"]
    filled = {"default": value, "server_default": entry["server_default"], "django_default": entry["django_default"]}
    filled["sqlite"] = _in_sqlite(entry["type"], value, entry["places"])
    if entry["type"] == "decimal":
        scaled = str(int(Decimal(value).scaleb(entry["places"])))
        code = entry["server_default"] if scaled != value else 'sa.text("{scaled}")'
        filled["server_default"] = code.replace("{scaled}", scaled)
    if entry["type"] == "duration":
        seconds = _seconds(value)
        filled["server_default"] = entry["server_default"].replace("{seconds}", str(seconds))
        filled["django_default"] = f"dt.timedelta(seconds={seconds})"
    if entry["type"] == "json":
        text = json.dumps(json.dumps(value, ensure_ascii=False), ensure_ascii=False)
        filled["server_default"] = entry["server_default"].replace("{text}", text)
        filled["django_default"] = "{literal}"
    return filled


def _in_sqlite(kind: str, value: Any, places: int) -> str:
    """Write a value as SQL that keeps it in SQLite as SQLAlchemy does: exact decimals as scaled integers, lengths of time as seconds."""
    match kind:
        case "bool":
            return str(int(value))
        case "int" | "bigint" | "float":
            return str(value)
        case "decimal":
            return str(int(Decimal(value).scaleb(places)))
        case "duration":
            return str(_seconds(value))
        case "uuid":
            return f"'{value.replace('-', '')}'"
        case "datetime":
            moment = dt.datetime.fromisoformat(value).astimezone(dt.UTC)
            return f"'{moment:%Y-%m-%d %H:%M:%S.%f}'"
        case "time":
            return f"'{dt.time.fromisoformat(value):%H:%M:%S.%f}'"
        case "json":
            value = json.dumps(value, ensure_ascii=False)
    return "'{}'".format(str(value).replace("'", "''"))


def _seconds(text: str) -> int:
    """Count the seconds of a length of time, as ISO 8601 writes it."""
    units = {"D": 86_400, "H": 3_600, "M": 60, "S": 1}
    return sum(int(number) * units[unit] for number, unit in re.findall("([0-9]+)([DHMS])", text))


def _fills(block: Block, entity: str, owner: str, parse: Any, rules: Mapping[str, Any]) -> dict[str, Any]:
    """Read what the rows that are there get, by the name of the field after the block."""
    renamed = _renamed(block, entity, owner)
    found = {}
    for operation in block.operations:
        if (operation.entity or entity) == owner and operation.fill is not None:
            name = renamed.get(operation.name, operation.name)
            plain = re.sub(r"\bunique\b", "", operation.line.partition("=")[0])
            found[name] = parse(f"{plain}={operation.fill}", owner, rules)
    return found


def _said(operation: Operation, types: Mapping[tuple[str, str], str]) -> str:
    """Say a change in words.

    Args:
        operation: the change.
        types: of each field before, by its entity, which is empty for the main one, and its name.
    """
    name = f"{operation.entity}.{operation.name}" if operation.entity else operation.name
    match operation.kind:
        case "add":
            return f"{name} comes."
        case "retype":
            new = re.split(r"[(?=\s]", operation.line.partition(":")[2].strip())[0]
            same = types.get((operation.entity, operation.name)) in (new, None)
            return f"{name} keeps to other rules." if same else f"{name} becomes {new}."
        case "rename":
            return f"{name} is called {operation.line}."
        case "remove":
            return f"{name} goes; what it held does not come back."
        case "join":
            return f"{name} are unique together."
        case "part":
            return f"{name} are no longer unique together."
        case _:
            return f"{name} is a new entity."


def _slug(operations: Sequence[Operation]) -> str:
    """Name a migration after the first change that it makes."""
    words = {
        "add": "add",
        "retype": "alter",
        "rename": "rename",
        "remove": "remove",
        "join": "unique",
        "part": "not_unique",
        "found": "create",
    }
    first = operations[0]
    name = re.sub(r"\W+", "_", f"{first.entity}_{first.name}" if first.entity else first.name).strip("_").lower()
    more = "_and_more" if len(operations) > 1 else ""
    return f"{words[first.kind]}_{name}"[:28].rstrip("_") + more


def _steps(
    block: Block,
    said: Sequence[str],
    position: int,
    entity: str,
    touched: Sequence[tuple[str, str]],
    steps: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Name the migrations of a block for a framework that has them in the module whose tables they change.

    Args:
        block: the changes.
        said: each of them in words.
        position: its number.
        entity: the main entity's name.
        touched: module and name of each entity that changes or comes.
        steps: those of the blocks before.

    Returns:
        For each module its ``module``, ``block`` (the number), ``name``, ``parent`` and ``said``. A module's newest migration is the one in the heading, else
        the one of an earlier block, else its first.
    """
    found = []
    headed = {module: name for (module, _, name) in (end.strip().rpartition(".") for end in block.after.split(","))}
    earlier = {step["module"]: step["name"] for step in steps}
    for module in dict.fromkeys(module for module, _ in touched):
        names = {name for other, name in touched if other == module}
        mine = [
            (operation, words)
            for operation, words in zip(block.operations, said, strict=True)
            if (operation.name if operation.kind == "found" else operation.entity or entity) in names
        ]
        slug = _slug([operation for operation, _ in mine] or block.operations)
        parent = headed.get(module) or earlier.get(module) or "0001_initial"
        number = int(match[0]) + 1 if (match := re.match("[0-9]+", parent)) else 2
        step = {"module": module, "block": position, "name": f"{number:04}_{slug}", "parent": parent}
        found.append({**step, "said": [words for _, words in mine]})
    return found


def _widened(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Say why a field cannot become what it is to be, or return an empty string."""
    name, old, new = after["spoken"], before["type"], after["type"]
    other = "add a field of another name, copy what fits, and remove the old one later"
    if before["name"] != after["name"] and old == "many":
        return f"{name!r} keeps its name, as its links are in a table called like it: {other}"
    if old == new == "decimal" and before["digits"] > after["digits"]:
        return f"{name!r} has {before['digits']} digits and cannot have fewer: {other}"
    if ("many" in (old, new) and old != new) or before["foreign"] != after["foreign"]:
        return f"{name!r} cannot become {new}, as it was {old}: {other}"
    if before["relation"] and before["target_ref"] != after["target_ref"]:
        return f"{name!r} cannot refer to {after['target_ref']}, as its rows refer to {before['target_ref']}: {other}"
    if old != new and new not in WIDER.get(old, ()):
        return f"{name!r} cannot become {new}, as it was {old}, which has no safe way there: {other}"
    if old == new == "decimal" and before["places"] != after["places"]:
        return f"{name!r} keeps its {before['places']} places after the point: {other}"
    return ""


@pass_environment
def changes_error(
    environment: Environment,
    entity: str,
    fields: str,
    changes: str,
    rules: Mapping[str, Any],
    known: Iterable[str] = (),
) -> str:
    """Say what is wrong with the answer to ``changes``, or return an empty string.

    Args:
        environment: whose globals read fields.
        entity: the main entity's name.
        fields: what its entities were at the copy.
        changes: the answer.
        rules: the ``names`` of the stack.
        known: every entity of the project's other features, as ``module.Entity``.
    """
    functions = environment.globals
    checked: Any = functions["fields_error"]
    parse: Any = functions["parse_field"]
    read: Any = functions["parse_fields"]
    try:
        blocks, texts = blocks_of(changes), states(entity, fields, changes)
        for number, block in enumerate(blocks):
            where = "changes"
            if error := checked(texts[number + 1], entity, rules, known):
                return f"{where}: {re.sub(r'^fields, line [0-9]+: |^fields: ', '', error)}"
            before = {
                name: _fields_of(lines, name, read, rules) for name, lines in _sections(texts[number], entity).items()
            }
            after = {
                name: _fields_of(lines, name, read, rules)
                for name, lines in _sections(texts[number + 1], entity).items()
            }
            for name, olds in before.items():
                if error := _block_error(block, entity, name, olds, after[name], parse, rules):
                    return f"{where}, {error}"
    except ChangeError as refused:
        return str(refused)
    return ""


def _fields_of(lines: Iterable[str], entity: str, read: Any, rules: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Read the fields of an entity, without what their targets are called."""
    fields = read("\n".join(lines), entity, rules)
    return {entry["spoken"]: {**entry, "target_ref": f"{entry['target_module']}.{entry['target']}"} for entry in fields}


def _block_error(
    block: Block,
    entity: str,
    owner: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    parse: Any,
    rules: Mapping[str, Any],
) -> str:
    """Say what a block would do to rows that are there, and what nobody could take back."""
    renamed = _renamed(block, entity, owner)
    for operation in block.operations:
        if (operation.entity or entity) != owner or operation.kind not in ("add", "retype"):
            continue
        new = after[renamed.get(operation.name, operation.name)]
        where = f"{operation.text!r}: "
        if operation.fill is not None:
            if new["foreign"] or new["type"] == "many":
                return f"{where}{new['spoken']!r} refers to what nobody knows yet: make it optional"
            if new["unique"] and operation.kind == "add":
                return f"{where}{new['spoken']!r} is unique, so rows cannot get one value for all: make it optional, give each its own, and make it required with another change"
            plain = re.sub(r"\bunique\b", "", operation.line.partition("=")[0])
            try:
                parse(f"{plain}={operation.fill}", owner, rules)
            except ValueError as error:
                return f"{where}{str(error).replace('default', 'the value of rows that are there,', 1)}"
        needs = not (new["optional"] or new["has_default"]) and operation.fill is None
        if operation.kind == "add" and needs:
            advice = (
                "make it optional"
                if new["foreign"] or new["unique"]
                else f"give rows that are there a value, + {operation.line} <- VALUE, or a default, or make it optional"
            )
            return f"{where}{new['spoken']!r} is required, and rows that are there have none: {advice}"
        if operation.kind == "retype":
            known = {renamed.get(name, name): entry for name, entry in before.items()}
            if reason := _widened(known[new["spoken"]], new):
                return where + reason
    return ""


@pass_environment
def history(
    environment: Environment,
    entity: str,
    fields: str,
    changes: str,
    rules: Mapping[str, Any],
    module: str,
    number: int,
    parent: str,
    migrations: str = "",
) -> dict[str, Any]:
    """Tell how a feature's entities came to be what they are.

    Args:
        environment: whose globals make the models.
        entity: the main entity's name.
        fields: what they were at the copy.
        changes: what changed since.
        rules: the ``names`` of the stack.
        module: the feature's.
        number: the feature's.
        parent: Alembic's newest revision before the feature.
        migrations: the folder of migrations, as the stack has it.

    Returns:
        ``models`` (of today), ``origins`` (each entity as it came, with ``born``: the number of its block, 0 at the copy) and ``blocks``: each with its
        ``number``, ``date``, ``after``, ``why``, ``slug``, ``revision``, ``lines``, ``born`` (models of new entities), ``forth`` and ``back`` (the differences of
        those that were there); ``steps``: the migrations of Django's that make them (``_steps``).
    """
    functions = environment.globals
    modelled: Any = functions["entity_models"]
    named: Any = functions["entity_names"]
    texts = states(entity, fields, changes)
    each = [modelled(entity, text, rules, module, named, number, parent) for text in texts]
    origins = [model | {"born": 0} for model in each[0]]
    blocks: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    for position, block in enumerate(blocks_of(changes or ""), 1):
        # A block that came with the copy follows what the copy made.
        made = [block["revision"] for block in blocks if block["alters"]]
        last = made[-1] if made else each[0][-1]["revision"]
        before, after = ({model["name"]: model for model in each[place]} for place in (position - 1, position))
        born = [model | {"born": position} for name, model in after.items() if name not in before]
        origins += born
        forth, back = [], []
        for name in before:
            renamed = _renamed(block, entity, name)
            fills = _fills(block, entity, name, functions["parse_field"], rules)
            one = difference(before[name], after[name], renamed, fills)
            if not one["touched"]:
                continue
            forth.append(one)
            # What a field that went had held is gone: a row gets the default, or an example of it.
            gone = {
                entry["spoken"]
                for entry in one["removed"]
                if not (entry["optional"] or entry["foreign"] or entry["type"] == "many")
            }
            examples = {
                entry["spoken"]: entry if entry["has_default"] else {**entry, "default": entry["examples"][0]}
                for entry in before[name]["fields"]
                if entry["spoken"] in gone
            }
            back.append(difference(after[name], before[name], {new: old for old, new in renamed.items()}, examples))
        slug = _slug(block.operations)
        types = {
            (name if own else "", entry["spoken"]): entry["type"]
            for name, model in before.items()
            for own in {True, name != entity}
            for entry in model["fields"]
        }
        said = [_said(operation, types) for operation in block.operations]
        shared = rules.get("one_module", False)
        touched = [(one["after"]["module"], one["after"]["name"]) for one in forth]
        touched += [(model["module"], model["name"]) for model in born if shared]
        steps += _steps(block, said, position, entity, touched, steps)
        blocks.append(
            {
                "number": position, "date": block.date, "after": block.after or last, "why": block.why, "slug": slug,
                "revision": f"{number:03}_{position}_{slug}"[:32], "lines": [operation.text for operation in block.operations],
                "said": said, "replaced": _replaced(block, entity, texts[position - 1], texts[position], forth), "alters": bool(born or any(one["alters"] for one in forth)),
                "born": born, "forth": forth, "back": back, "names": [model["name"] for model in after.values()],
            }
        )  # fmt: skip
    # Where migrations stand in the module whose tables they change, a block has one in each.
    apart = "{module}" in migrations
    for made_of in blocks:
        names = [f"{step['module']}.{step['name']}" for step in steps if step["block"] == made_of["number"]]
        alone = [f"{made_of['date']}_{made_of['revision']}"] if made_of["alters"] else []
        made_of["files"] = names if apart else alone if migrations else []
    models = [model | {"contract_version": _version(blocks, model["name"])} for model in each[-1]]
    return {"models": models, "origins": origins, "blocks": blocks, "steps": steps}


def _replaced(
    block: Block, entity: str, before: str, after: str, differences: Sequence[Mapping[str, Any]]
) -> list[dict[str, str]]:
    """Tell for each change of a block what stood there ``before``, what stands there ``after``, and what ``rows`` that were there have."""
    olds, news = _sections(before, entity), _sections(after, entity)
    stray = {
        (one["before"]["name"], found["field"]["spoken"])
        for one in differences
        for found in one["strays"]
        if found["field"]
    }
    found = []
    for operation in block.operations:
        owner = operation.entity or entity
        of = f"{operation.entity}." if operation.entity else ""
        mine, theirs = olds.get(owner, []), news.get(owner, [])
        old, new, rows = "", "", ""
        if operation.kind == "found":
            new, rows = f"[{operation.name}] {'; '.join(line.strip() for line in operation.lines)}", "none"
        elif operation.kind in ("join", "part"):
            old, new = (operation.line, "")[:: 1 if operation.kind == "part" else -1]
            rows = "two that are the same stop the migration" if new else "stay"
        elif operation.kind == "add":
            new, default = operation.line, operation.line.partition("=")[2]
            rows = operation.fill if operation.fill is not None else default.strip() or "no value"
        elif operation.kind == "remove":
            place = _place(mine, operation.name)
            old, rows = mine[place].strip() if place is not None else operation.name, "lose what they had"
        else:
            place = _place(mine, operation.name)
            old = mine[place].strip() if place is not None else operation.name
            there = _place(theirs, operation.line) if operation.kind == "rename" else None
            new = theirs[there].strip() if there is not None else operation.line
            rows = "keep their values"
            if operation.fill is not None:
                rows = f"get {operation.fill}, where they had none"
            elif (owner, operation.name) in stray and operation.kind == "retype":
                rows = "keep their values; those that do not fit stop the migration"
        found.append({"before": f"{of}{old}" if old else "", "after": f"{of}{new}" if new else "", "rows": rows})
    return [{key: re.sub(r"[`|]", "", text) if key != "rows" else text for key, text in row.items()} for row in found]


def _breaks(one: Mapping[str, Any]) -> bool:
    """Tell whether a difference of an entity breaks what clients rely on (semantic versioning: it makes a major version)."""
    renamed = any(pair["renamed"] or pair["before"]["type"] != pair["after"]["type"] for pair in one["kept"])
    asked = any(not (entry["optional"] or entry["has_default"]) for entry in one["added"])
    narrower = any(pair["before"]["optional"] and not pair["after"]["optional"] for pair in one["kept"])
    return bool(one["removed"] or renamed or asked or narrower or one["strays"])


def _version(blocks: Sequence[Mapping[str, Any]], name: str) -> str:
    """Number the contract of an entity: 1 as it came, and higher by semantic versioning with each block that changes it."""
    major, minor, changed = 1, 0, False
    for one in (one for block in blocks for one in block["forth"] if one["before"]["name"] == name):
        major, minor, changed = (major + 1, 0, True) if _breaks(one) else (major, minor + 1, True)
    return f"{major}.{minor}.0" if changed else "1"


class ChangesExtension(Extension):
    """Registers what reads ``changes`` as globals of the template."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(history=history, states=states, changes_error=changes_error)
