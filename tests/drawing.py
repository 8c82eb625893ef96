"""Answers drawn at random from everything that the questions accept, and projects made of them."""

import datetime as dt
import json
import re
import string
import uuid
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml
from changes import WIDER, changes_error, states
from conftest import copy_into
from entity import (
    MAX_DEFAULT,
    MAX_FIELDS,
    MAX_LABEL,
    MAX_MANY,
    MAX_NAME,
    TYPES,
    FieldError,
    entity_modules,
    fields_error,
    parse_field,
    parse_fields,
    parse_uniques,
    sections,
)
from jinja2 import Environment
from naming import entity_names
from stacks import SECTIONS, stack_of

SEED = 20261124
PIECES = [
    "Orders", "price list", "Müller", "größer", "naïve", "日本語", "שלום עולם", "مرحبا", "Ελλάδα", "🎉", "🇩🇪", "𝔘", "it's", '"so"', '"', "'", "`id`",
    "\\", "\\n", "{{ 7*7 }}", "{% raw %}", "{x}", "%s", "100 %", "$HOME", "$(id)", "# 1", "<b>", "</b>", "&amp;", "a|b", "[y](z)", "*a*", "~~", "-- ",
    "'''", '"""', "'''\"", "*/", "//", "${a}", "@x", "null", "- a", ": b", "a: b", "?", "!", "…", "—", "no", "1e3", "0x1F", ";", "=", ", ",
]  # fmt: skip
"""Words, and what quotes, escapes, interpolates or ends a text in one of the languages that are rendered."""
SPECIAL = [
    "l",
    "O",
    "i",
    "token",
    "secret",
    "password_hint",
    "recipient",
    "name",
    "title",
    "a",
    "x1",
    "is_open",
    "url",
    "uuid",
]
"""Field names that a linter has an opinion on, or that are as short as can be."""


class Refused(NamedTuple):
    """A set of answers that the template does not take, and what it says."""

    answers: dict[str, Any]
    sentence: str


class Drawing(NamedTuple):
    """Projects with the features drawn for each, and the sets that were refused."""

    projects: list[Path]
    features: int
    refused: list[Refused]


class Answers:
    """Draws answers: all types, options, defaults and lengths, in every order.

    Args:
        stack: the stack they are for.
        seed: the same one draws the same answers.
    """

    def __init__(self, stack: str, seed: int) -> None:
        self.stack = stack
        self.entities: list[str] = []
        self.random = Random(f"{stack} {seed}")

    def chance(self, share: float) -> bool:
        """Say yes this often."""
        return self.random.random() < share

    def text(self, longest: int) -> str:
        """Draw a line of text."""
        words = [self.random.choice(PIECES) for _ in range(self.random.choice((1, 2, 3, 5, 12)))]
        return self.random.choice(("", " ")).join(words)[:longest].strip() or "a"

    def word(self, longest: int) -> str:
        """Draw a word of letters and digits that begins with a letter."""
        letters = self.random.choices(string.ascii_lowercase + "0123456789", k=self.random.randint(0, longest - 1))
        return self.random.choice(string.ascii_lowercase) + "".join(letters)

    def name(self, longest: int = MAX_NAME) -> str:
        """Draw the name of a field or a module."""
        if self.chance(0.15):
            return self.random.choice(SPECIAL).lower()
        words = [self.word(self.random.choice((1, 4, 8, 28))) for _ in range(self.random.choice((1, 1, 2, 3)))]
        return "_".join(words)[:longest].strip("_")

    def entity(self) -> str:
        """Draw the name of an entity: one letter, a word, several, or as long as may be."""
        if self.chance(0.15):
            return self.random.choice(string.ascii_uppercase)
        words = [
            self.word(self.random.choice((2, 6, 9, 28))).capitalize() for _ in range(self.random.choice((1, 1, 2, 3)))
        ]
        return "".join(words)[: self.random.choice((22, MAX_NAME))]

    def enum(self) -> list[str]:
        """Draw the values of an enum, some of them in capitals."""
        values = {self.name().replace("_", self.random.choice("_-")) for _ in range(self.random.choice((1, 2, 3, 30)))}
        names: dict[str, str] = {value.replace("-", "_"): value for value in sorted(values)}
        return [value.upper() if self.chance(0.2) else value for value in names.values()]

    def labelled(self, value: str) -> str:
        """Give a value of an enum a label, now and then."""
        if self.chance(0.8):
            return value
        label = "".join(letter for letter in self.text(MAX_LABEL) if letter not in '"\\|`<>{}').strip() or "a"
        return f'{value}="{label}"'

    def default(self, kind: str, text: int, low: int, high: int, choices: list[str], places: int) -> str:
        """Draw a default that the type accepts."""
        day = dt.date(1990, 1, 1) + dt.timedelta(days=self.random.randrange(30_000))
        moment = f"{day}T{self.random.randrange(24):02}:00:00{self.random.choice(('.123456', '', '.5'))}"
        whole = str(self.random.randint(-9, 9))
        drawn: dict[str, Callable[[], str]] = {
            "str": lambda: self.text(min(text, MAX_DEFAULT)),
            "text": lambda: self.text(MAX_DEFAULT),
            "int": lambda: str(self.random.choice((low, high, self.random.randint(low, high)))),
            "bigint": lambda: str(self.random.choice((low, high, self.random.randint(low, high)))),
            "float": lambda: repr(self.random.choice((0.0, -1.5, 1e16, 1e-7, 123456.789, self.random.random()))),
            "decimal": lambda: f"{whole}.{'5' * places}" if places else whole,
            "bool": lambda: self.random.choice(("true", "false")),
            "date": lambda: str(day),
            "datetime": lambda: moment + self.random.choice(("Z", "+02:00", "-11:30")),
            "time": lambda: (
                f"{self.random.randrange(24):02}:{self.random.randrange(60):02}" + self.random.choice(("", ":59"))
            ),
            "duration": lambda: self.random.choice(
                ("PT0S", "PT90M", f"P{self.random.randrange(10_000)}D", "P400DT23H59M1S")
            ),
            "uuid": lambda: str(uuid.UUID(int=self.random.getrandbits(128), version=4)),
            "email": lambda: f"{self.word(12)}@{self.word(12)}.example",
            "url": lambda: f"https://{self.word(10)}.example/{self.word(20)}?a={self.word(3)}",
            "json": lambda: json.dumps(self.json(), ensure_ascii=self.chance(0.5)),
            "enum": lambda: self.random.choice(choices),
        }
        return drawn[kind]()

    def json(self) -> dict[str, Any]:
        """Draw an object whose JSON is short enough for a default."""
        values: list[Any] = [None, True, 0, -7, 1.5, "it's", '"', "ü", "🎉", [], {}, [1, [True]], {"a": {}}, "\\"]
        return {self.random.choice("abc'ü"): self.random.choice(values) for _ in range(self.random.randrange(4))}

    def field(self) -> str:
        """Draw a line of `fields`."""
        others = [target for target in self.entities if target != "self"]
        rules = stack_of(self.stack)["names"]
        known = {"ref": self.entities, "many": others if rules.get("many", True) else [], "user": "user" in rules}
        kind = self.random.choice([kind for kind in TYPES if known.get(kind, True)])
        # The class of an enum is called after the entity and the field, and has to be short enough.
        name = self.name(6) if kind == "enum" else self.name()
        if kind == "datetime" and (suffix := stack_of(self.stack)["names"]["datetime_suffix"]):
            name = f"{name[: MAX_NAME - 3]}{suffix}".replace("__", "_")
        length = self.random.choice((1, 2, 3, 20, 60, 200, 500))
        low = self.random.choice((-(2**31), -100_000, -1, 0, 1, 9_999))
        high = self.random.choice((low + 2, 10_000, 2**31 - 1))
        digits = self.random.randint(1, 18)
        places = self.random.randrange(digits)
        values = self.enum()
        bounded = self.chance(0.6)
        arguments = {
            "str": f"({length})" if bounded else "",
            "int": f"({low},{max(high, low + 2)})" if bounded else "",
            "bigint": f"({low},{max(high, low + 2)})" if bounded else "",
            "decimal": f"({digits},{places})" if bounded and digits > 1 else "",
            "enum": f"({','.join(map(self.labelled, values))})",
        }.get(kind, "")
        options = [option for option in TYPES[kind]["options"] if self.chance(0.2)]
        if kind == "user":
            return f"{name[: MAX_NAME - 3].strip('_')}:user? {' '.join(options)}".strip()
        if kind in ("ref", "many"):
            return self.reference(kind, name, options)
        line = f"{name}:{kind}{arguments}{'?' if self.chance(0.4) else ''} {' '.join(options)}".strip()
        if "unique" in options or self.chance(0.6):
            return line
        bounds = (low, max(high, low + 2)) if bounded else (-9, 99_999)
        return f"{line}={self.default(kind, length if bounded else 120, *bounds, values, places if arguments else 2)}"

    def reference(self, kind: str, name: str, options: list[str]) -> str:
        """Draw a field that refers to an entity of the project, or to its own, or to many of one kind."""
        if kind == "many":
            others = [target for target in self.entities if target != "self"]
            return f"{name[:MAX_MANY].strip('_')}:many({self.random.choice(others)})"
        target = self.random.choice(self.entities)
        mark = "?" if target == "self" or self.chance(0.4) else ""
        if "." in target and not stack_of(self.stack)["names"].get("parts_across", True):
            options = [option for option in options if option != "cascade"]
        return f"{name[: MAX_NAME - 3].strip('_')}:ref({target}){mark} {' '.join(options)}".strip()

    def fields(self, entity: str) -> str:
        """Draw the answer to `fields`: a feature's main entity, and sometimes further ones, each of which may refer to some."""
        names = [entity, *(self.entity() for _ in range(self.random.choice((0, 0, 1, 2))))]
        known, parts = self.entities, dict[str, str]()
        for name in self.random.sample(names, len(names)):
            self.entities = [*known, *parts] if known else []
            parts[name] = self.of_entity()
        self.entities = known
        return "\n".join([parts.pop(entity), *(f"\n[{name}]\n{lines}" for name, lines in parts.items())])

    def of_entity(self) -> str:
        """Draw the fields of an entity, one of them required, and no name twice in any spelling."""
        number = self.random.choice((1, 1, 2, 3, 5, 8, 13, MAX_FIELDS))
        lines = {line.split(":")[0].replace("_", ""): line for line in (self.field() for _ in range(number))}
        if not any("?" not in line.split("=")[0] and "=" not in line for line in lines.values()):
            kind = self.random.choice([kind for kind in TYPES if kind not in ("enum", "datetime", "ref", "many")])
            lines["needed"] = f"needed:{kind}{self.random.choice(('', ' pii'))}"
        # People know an entity by one field.
        shown = [name for name, line in lines.items() if " show" in line.split("=")[0]]
        lines |= {name: lines[name].replace(" show", "", 1) for name in shown[1:]}
        shuffled = self.random.sample(list(lines.values()), len(lines))
        return "\n".join([*shuffled, *self.together(shuffled)])

    def together(self, lines: list[str]) -> list[str]:
        """Draw which of the fields are unique together, if some can be."""
        names = [line.split(":")[0] for line in lines]
        if len(names) < 2 or self.chance(0.4):
            return []
        drawn = self.random.sample(names, self.random.randint(2, min(4, len(names))))
        line = f"unique({', '.join(drawn)})"
        try:
            parse_uniques(line, parse_fields("\n".join(lines), "A"))
        except FieldError:
            return []
        return [line]

    def changes(self, entity: str, fields: str) -> str:
        """Draw the answer to `changes`: up to two blocks, of lines that can be made one after the other."""
        rules, blocks = stack_of(self.stack)["names"], list[str]()
        if fields_error(fields, entity, rules, self.entities):
            return ""
        reading = Environment(autoescape=False)
        reading.globals.update(fields_error=fields_error, parse_field=parse_field, parse_fields=parse_fields)
        for day in range(self.random.choice((0, 1, 1, 2))):
            lines = [f"@ 2026-12-0{day + 1}"]
            for _ in range(self.random.choice((1, 2, 4, 8))):
                now = states(entity, fields, "\n".join(blocks))[-1]
                drawn = [*lines, self.change(entity, now, rules)]
                told = "\n".join([*blocks, *drawn])
                if not changes_error(reading, entity, fields, told, rules, self.entities):
                    lines = drawn
            blocks += lines if lines[1:] else []
        return "\n".join(blocks)

    def change(self, entity: str, fields: str, rules: dict[str, Any]) -> str:
        """Draw one line that changes fields; it may be one that cannot be made."""
        owner, lines = self.random.choice([*sections(fields, entity).items()])
        known = [line for line in lines.splitlines() if re.match("[a-z]", line) and not line.startswith("unique")]
        of, line = "" if owner == entity else f"{owner}.", self.random.choice(known)
        name, _, rest = line.partition(":")
        kind = self.random.choice(("add", "add", "rename", "remove", "retype", "options", "part"))
        match kind:
            case "add":
                line = self.field()
                try:
                    field = parse_field(line, owner, rules)
                except FieldError:
                    return f"+ {of}{line}"
                if field["optional"] or field["has_default"] or field["foreign"]:
                    return f"+ {of}{line}"
                value = field["examples"][0]
                return f"+ {of}{line} <- {value if isinstance(value, str) else json.dumps(value)}"
            case "rename":
                return f"{of}{name} -> {self.name()}"
            case "remove":
                return f"- {of}{name}"
            case "retype":
                wider = self.random.choice(sorted(WIDER.get(re.split(r"\W", rest)[0], {"text"})))
                return f"~ {of}{name}:{wider}{'?' if '?' in rest.partition('=')[0] else ''}"
            case "options":
                return f"~ {of}{name}:{re.split('[ =]', rest)[0]}{'' if '?' in rest else '?'}"
            case _:
                drawn = [found for found in lines.splitlines() if found.startswith("unique")]
                return f"- {of}{drawn[0]}" if drawn else f"- {of}{name}"

    def feature(self, folder: Path) -> dict[str, Any]:
        """Draw the answers of the next feature of a project, which may refer to those that it has."""
        self.entities = ["self", *entities(folder)]
        entity = self.entity()
        answers: dict[str, Any] = {
            "feature_title": self.text(100),
            "module": self.name(),
            "entity": entity,
            "fields": self.fields(entity),
        }
        answers["changes"] = self.changes(entity, answers["fields"])
        if self.chance(0.7):
            answers["feature_summary"] = self.text(300)
        if self.chance(0.1):
            answers["slice"] = False
        offered = [*stack_of(self.stack)["access"]]
        if offered and self.chance(0.6):
            answers["access"] = self.random.choice(offered)
            if answers["access"] == "public" and "pii" in answers["fields"]:
                answers["access"] = "owner"
        return answers

    def project(self) -> dict[str, Any]:
        """Draw the answers of a project."""
        stack = stack_of(self.stack)
        answers = {
            "stack": self.stack,
            "project_name": self.text(60),
            "package": self.name(),
            "description": self.text(200),
            "database": self.random.choice(list(stack["databases"])),
            "plan_sections": [section for section in SECTIONS if self.chance(0.4)],
            "context_style": self.random.choice(("lines", "table")),
            "python_version": self.random.choice((stack["defaults"]["python_version"], "3.13", "3.14")),
        }
        if "clients" in stack["properties"]:
            answers["clients"] = [client for client in ("web", "ios", "android") if self.chance(0.7)] or ["web"]
            answers["assistant"] = self.chance(0.5)
        return answers


def entities(folder: Path) -> list[str]:
    """Name the entities of a project that others can refer to, as ``module.Entity``."""
    stored = [
        yaml.safe_load(path.read_text("utf-8")) for path in sorted(folder.glob("specs/*/.copier-answers.feature.yml"))
    ]
    return [
        f"{module}.{entity}"
        for one in stored
        if one["slice"]
        for entity, module in entity_modules(
            one["entity"], one["fields"], one["module"], entity_names, stack_of(one["stack"])["names"]
        ).items()
    ]


def accepted(template: Path, folder: Path, draw: Callable[[], dict[str, Any]]) -> list[Refused]:
    """Draw answers until some are taken, and return those that were refused before."""
    refused: list[Refused] = []
    while len(refused) < 20:
        drawn = draw()
        try:
            copy_into(template, folder, **drawn)
        except SystemExit as error:
            refused.append(Refused(drawn, str(error)))
        else:
            return refused
    raise AssertionError(f"twenty sets were refused, one after the other, the last with: {refused[-1]}")


def render(template: Path, folder: Path, answers: Answers, features: int) -> Drawing:
    """Make a project with features, all of their answers drawn."""
    refused = accepted(template, folder, lambda: answers.project() | answers.feature(folder))
    for _ in range(features - 1):
        refused += accepted(template, folder, lambda: answers.feature(folder))
    return Drawing([folder], features, refused)


def sample(template: Path, folder: Path, stack: str, **project: Any) -> Path:
    """Make a project, or add to one, three features whose fields have every type and option in a random order, for its own tests."""
    answers = Answers(stack, SEED)
    own = {"stack": stack, "project_name": "shop", "package": "shop", **project}

    def draw() -> dict[str, Any]:
        return ({} if folder.exists() else own) | answers.feature(folder) | {"slice": True}

    for _ in range(3):
        accepted(template, folder, draw)
    return folder
