"""The entity of a feature: its fields, from the mini-language to everything that a template needs of them."""

import datetime as dt
import difflib
import hashlib
import importlib.util
import json
import keyword
import re
import shlex
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment
from jinja2.ext import Extension


def _beside(name: str) -> Any:
    """Load another module of this folder: Copier loads each by its path, so that none can import another."""
    spec = importlib.util.spec_from_file_location(f"groundplan_{name}", Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NAMING = _beside("naming")
# LibYAML reads the same ten times as fast; where PyYAML was built without it, its own loader does.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _table() -> dict[str, dict[str, Any]]:
    """Join the type tables: each file under ``types/`` holds the columns of one target, ``language.yml`` names the types."""
    folder = Path(__file__).with_name("types")
    table: dict[str, dict[str, Any]] = yaml.load((folder / "language.yml").read_text("utf-8"), LOADER)
    for path in sorted(set(folder.glob("*.yml")) - {folder / "language.yml"}):
        for kind, columns in yaml.load(path.read_text("utf-8"), LOADER).items():
            table[kind] |= columns
    return table


TYPES = _table()

MAX_NAME = 28
MAX_FIELDS = 40
MAX_ENTITIES = 8
MAX_MANY = 18
"""Longest name of a relation to many: with the table's it makes one of 48 characters, with room for the names of constraints."""
MAX_UNIQUE = 500
"""Most characters of the texts that are unique together: MySQL's keys have 3072 bytes, for them and for whose they are."""
MAX_DEFAULT = 60
MAX_CLASS = 34
MAX_LABEL = 40
"""Longest text as a default, class name of an enum and label of its values that a line of generated code has room for."""
WHOLE = {"int": (-(2**31), 2**31 - 1), "bigint": (1 - 2**53, 2**53 - 1)}
"""Ranges of whole numbers: SQL's INTEGER, and what every JSON parser keeps exactly (RFC 8259, 6)."""

LIMITS = ("length", "minimum", "maximum", "digits", "places")
"""What a type's arguments say a value holds at most."""

SECONDS = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
"""How long the units are in which a length of time is written (ISO 8601); weeks, months and years are none of them."""

OPTIONS = ("unique", "index", "show", "cascade", "pii")
"""What may stand behind a type, where the type table says so."""

OWN_FIELDS = {"id", "created_at", "updated_at", "owner_id", "row_version"}
"""Fields that every entity has without being asked; row_version is its version's name beside a field called version."""

LIST_PARAMETERS = {"limit", "cursor", "offset", "total", "sort", "page", "search"}
"""Parameters of every list, which mean the same in each: the filter by a field of such a name is ``<name>_is``."""

SQL_WORDS = {
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "between", "binary",
    "both", "by", "case", "cast", "check", "collate", "collation", "column", "concurrently", "condition", "constraint",
    "create", "cross", "current", "current_catalog", "current_date", "current_role", "current_schema", "current_time",
    "current_timestamp", "current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except",
    "false", "fetch", "for", "foreign", "freeze", "from", "full", "grant", "group", "having", "ilike", "in", "index",
    "initially", "inner", "int", "intersect", "interval", "into", "is", "isnull", "join", "key", "lateral", "leading",
    "left", "like", "limit", "localtime", "localtimestamp", "natural", "not", "notnull", "null", "of", "offset", "on",
    "only", "option", "or", "order", "outer", "over", "overlaps", "placing", "primary", "range", "rank", "read",
    "references", "returning", "right", "row", "rows", "schema", "select", "session_user", "set", "similar", "some",
    "symmetric", "system", "system_user", "table", "tablesample", "then", "to", "trailing", "trigger", "true", "union",
    "unique", "update", "user", "using", "values", "variadic", "verbose", "when", "where", "window", "with", "write",
}  # fmt: skip
"""Reserved words of PostgreSQL, SQLite and MySQL, which a CHECK condition names in quotes."""

YAML_WORDS = {"false", "n", "no", "null", "off", "on", "true", "y", "yes"}
"""Words that YAML 1.1 reads as something else than a text; contracts are written in YAML."""

ENTITY_CLASSES = {
    "read", "write", "page", "query", "sort", "not_found", "forbidden", "changed", "exists", "form", "repository",
    "filter", "values", "row", "serializer", "service",
}  # fmt: skip
"""Endings of the classes made of the entity's name: an enum of that name has a class of its own."""

Rules = Mapping[str, Any]
"""The ``names`` of a stack. Of fields they say:

- ``datetime_suffix``: the ending that the database conventions demand of a datetime's name,
- ``fields``: the names that are refused, by the reason,
- ``attributes``: the names that the code's classes have already; a field of such a name is ``<name>_value`` there,
- ``types``: the module whose types check what comes in, under the name that the code imports it by,
- ``user``: where somebody signs in, what is otherwise about the type ``user`` than the type table says,
- ``one_module``: whether all entities of a feature stand in its module, and each further one in none of its own,
- ``parts_across``: whether an entity may go with one of another feature,
- ``many``: whether a field may refer to any number of entities,
- ``classes``: the classes that the code imports; the class of an enum may be none of them,
- ``tables``: the tables that the project has anyway; an entity's of such a name begins with its module, as Django's do.
"""

FIELD = re.compile(
    r"""\s*(?P<name>[^:\s]+)\s*:\s*(?P<type>[^\s(?=]+)\s*(?:\((?P<arguments>(?:"[^"]*"|[^")])*)\))?\s*
    (?P<optional>\?)?(?P<options>[^=]*)(?:=\s*(?P<default>.*?))?\s*""",
    re.VERBOSE,
)
HEADING = re.compile(r"\s*\[\s*(?P<name>[^\[\]]*?)\s*\]\s*(?:#.*)?")
COMMENT = re.compile(r'([^#="]*[^\s#="])\s+#.*')
TOGETHER = re.compile(r"\s*unique\s*\((?P<names>[^()]*)\)\s*")
FORM = "write name:type, such as title:str(200), salary:decimal(10,2)? or status:enum(draft,open)=draft"


OWN_KIND = "would refer to its own kind: make an entity of the links, with the two that each joins as ref(…)"
NO_RULES: Rules = {"user": {}}


class FieldError(ValueError):
    """A field line that cannot be used; the message says why and what would be right."""


def _close(word: str, known: list[str]) -> str:
    match = [name for name in known if name.lower() == word.lower()] or difflib.get_close_matches(word, known, 1, 0.6)
    return f"did you mean '{match[0]}'?" if match else f"use one of {', '.join(known)}"


def _integers(text: str, form: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise FieldError(f"the parentheses hold whole numbers: {form}") from None


def _arguments(kind: str, text: str | None, label: str) -> dict[str, Any]:
    """Read what stands in a type's parentheses, and derive what the columns of the type table need of it."""
    form = TYPES[kind]["arguments"]
    if kind == "str":
        length = 120 if text is None else (_integers(text, form) if "," not in text else [0])[0]
        if not 1 <= length <= 500:
            raise FieldError(f"a str holds 1 to 500 characters: {form}; for longer text use 'text'")
        ordinals = {key: f"{key.capitalize()} {label}"[:length].strip() for key in ("first", "second", "third")}
        return {"length": length, "longer": length + 1, **ordinals}
    if kind in WHOLE:
        least, most = WHOLE[kind]
        bounds = [least, most] if text is None else _integers(text, form)
        if len(bounds) == 2 and bounds[0] > bounds[1]:
            raise FieldError(f"{kind} takes the smallest value first: {kind}({bounds[1]},{bounds[0]})")
        if len(bounds) != 2 or not least <= bounds[0] < bounds[1] <= most or bounds[1] - bounds[0] < 2:
            raise FieldError(f"{kind} takes the smallest and the largest value, at least 2 apart: {form}")
        low, high = bounds
        start = low if text is not None else 1
        return {
            "minimum": low, "maximum": high, "ge": _grouped(low), "le": _grouped(high),
            "low": start, "middle": start + 1, "high": start + 2, "too_high": high + 1,
            "range_check": "" if text is None else f"{{column}} BETWEEN {low} AND {high}",
        }  # fmt: skip
    if kind == "decimal":
        sizes = [12, 2] if text is None else _integers(text, form)
        if len(sizes) != 2 or not 1 <= sizes[0] <= 18 or not 0 <= sizes[1] < sizes[0]:
            raise FieldError(f"decimal takes its digits (up to 18) and how many stand after the point: {form}")
        digits, places = sizes
        fraction = rf"(\.[0-9]{{1,{places}}})?" if places else ""
        return {
            "digits": digits, "places": places, "whole": digits - places,
            "pattern": rf"^-?[0-9]{{1,{digits - places}}}{fraction}$",
            "fraction": f".{'0' * places}" if places else "",
        }  # fmt: skip
    if kind == "enum":
        return _enum_arguments(text or "", form)
    if kind in ("ref", "many"):
        return _ref_arguments(text or "", form)
    if text is not None:
        raise FieldError(f"{kind} takes no parentheses: write {form}")
    return {}


def _grouped(number: int) -> str:
    """Write a number as Python code that a person can read: 2147483647 → 2_147_483_647."""
    return f"{number:_}" if abs(number) >= 10_000 else str(number)


def _enum_arguments(text: str, form: str) -> dict[str, Any]:
    entries = [_enum_value(part.strip(), form) for part in re.findall(r'(?:"[^"]*"|[^,"])+|(?<=,)\Z', text) or [""]]
    values = [entry["value"] for entry in entries]
    if len({entry["name"] for entry in entries}) < len(entries):
        raise FieldError("two values of the enum are the same: each may stand once, in capitals or not")
    if len(values) > 30:
        raise FieldError(f"an enum has up to 30 values: {form}")
    labels = {entry["value"]: entry["label"] for entry in entries if entry["label"] != _words(entry["value"])}
    return {
        "values": entries,
        "labels": labels,
        "length": max(len(value) for value in values),
        "listed": ", ".join(f"`{value}` ({labels[value]})" if value in labels else f"`{value}`" for value in values),
        "quoted": ", ".join(f"'{value}'" for value in values),
        "first_value": values[0], "second_value": values[min(1, len(values) - 1)], "third_value": values[-1],
    }  # fmt: skip


def _ref_arguments(text: str, form: str) -> dict[str, Any]:
    if not text.strip():
        raise FieldError(f"the parentheses name the entity that is referred to: {form}")
    module, _, entity = text.strip().rpartition(".")
    if text.strip().lower() == "self":
        return {"target": "self", "target_module": ""}
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", entity) or not re.fullmatch(r"(?:[A-Za-z][A-Za-z0-9_]*)?", module):
        raise FieldError(f"{text.strip()!r} names no entity, which begins with a capital: {form}")
    # The module of an entity of the same feature is known when all of its entities are.
    return {"target": entity} | ({"target_module": module} if module else {})


def _enum_value(part: str, form: str) -> dict[str, str]:
    """Read one value of an enum: ``draft``, or ``in_work="In the workshop"`` with the label by which people know it."""
    value, equals, label = (piece.strip() for piece in part.partition("="))
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*", value) or len(value) > MAX_NAME:
        raise FieldError(
            f"enum value {value!r} is not usable: letters, digits and hyphens or underscores between them, {form}"
        )
    shown = label[1:-1].strip() if equals else _words(value)
    if equals and not (
        re.fullmatch(r'"[^"\\|`<>{}]+"', label) and shown.isprintable() and 1 <= len(shown) <= MAX_LABEL
    ):
        raise FieldError(
            f'the label of {value!r} is not usable: write {value}="…" with 1 to {MAX_LABEL} characters, none of \\ | ` < > {{ }}'
        )
    return {"value": value, "name": value.replace("-", "_").upper(), "label": shown}


def _words(value: str) -> str:
    """Write a value of an enum for people: in-review → In review."""
    text = value.replace("-", " ").replace("_", " ")
    return text[0].upper() + text[1:]


def _default(kind: str, text: str, arguments: dict[str, Any]) -> Any:
    """Read a default; it has to be a value that the type itself would accept."""
    value_part, space, stray = text.rpartition(" ")
    if space and stray in OPTIONS and kind not in ("str", "text"):
        raise FieldError(f"the option {stray!r} stands before the default: write '… {stray}={value_part}'")
    if len(text) > MAX_DEFAULT:
        raise FieldError(f"the default has {len(text)} characters: at most {MAX_DEFAULT} fit into a line of code")
    wrong = FieldError(
        f"default {text!r} does not fit {kind}, which takes: {TYPES[kind]['meaning'].format_map(arguments)}"
    )
    try:
        match kind:
            case "str" | "text" | "email" | "url":
                schema = _fill(TYPES[kind]["openapi"], arguments)
                good = text and len(text) <= schema["maxLength"] and re.search(schema["pattern"], text)
                value: Any = text if good and text.isprintable() else None
            case "int" | "bigint":
                value = int(text)
                value = value if arguments["minimum"] <= value <= arguments["maximum"] else None
            case "float":
                value = float(text)
                value = value if abs(value) != float("inf") and value == value else None
            case "decimal":
                fits = re.search(arguments["pattern"], text)
                value = f"{Decimal(text):.{arguments['places']}f}" if fits else None
            case "bool":
                value = {"true": True, "false": False}.get(text.lower())
            case "date":
                value = dt.date.fromisoformat(text).isoformat() if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
            case "datetime":
                moment = dt.datetime.fromisoformat(text)
                utc = moment.astimezone(dt.UTC).isoformat() if moment.tzinfo else ""
                value = utc.replace("+00:00", "Z") or None
            case "time":
                fits = re.search(TYPES[kind]["openapi"]["pattern"], text)
                value = dt.time.fromisoformat(text).isoformat() if fits else None
            case "duration":
                fits = re.search(TYPES[kind]["openapi"]["pattern"], text)
                value = _iso(duration_parts(text)) if fits else None
            case "uuid":
                value = str(uuid.UUID(text))
            case "json":
                value = json.loads(text)
                # NaN and half a surrogate pair fail here; PostgreSQL keeps no NUL.
                written = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
                value = value if isinstance(value, dict) and b"\\u0000" not in written else None
            case _:
                value = text if text in [entry["value"] for entry in arguments["values"]] else None
    except (ValueError, InvalidOperation, OverflowError):
        raise wrong from None
    if value is None:
        raise wrong
    return value


def duration_parts(text: str) -> dict[str, int]:
    """Split a length of time into days and what is less than one, and leave out what is zero: PT90M → 1 hour, 30 minutes."""
    units = {unit[0].upper(): size for unit, size in SECONDS.items()}
    rest = sum(int(number) * units[unit] for number, unit in re.findall("([0-9]+)([DHMS])", text))
    parts = {}
    for unit, size in SECONDS.items():
        parts[unit], rest = divmod(rest, size)
    return {unit: number for unit, number in parts.items() if number} or {"seconds": 0}


def _iso(parts: dict[str, int]) -> str:
    """Write a length of time as ISO 8601 does: 1 hour, 30 minutes → PT1H30M."""
    # RFC 3339 (A), which JSON Schema goes by, puts minutes between hours and seconds.
    parts = {"minutes": 0} | parts if {"hours", "seconds"} <= set(parts) else parts
    written = "".join(f"{parts[unit]}{unit[0].upper()}" for unit in SECONDS if unit in parts)
    days, letter, clock = written.rpartition("D")
    return f"P{days}{letter}{'T' if clock else ''}{clock}"


def _fill(template: Any, values: dict[str, Any]) -> Any:
    """Fill the placeholders of a table entry, however deep it is."""
    if isinstance(template, dict):
        return {key: _fill(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [_fill(value, values) for value in template]
    if not isinstance(template, str):
        return template
    if (whole := re.fullmatch(r"\{(\w+)\}", template)) and whole[1] in values:
        return values[whole[1]]
    return re.sub(r"\{(\w+)\}", lambda match: str(values.get(match[1], match[0])), template)


def _name_error(name: str, kind: str, rules: Rules) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", name):
        return f"{name!r} is no field name: use lower-case letters, digits and single underscores, such as 'posted_at'"
    if len(name) > MAX_NAME:
        return f"{name!r} has {len(name)} characters: at most {MAX_NAME} fit into the names made of it"
    if name in OWN_FIELDS:
        return f"every entity has {name!r} already: leave the line out or choose another name"
    if keyword.iskeyword(name):
        return f"{name!r} is a Python keyword: choose another name, such as 'the_{name}'"
    if name.startswith("model_"):
        return f"{name!r} begins like Pydantic's own attributes: choose another name, such as 'the_{name}'"
    if name in YAML_WORDS:
        return f"{name!r} is a value in YAML, not a text: choose another name, such as '{name}_value'"
    for reason, names in rules.get("fields", {}).items():
        if name in names:
            return f"{name!r} {reason}: choose another name, such as 'the_{name}'"
    suffix = rules.get("datetime_suffix", "")
    if kind == "datetime" and suffix and not name.endswith(suffix):
        stem = re.sub(r"_?(date|time|datetime|on)\Z", "", name) or "happened"
        return f"a datetime's name ends in {suffix} (database conventions): write '{stem}{suffix}'"
    return ""


def parse_field(line: str, class_prefix: str, rules: Rules = NO_RULES) -> dict[str, Any]:
    """Parse one line of the mini-language.

    The form is ``name:type(arguments)? options=default``: ``?`` makes the field optional, the options are ``unique``,
    ``index``, ``show`` (people know the entity by it), ``cascade`` (it goes with what it refers to) and ``pii`` (personal
    data), the default is the rest of the line.

    Args:
        line: such as ``status:enum(draft,open)=draft``.
        class_prefix: the entity's name, first half of an enum's class name.
        rules: the ``names`` of the stack.

    Returns:
        The field: ``name``, ``spoken`` (as it was typed), ``attribute`` (its name in Python classes), ``declared`` (that of the other row, where it is a ``foreign`` key), ``text`` (that of the text of what it refers to), ``typed`` (its option), ``label``, ``title``, ``camel``, ``class``, ``type``, ``optional``, ``unique``, ``index``, ``pii``,
        ``has_default``, ``default`` (a JSON value), ``values`` and ``labels`` (of an enum), ``limits`` (of other types), ``varied`` (whether two entities can differ in it), and every column of the type table, filled.

    Raises:
        FieldError: with what is wrong and what would be right.
    """
    match = FIELD.fullmatch(line)
    if not match:
        heading = (
            "; a line [Name], and nothing beside it, begins another entity" if line.lstrip().startswith("[") else ""
        )
        raise FieldError(f"{line.strip()!r} is no field: {FORM}{heading}")
    name, kind = match["name"], match["type"]
    if kind not in TYPES:
        raise FieldError(f"unknown type {kind!r}, {_close(kind.lower(), list(TYPES))}")
    if error := _name_error(name, kind, rules):
        raise FieldError(error)
    options = (match["options"] or "").replace(",", " ").split()
    for option in options:
        if "(" in option or ")" in option:
            raise FieldError(f"the parentheses of {name!r} stand after the type and are closed once: {FORM}")
        if option not in OPTIONS:
            raise FieldError(f"unknown option {option!r}, {_close(option, list(OPTIONS))}")
        if option not in TYPES[kind]["options"]:
            raise FieldError(f"{option!r} cannot stand behind {kind}: leave it out")
    label = name.replace("_", " ")
    arguments = _arguments(kind, match["arguments"], label)
    if kind == "ref":
        if name.endswith("_id"):
            raise FieldError(
                f"{name!r} would be kept as {name}_id: write {name.removesuffix('_id')}:ref({match['arguments']})"
            )
        relation, name = name, f"{name}_id"
        if error := _name_error(name, kind, rules):
            raise FieldError(error)
        if relation in {"version", *rules.get("attributes", ())}:
            raise FieldError(f"{relation!r} is a name that every row has: call the relation otherwise")
        if match["default"] is not None:
            raise FieldError(f"{relation!r} refers to an entity, so it has no default: leave it out")
        if arguments["target"] == "self" and not match["optional"]:
            raise FieldError(
                f"{relation!r} refers to its own kind, so the first would need one before it: make it optional, 'ref(self)?'"
            )
        if "cascade" in options and arguments.get("target_module") and not rules.get("parts_across", True):
            raise FieldError(
                f"{relation!r} stands in another context, which takes nothing of this one along when it goes: leave cascade "
                f"out, so that it stays as long as it is needed, or write ref({match['arguments'].strip()})?, which is emptied"
            )
        on_delete = "CASCADE" if "cascade" in options else "SET NULL" if match["optional"] else "RESTRICT"
        arguments |= {"relation": relation, "on_delete": on_delete, "action": on_delete.replace(" ", "_")}
    one, spoken = "", match["name"]
    if kind == "user":
        name = _user(match, rules)
        arguments = {**_arguments("str", "255", label), "on_delete": "SET NULL"}
        if error := _name_error(name, kind, rules):
            raise FieldError(error)
    if kind == "many":
        arguments["relation"], name, one = _many(match, arguments["target"], rules)
        if one == f"{'_'.join(NAMING.words(class_prefix))}_id":
            raise FieldError(f"{arguments['relation']!r} is called like the entity itself: call the relation otherwise")
        for made in (name, one):
            if error := _name_error(made, kind, rules):
                raise FieldError(error)
    pascal = "".join(part.capitalize() for part in name.split("_"))
    own_class = "Choice" if name in ENTITY_CLASSES else ""
    attribute, text = (
        f"{own}_value" if own in rules.get("attributes", ()) else own for own in (name, arguments.get("relation", ""))
    )
    values = {
        **arguments,
        "label": label,
        "column": name,
        "attribute": attribute,
        "class": f"{class_prefix}{pascal}{own_class}",
    }
    values["one"] = one
    values["types"] = f"{rules['types']}." if "types" in rules else ""
    # Each of many is an option of its own, as it is when a list is filtered by one.
    typed = _typed(one or name, one.removesuffix("_id") or arguments.get("relation", ""), rules)
    has_default = match["default"] is not None
    if kind == "enum" and len(values["class"]) > MAX_CLASS:
        raise FieldError(
            f"the enum's class would be {values['class']!r}: at most {MAX_CLASS} characters, shorten {name!r}"
        )
    if kind == "enum" and values["class"] in rules.get("classes", ()):
        raise FieldError(f"the class of {name!r} would be {values['class']!r}, which the code uses: rename it")
    if has_default and "unique" in options:
        raise FieldError("a unique field has no default: the second record would already break the rule")
    default = _default(kind, match["default"], arguments) if has_default else [] if kind == "many" else None
    if kind == "duration" and isinstance(default, str):
        values["parts"] = ", ".join(f"{unit}={number}" for unit, number in duration_parts(default).items())
    columns = _fill(TYPES[kind] | rules["user"] if kind == "user" else TYPES[kind], values)
    # What an argument adds to the condition (its bounds) is filled first, and names the column itself.
    quoted = values | {"column": f'"{name}"' if name in SQL_WORDS else name}
    columns["check"] = _fill(_fill(TYPES[kind]["check"], quoted), quoted)
    return {
        **columns,
        "name": name, "spoken": spoken, "attribute": attribute, "declared": spoken if kind in ("ref", "many", "user") else attribute, "foreign": kind in ("ref", "user"), "label": label, "title": label.capitalize(), "camel": pascal[0].lower() + pascal[1:],
        "class": values["class"], "type": kind, "optional": bool(match["optional"]),
        "unique": "unique" in options, "index": "index" in options, "pii": "pii" in options, "show": "show" in options,
        "relation": arguments.get("relation", ""), "text": text, "typed": typed, "target": arguments.get("target", ""),
        "target_module": arguments.get("target_module", ""), "on_delete": arguments.get("on_delete", ""),
        "limits": {limit: arguments[limit] for limit in LIMITS if limit in arguments},
        "one": one, "has_default": has_default or kind == "many",
        "default": default,
        "values": arguments.get("values", []), "varied": kind != "many" and len(arguments.get("values", [])) != 1, "labels": arguments.get("labels", {}), "length": arguments.get("length", 0), "places": arguments.get("places", 0), "digits": arguments.get("digits", 0),
    }  # fmt: skip


def _user(match: re.Match[str], rules: Rules) -> str:
    """Name the field that holds the id of somebody who signs in.

    Raises:
        FieldError: when nobody signs in, or it says what means nothing here.
    """
    name = match["name"]
    if "user" not in rules:
        raise FieldError(f"{name!r} is somebody who signs in, of whom this stack keeps nothing: use str")
    if name.endswith("_id"):
        raise FieldError(f"{name!r} would be kept as {name}_id: write {name.removesuffix('_id')}:user?")
    if name in {"version", *rules.get("attributes", ())}:
        raise FieldError(f"{name!r} is a name that every row has: call the field otherwise")
    if match["default"] is not None:
        raise FieldError(f"{name!r} is somebody, so it has no default: leave it out")
    if not match["optional"]:
        raise FieldError(
            f"{name!r} is emptied when the user goes, whom nothing may hold: make it optional, '{name}:user?'"
        )
    return f"{name}_id"


def _many(match: re.Match[str], target: str, rules: Rules) -> tuple[str, str, str]:
    """Name what refers to any number of entities: ``tags``, the field of their ids ``tag_ids``, and what filters by one, ``tag_id``.

    Raises:
        FieldError: when it says what means nothing here.
    """
    relation, arguments = match["name"], match["arguments"]
    if not rules.get("many", True):
        raise FieldError(
            f"{relation!r} refers to many, which this stack cannot do yet: start a feature for the links, with a ref(…) to each side"
        )
    if target == "self":
        raise FieldError(f"{relation!r} {OWN_KIND}")
    if re.search("_ids?$", relation):
        raise FieldError(
            f"{relation!r} is kept as ids anyway: write {re.sub('_ids?$', 's', relation)}:many({arguments})"
        )
    if match["optional"]:
        raise FieldError(f"{relation!r} may be empty in any case: leave the ? out")
    if match["default"] is not None:
        raise FieldError(f"{relation!r} refers to entities, so it has no default: leave it out")
    if relation in {"version", *rules.get("attributes", ())}:
        raise FieldError(f"{relation!r} is a name that every row has: call the relation otherwise")
    if len(relation) > MAX_MANY:
        raise FieldError(
            f"{relation!r} has {len(relation)} characters: at most {MAX_MANY} fit into the table of the links"
        )
    head, underscore, last = relation.rpartition("_")
    one = f"{head}{underscore}{NAMING.singular(last)}_id"
    return relation, f"{one}s", one


def _typed(name: str, relation: str, rules: Rules) -> str:
    """Name the option by which a value is typed: that of a relation is called like it, if no command has that option."""
    taken = LIST_PARAMETERS.union(*rules.get("fields", {}).values())
    spoken = relation if relation and relation not in taken else name
    return spoken.replace("_", "-")


def _names(field: Mapping[str, Any]) -> set[str]:
    """List the names that a field takes from others: its own, its relation's, and those of one of many."""
    one = field["one"]
    return {field["name"], field["spoken"], one, one.removesuffix("_id")} - {""}


def sections(text: str, entity: str) -> dict[str, str]:
    """Split the answer to ``fields`` into entities: the main one's lines, and those below the heading ``[Name]`` of each further one.

    Args:
        text: the answer.
        entity: the main entity's name.

    Returns:
        The lines of each entity by its name; empty ones before them keep their numbers what they are.

    Raises:
        FieldError: when a heading names no further entity, or there are too many.
    """
    found, name = {entity: ""}, entity
    for number, line in enumerate(text.splitlines(), 1):
        if not (match := HEADING.fullmatch(line)):
            found[name] += f"{line}\n"
            continue
        name = match["name"]
        if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
            raise FieldError(
                f"fields, line {number}: [{name}] names no entity: write it in PascalCase, such as [LineItem]"
            )
        if name.lower() == entity.lower():
            raise FieldError(
                f"fields, line {number}: {entity} is the feature's main entity: its fields stand above the first heading"
            )
        if name.lower() in map(str.lower, found):
            raise FieldError(f"fields, line {number}: {name} stands twice: each entity has its fields in one place")
        if len(found) == MAX_ENTITIES:
            raise FieldError(
                f"fields, line {number}: [{name}] is one too many: a feature has up to {MAX_ENTITIES} entities"
            )
        found[name] = "\n" * number
    return found


def _relations(text: str, entity: str, rules: Rules) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Yield what refers to an entity, with whose field it is and the number of its line."""
    for owner, part in sections(text, entity).items():
        for number, line in _lines(part):
            if not TOGETHER.fullmatch(line) and (field := parse_field(line, owner, rules))["relation"]:
                yield owner, number, field


def _in_order(text: str, entity: str, rules: Rules, known: Sequence[str] = ()) -> list[str]:
    """Put each entity of a feature behind those that it refers to, as its tables have to be made.

    Args:
        text: the answer to ``fields``.
        entity: the main entity's name.
        rules: the ``names`` of the stack.
        known: every entity of the project's other features, as ``module.Entity``.

    Raises:
        FieldError: when one refers to an entity that the feature does not have, or some refer to one another.
    """
    needed: dict[str, list[str]] = {name: [] for name in sections(text, entity)}
    for owner, number, field in _relations(text, entity, rules):
        target = field["target"]
        if target == "self" or field["target_module"]:
            continue
        if target == owner and field["type"] == "many":
            raise FieldError(f"fields, line {number}: {field['relation']!r} {OWN_KIND}")
        if target == owner:
            advice = f"which is its own kind: write {field['relation']}:ref(self)?"
        elif elsewhere := [name for name in known if name.rpartition(".")[2].lower() == target.lower()]:
            advice = f"which this feature does not have: did you mean {elsewhere[0]}?"
        elif others := [name for name in needed if name != owner]:
            advice = f"which this feature does not have: {_close(target, others)}"
        else:
            advice = f"which this feature does not have: write its fields below a heading [{target}], or module.{target} for that of another feature"
        if target == owner or target not in needed:
            raise FieldError(f"fields, line {number}: {field['relation']!r} refers to {target}, {advice}")
        needed[owner].append(target)
    try:
        return list(TopologicalSorter(needed).static_order())
    except CycleError as error:
        names = dict.fromkeys(reversed(error.args[1]))
        raise FieldError(
            f"fields: {' and '.join(names)} refer to one another, so none could be there first: leave one of the references out"
        ) from None


def entity_modules(
    entity: str, text: str, module: str, named: Callable[[str], dict[str, str]], rules: Rules = NO_RULES
) -> dict[str, str]:
    """Name the module of each entity of a feature: the main one's is the feature's, a further one's is named like its rows.

    Args:
        entity: the main entity's name.
        text: the answer to ``fields``.
        module: the feature's.
        named: ``entity_names``.
        rules: the ``names`` of the stack; where a feature has one module, all its entities are in it.
    """
    try:
        further = [name for name in sections(text, entity) if name != entity]
    except FieldError:
        further = []
    shared = rules.get("one_module", False)
    return {entity: module} | {name: module if shared else named(name)["plural"] for name in further}


def headings(text: str) -> Iterator[tuple[int, str]]:
    """Yield the number of the line and the name of each further entity in an answer to ``fields``."""
    for number, line in enumerate(text.splitlines(), 1):
        if match := HEADING.fullmatch(line):
            yield number, match["name"]


def parse_fields(text: str, class_prefix: str, rules: Rules = NO_RULES) -> list[dict[str, Any]]:
    """Parse the answer to ``fields``: one field a line. Lines ``unique(…)`` are for ``parse_uniques``.

    Raises:
        FieldError: with the number of the line, what is wrong in it and what would be right.
    """
    fields: list[dict[str, Any]] = []
    for number, line in _lines(text):
        if TOGETHER.fullmatch(line):
            continue
        try:
            field = parse_field(line, class_prefix, rules)
            if field["name"] in [other["name"] for other in fields]:
                raise FieldError(f"{field['name']!r} stands twice: each name may stand once")
            if same := [other["name"] for other in fields if other["camel"] == field["camel"]]:
                raise FieldError(f"{field['name']!r} and {same[0]!r} are the same name in camel case: rename one")
            if same := [other for other in fields if _names(other) & _names(field)]:
                one, other, name = field["spoken"], same[0]["spoken"], min(_names(same[0]) & _names(field), key=len)
                twice, both = f"{one!r} stands twice: each", f"{one!r} and {other!r} both need the name {name!r}: each"
                raise FieldError(f"{twice if one == other else both} may stand once")
            if field["show"] and (same := [other["name"] for other in fields if other["show"]]):
                raise FieldError(f"{same[0]!r} is shown already: one field tells people what they see")
            if same := [
                other["name"]
                for other in fields
                if {other["attribute"], other["text"]} & {field["attribute"], field["text"]} - {""}
            ]:
                raise FieldError(f"{field['name']!r} and {same[0]!r} are the same name in the code: rename one")
        except FieldError as error:
            raise FieldError(f"fields, line {number}: {error}") from None
        fields.append(field)
    place = f"fields of {class_prefix}"
    if not fields:
        raise FieldError(f"{place}: there are none, and an entity has at least one: {FORM}")
    if len(fields) > MAX_FIELDS:
        raise FieldError(f"{place}: there are {len(fields)}, and at most {MAX_FIELDS} make one entity")
    if not any(field["varied"] for field in fields):
        raise FieldError(f"{place}: every field has one value only, so no two entities could differ: add a field")
    if all(field["optional"] or field["has_default"] for field in fields):
        raise FieldError(
            f"{place}: every field may be left out, so an entity could be empty: make one of them required"
        )
    return fields


def _lines(text: str) -> list[tuple[int, str]]:
    """Number the lines of ``fields`` that count: not those that are empty, nor those that start with ``#``.

    What stands behind a ``#`` is for people; in a default or a label it is a character like any other.
    """
    lines = enumerate(text.splitlines(), 1)
    return [
        (number, match[1] if (match := COMMENT.fullmatch(line)) else line)
        for number, line in lines
        if re.match(r"\s*[^\s#]", line)
    ]


def parse_uniques(text: str, fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Find what may stand once: each field that is unique, and the fields of each line ``unique(firm, code)`` together.

    Args:
        text: the answer to ``fields``.
        fields: those of it.

    Returns:
        For each its ``fields``, their ``names`` and ``attributes``, ``said`` (the names for people), ``name`` (for the name of a
        constraint), ``alone`` (whether it is one field) and ``own`` (whether it refers to another one of its kind).

    Raises:
        FieldError: with the number of the line, what is wrong in it and what would be right.
    """
    uniques = [_unique([field]) for field in fields if field["unique"]]
    for number, line in _lines(text):
        if not (match := TOGETHER.fullmatch(line)):
            continue
        try:
            unique = _unique(_together([name.strip() for name in match["names"].split(",")], fields))
            if any(set(unique["names"]) == set(other["names"]) for other in uniques):
                raise FieldError(f"{line.strip()!r} stands twice: each may stand once")
        except FieldError as error:
            raise FieldError(f"fields, line {number}: {error}") from None
        uniques.append(unique)
    return uniques


def _together(names: list[str], fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Find the fields that are unique together."""
    known = {field["spoken"]: field for field in fields}
    if len(names) < 2 or len(set(names)) < len(names):
        raise FieldError("unique(…) takes two fields or more, each once; one alone is 'unique' behind its type")
    for name in names:
        if name not in known:
            raise FieldError(f"unique(…) knows no field {name!r}, {_close(name, list(known))}")
    chosen = [known[name] for name in names]
    for field in chosen:
        if not field["varied"] or not ("unique" in field["options"] or field["type"] in ("bool", "enum")):
            raise FieldError(f"{field['name']!r} cannot be in unique(…): leave it out")
    if alone := [field["spoken"] for field in chosen if field["unique"]]:
        raise FieldError(f"{alone[0]!r} is unique alone, so unique(…) with it says nothing: leave one of the two out")
    if not any("unique" in field["options"] for field in chosen):
        raise FieldError("unique(…) of few values would soon be full: add a field that is no bool and no enum")
    if sum(field["length"] for field in chosen) > MAX_UNIQUE:
        raise FieldError(f"the texts in unique(…) have more than {MAX_UNIQUE} characters together: shorten them")
    return chosen


def _unique(fields: list[dict[str, Any]]) -> dict[str, Any]:
    names = [field["name"] for field in fields]
    name = "_".join(names)
    if len(name) > MAX_NAME:
        digest = hashlib.sha256(name.encode()).hexdigest()[:8]
        name = f"{name[: MAX_NAME - 9].rstrip('_')}_{digest}"
    return {
        "fields": fields, "names": names, "attributes": [field["attribute"] for field in fields],
        "said": " and ".join(names), "name": name, "alone": len(names) == 1,
        "own": any(field.get("own") for field in fields),
    }  # fmt: skip


def fields_error(text: str, class_prefix: str, rules: Rules = NO_RULES, known: Sequence[str] = ()) -> str:
    """Say what is wrong with an answer to ``fields``, or return an empty string.

    Args:
        text: the answer.
        class_prefix: the entity's name.
        rules: the ``names`` of the stack.
        known: every entity of the project's other features, as ``module.Entity``.
    """
    try:
        parts = sections(text, class_prefix)
        if len(parts) > 1 and not _lines(parts[class_prefix]):
            raise FieldError(
                f"fields of {class_prefix}: there are none above the first heading, where they belong: {FORM}"
            )
        fields = {entity: parse_fields(lines, entity, rules) for entity, lines in parts.items()}
        for entity, lines in parts.items():
            parse_uniques(lines, fields[entity])
        if rules.get("one_module", False):
            _require_own_names(fields)
        _in_order(text, class_prefix, rules, known)
    except FieldError as error:
        return str(error)
    return ""


def _require_own_names(fields: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Refuse entities of one module that need a name twice: that of a file of their rows, or of a class.

    Args:
        fields: of each entity.

    Raises:
        FieldError: with the two that need it.
    """
    files: dict[str, str] = {}
    for entity in fields:
        rows = NAMING.entity_names(entity)["plural"]
        if rows in files:
            raise FieldError(
                f"fields: {files[rows]} and {entity} would both have the file {rows}.py: call one otherwise"
            )
        files[rows] = entity
    classes = {name: name for name in fields}
    for entity in fields:
        made = ("".join(part.capitalize() for part in ending.split("_")) for ending in ENTITY_CLASSES)
        classes |= {f"{entity}{ending}": entity for ending in made}
    parts = [NAMING.entity_names(entity)["variable"] for entity in fields]
    methods = {f"{verb}_{part}" for verb in ("add", "change", "remove") for part in parts}
    for entity, lines in fields.items():
        for field in lines:
            if len(fields) > 1 and field["attribute"] in methods:
                raise FieldError(
                    f"fields: {field['name']!r} of {entity} is what a whole does with its parts: call it otherwise"
                )
            if field["domain"] and classes.setdefault(field["class"], entity) != entity:
                raise FieldError(
                    f"fields: {field['name']!r} of {entity} and the entity {classes[field['class']]} would both need the class "
                    f"{field['class']}: call one otherwise"
                )


def relation_error(text: str, class_prefix: str, rules: Rules, own: Mapping[str, str], known: Sequence[str]) -> str:
    """Say which field refers to an entity that neither the feature nor the project has, or return an empty string.

    Args:
        text: the answer to ``fields``, already validated.
        class_prefix: the main entity's name.
        rules: the ``names`` of the stack.
        own: the module of each entity of the feature (``entity_modules``).
        known: every entity of the project's other features, as ``module.Entity``.
    """
    for entity, number, field in _relations(text, class_prefix, rules):
        module, target = field["target_module"], field["target"]
        asked = f"{module}.{target}"
        if not module or target == "self" or asked in known:
            continue
        if own.get(target) == module:
            advice = (
                f"this feature has it: write {field['relation']}:ref({'self)?' if target == entity else f'{target})'}"
            )
        elif known:
            advice = f"no feature has it: {_close(asked, list(known))}"
        else:
            advice = "the project has no other feature: start the one that it belongs to first"
        return f"fields, line {number}: {field['relation']!r} refers to {asked}, and {advice}"
    return ""


def entity_model(
    names: dict[str, str],
    text: str,
    rules: Rules = NO_RULES,
    module: str = "",
    named: Callable[[str], dict[str, str]] | None = None,
    modules: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Build what templates read as ``model``.

    Args:
        names: every form of the entity's name (``entity_names``).
        text: the answer to ``fields``, already validated.
        rules: the ``names`` of the stack.
        module: the entity's; its name comes before that of a table that the project has already.
        named: ``entity_names``, for the entities that fields refer to.
        modules: the module of each entity of the feature.

    Returns:
        The names, ``module``, ``module_class``, ``version`` (what its own version is called), ``fields``, and the selections that more than one file needs:
        ``stored`` (those that are columns), ``users`` (those that hold somebody who signs in), ``relations`` (those that refer to one entity), ``manies`` (to any number of them), ``referring`` (both),
        ``enums``, ``uniques`` (``parse_uniques``), ``clashes`` (those that the examples can break, of which none refers to its own kind), ``parts`` (fields that are unique only together with others), ``checks``, ``personal``, ``filters`` (name, attribute, option, field and operator of every query parameter),
        ``indexes`` (fields that get an index for lists), ``accepted`` (name and value at the edge of what a field takes),
        ``links`` (the filters by what the entity refers to; ``twice`` if it is a part of the same in two ways), ``wholes`` (what it is a part of, each kind once; their fields have ``whole``), ``searched``, ``sorts``, ``columns`` (what a table of four shows).
    """
    fields = [
        _resolved(field, names, rules, named, modules or {}) for field in parse_fields(text, names["name"], rules)
    ]
    uniques = parse_uniques(text, fields)
    together = {name for unique in uniques for name in unique["names"]}
    taken = {name for field in fields for name in (field["name"], field["relation"]) if name}
    stored = [field for field in fields if field["type"] != "many"]
    # A list offers what an index serves: asked for, or because the type's values are few or in time, and nobody's own.
    served = [field for field in fields if field["unique"] or field["index"] or (field["listed"] and not field["pii"])]
    filters = []
    for field in served:
        equals = ("_is" if field["name"] in LIST_PARAMETERS else "", "eq")
        for suffix, operator in {"equals": [equals], "range": [("_from", "ge"), ("_to", "le")]}.get(
            field["filter"], []
        ):
            name, attribute = field["name"] + suffix, field["name"] + suffix if suffix else field["attribute"]
            # A filter that another field is called like gives way to the filter by that field.
            if not suffix or name not in taken:
                typed = _typed(name, field["relation"], rules)
                entry = {"name": name, "attribute": attribute, "typed": typed, "field": field, "operator": operator}
                filters.append(entry | {"openapi": field["openapi"]})
    for field in fields:
        if field["type"] == "many":
            one = {"name": field["one"], "attribute": field["one"], "typed": field["typed"]}
            filters.append({**one, "field": field, "operator": "has", "openapi": field["openapi"]["items"]})
    wholes = [field["target_path"] for field in fields if field["on_delete"] == "CASCADE"]
    nested = _nested(fields)
    for field in fields:
        field["whole"] = any(field["name"] == whole["name"] for whole in nested)
    return {
        **names,
        "module": module,
        "module_class": "".join(part.capitalize() for part in module.split("_")),
        "table": f"{module}_{names['table']}" if names["table"] in rules.get("tables", ()) else names["table"],
        "version": "row_version" if "version" in taken else "version",
        "base": "RowVersioned" if "version" in taken else "Entity",
        "fields": fields,
        "stored": stored,
        "relations": [field for field in stored if field["relation"]],
        "users": [field for field in fields if field["type"] == "user"],
        "manies": [field for field in fields if field["type"] == "many"],
        "referring": [field for field in fields if field["relation"]],
        "show": _shown(fields),
        "required": [field for field in fields if not field["optional"] and not field["has_default"]],
        "optional": [field for field in fields if field["optional"]],
        "columns": ([field for field in stored if field["sort"]] or stored)[:4],
        "enums": [field for field in fields if field["type"] == "enum"],
        "uniques": uniques,
        "clashes": [unique for unique in uniques if not any(field.get("own") for field in unique["fields"])],
        "parts": [field["name"] for field in fields if not field["unique"] and field["name"] in together],
        "personal": [field["name"] for field in fields if field["pii"]],
        "checks": [field for field in fields if field["check"]],
        # A unique index holds the rows without a value in no order.
        "indexes": [field for field in served if not field["unique"] or field["optional"]],
        "accepted": [(field["name"], None) for field in fields if field["optional"]]
        + [(field["name"], " ") for field in fields if field["type"] in ("str", "text")],
        "filters": filters,
        "links": [
            entry | {"twice": wholes.count(entry["field"]["target_path"]) > 1}
            for entry in filters
            if entry["field"]["relation"]
        ],
        "searched": [field["name"] for field in fields if field["type"] in ("str", "text", "email")],
        "sorts": [field["name"] for field in served if field["sort"]],
        "wholes": nested,
    }


def _nested(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Find what an entity is a part of. Its parts stand below its address, so of two fields for the same kind the first counts.

    Returns:
        Each field, with the endings of what is called like its parts: ``of`` (of a class, ``OfPosting``) and ``of_one`` (of a function, ``of_posting``).
    """
    wholes: dict[str, dict[str, Any]] = {}
    for field in fields:
        if field["on_delete"] == "CASCADE" and not field["own"]:
            one = f"of_{field['relation']}"
            of = "".join(word.capitalize() for word in one.split("_"))
            wholes.setdefault(field["target_path"], field | {"of": of, "of_one": one})
    return list(wholes.values())


def entity_models(
    entity: str,
    text: str,
    rules: Rules,
    module: str,
    named: Callable[[str], dict[str, str]],
    number: int = 0,
    parent: str = "",
) -> list[dict[str, Any]]:
    """Build the ``model`` of each entity of a feature, each behind those that it refers to.

    Args:
        entity: the main entity's name.
        text: the answer to ``fields``, already validated.
        rules: the ``names`` of the stack.
        module: the feature's.
        named: ``entity_names``.
        number: the feature's.
        parent: Alembic's newest revision before the feature.

    Returns:
        The models (``entity_model``), each with ``main`` (whether it is the feature's main entity), ``suffix`` (of the names of its documents), ``stem`` (of those of its own
        files, which in a shared module are called after both), ``revision`` and ``migration_parent`` (Alembic's; each follows the one before it), and
        how the entities of a feature belong together: ``whole`` (the field by which it is a part, and never without a whole), ``owned`` (the parts that it has so)
        and ``followers`` (the fields by which others of the feature, or of its own kind, go with it or are emptied).
    """
    parts, modules = sections(text, entity), entity_modules(entity, text, module, named, rules)
    models: list[dict[str, Any]] = []
    for name in _in_order(text, entity, rules):
        model = entity_model(named(name), parts[name], rules, modules[name], named, modules)
        revision = f"{number:03}_{modules[name]}"
        suffix = "" if name == entity else f"-{model['path']}"
        stem = modules[name] if name == entity or modules[name] != module else f"{module}_{model['plural']}"
        model |= {"main": name == entity, "suffix": suffix, "stem": stem, "whole": _whole(model)}
        models.append(model | {"revision": revision, "migration_parent": parent})
        parent = revision
    return [model | _belonging(model, models, named) for model in models]


def _whole(model: Mapping[str, Any]) -> dict[str, Any] | None:
    """Find the field by which an entity is a part of another one of the feature, and never without it."""
    relations: list[dict[str, Any]] = model["relations"]
    parts = (field for field in relations if field["sibling"] and field["on_delete"] == "CASCADE")
    return next((field for field in parts if not field["optional"]), None)


def _belonging(
    model: Mapping[str, Any], models: Sequence[Mapping[str, Any]], named: Callable[[str], dict[str, str]]
) -> dict[str, Any]:
    """Tell how the others of a feature belong to an entity."""
    referring: list[dict[str, Any]] = [
        {**named(other["name"]), "stem": other["stem"], "field": field, "owned": field is other["whole"]}
        for other in models
        for field in other["relations"]
        if field["target"] == model["name"] and field["within"]
    ]
    return {
        "owned": [entry for entry in referring if entry["owned"]],
        "followers": [entry for entry in referring if entry["field"]["on_delete"] != "RESTRICT"],
    }


def _resolved(
    field: dict[str, Any],
    names: dict[str, str],
    rules: Rules,
    named: Callable[[str], dict[str, str]] | None,
    modules: Mapping[str, str],
) -> dict[str, Any]:
    """Name what a field refers to, as the feature that has it does."""
    if not field["relation"]:
        return field
    own = field["target"] == "self"
    target = names if own or named is None else named(field["target"])
    module = field["target_module"] or modules.get(field["target"], "")
    prefixed = target["table"] in rules.get("tables", ()) and not own
    table = f"{module}_{target['table']}" if prefixed else target["table"]
    known = {f"target_{key}": value for key, value in target.items()} | {"target_table": table, "target_module": module}
    # No entity's table has two underscores, so no table is called like one that joins two.
    known["join"] = f"{names['table']}__{field['relation']}"
    known["target_ref"] = "self" if own else f"{module}.{target['name']}"
    known["sibling"] = not own and not field["target_module"]
    known["within"] = own or known["sibling"]
    known["kind"] = f"{modules.get(names['name'], '') if own else module}.{target['name']}"
    if own:
        known["meaning"] = f"id of another {names['label']}"
    filled = _fill({key: entry for key, entry in field.items() if not key.startswith("target")}, known)
    return {**field, **filled, **known, "own": own, "target": target["name"]}


def _shown(fields: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Choose the field by which people know an entity: the one that says so, else the first text that is always there."""
    asked = [field for field in fields if field["show"]]
    texts = [field for field in fields if field["type"] == "str" and not field["optional"] and not field["pii"]]
    return next(iter(asked + texts), None)


def options(model: dict[str, Any], number: int) -> list[str]:
    """Write an example of the entity as options of a command line, each quoted for a shell where it has to be.

    A truth is a switch (``--active`` or ``--no-active``), an object is JSON. The first of its kind refers to no other.
    """
    written = []
    for field in model["fields"]:
        name, value = field["typed"], field["examples"][number]
        if field.get("own"):
            continue
        if field["type"] == "many":
            written += [f"--{name} {key}" for key in value]
        elif isinstance(value, bool):
            written.append(f"--{name}" if value else f"--no-{name}")
        else:
            text = json.dumps(value) if isinstance(value, dict) else str(value)
            written.append(f"--{name} {shlex.quote(text)}")
    return written


def payload(model: dict[str, Any], number: int) -> dict[str, Any]:
    """Make an example of the entity as a client sends it: the first, second or third value of every field.

    The first of its kind refers to no other.
    """
    return {field["name"]: None if field.get("own") else field["examples"][number] for field in model["fields"]}


def aliased(annotation: str, kind: str, field: dict[str, Any]) -> str:
    """Annotate a Pydantic field with the name that it has outside, where its attribute has another one.

    Args:
        annotation: the field's type.
        kind: ``alias`` (read and written) or ``serialization_alias`` (written).
        field: ``name`` and ``attribute``.
    """
    if field["name"] == field["attribute"]:
        return annotation
    return f'Annotated[{annotation}, pydantic.Field({kind}="{field["name"]}")]'


def referring(annotation: str, field: dict[str, Any]) -> str:
    """Say in the annotation of a Pydantic field to what it refers, if it does."""
    if not field["relation"]:
        return annotation
    return f'Annotated[{annotation}, entity.Reference("{field["target_ref"]}")]'


class EntityExtension(Extension):
    """Registers what reads ``fields`` as globals of the template, ``aliased`` and ``referring`` as filters."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(
            fields_error=fields_error,
            relation_error=relation_error,
            entity_models=entity_models,
            parse_field=parse_field,
            parse_fields=parse_fields,
            entity_modules=entity_modules,
            headings=headings,
            options=options,
            payload=payload,
        )
        environment.filters.update(aliased=aliased, referring=referring)
