"""Names: from a title to a slug, a module and an entity, and what may be a name at all."""

import builtins
import hashlib
import keyword
import re
import sys
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension

MAX_NAME = 28
"""Longest module, table or field name. PostgreSQL cuts identifiers at 63 bytes, and the longest that is made of
these is a constraint, ``ck_<table>_<field>``; Alembic keeps revision ids (``001_<module>``) in 32 characters."""

MAX_SLUG = 50

# Letters that a decomposition (NFKD) leaves whole or that a reader writes as two.
LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "ł": "l", "đ": "d", "þ": "th"}

IRREGULAR = {
    "person": "people", "child": "children", "man": "men", "woman": "women", "foot": "feet", "tooth": "teeth",
    "mouse": "mice", "criterion": "criteria", "index": "indexes", "analysis": "analyses", "basis": "bases",
    "crisis": "crises", "diagnosis": "diagnoses", "medium": "media", "leaf": "leaves", "life": "lives",
    "shelf": "shelves", "half": "halves", "knife": "knives", "quiz": "quizzes", "movie": "movies",
    "cookie": "cookies", "cache": "caches", "axis": "axes", "alias": "aliases", "canvas": "canvases", "gas": "gases",
    "lens": "lenses", "matrix": "matrices", "vertex": "vertices", "hero": "heroes", "potato": "potatoes",
    "tomato": "tomatoes", "calorie": "calories", "use": "uses", "excuse": "excuses", "fuse": "fuses",
}  # fmt: skip
UNCOUNTED = {
    "series", "species", "news", "data", "metadata", "equipment", "information", "feedback", "money", "staff",
    "inventory", "billing", "monitoring", "auth", "payroll", "logistics", "analytics", "sms", "software", "goods", "clothes",
    "earnings", "glasses", "headquarters", "means", "pants", "premises", "proceeds", "savings", "scissors", "thanks", "trousers",
}  # fmt: skip

DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
"""Names that no file or folder can have on Windows."""


LOCALS = {
    "actor", "client", "col", "column", "columns", "command", "context", "created", "data", "database", "error", "existing", "field", "func", "headers", "item", "items",
    "limit", "message", "name", "names", "offset", "order", "owner", "page", "payload", "problem", "problems", "query", "relations", "request",
    "response", "result", "router", "row", "rows", "schema", "select", "serializer", "service", "session", "settings", "sort",
    "statement", "status", "stored", "text", "total", "unchanged", "owned", "user", "value", "values", "version", "view",
    "wanted", "work",
}  # fmt: skip
"""Names that generated functions use for something else: a variable that holds one row of an entity gives way."""


def words(text: str) -> list[str]:
    """Split a title or a CamelCase or snake_case name into lower-case ASCII words.

    Letters with marks lose them (German umlauts become two letters); what has no ASCII form is left out.
    """
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])", " ", text)
    text = "".join(LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFC", text).lower())
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().replace("'", "")
    return re.findall(r"[a-z0-9]+", text)


def _join(parts: list[str], separator: str, longest: int) -> str:
    """Join whole words as long as they fit; a first word that is too long is cut."""
    result = ""
    for part in parts:
        candidate = f"{result}{separator}{part}" if result else part[:longest]
        if len(candidate) > longest:
            break
        result = candidate
    return result


def slug(title: str) -> str:
    """Make the folder name of a feature from its title: ``Job postings`` → ``job-postings``."""
    return _join(words(title), "-", MAX_SLUG)


def module_name(title: str) -> str:
    """Make a Python module name from a title: ``Job postings`` → ``job_postings``."""
    return _join(words(re.sub(r"\A(?=[0-9])", "n", slug(title))), "_", MAX_NAME)


def class_name(text: str) -> str:
    """Make the singular class name of a module or title: ``job_postings`` → ``JobPosting``."""
    parts = words(text)
    if parts:
        parts[-1] = singular(parts[-1])
    return "".join(part.capitalize() for part in parts)


def plural(word: str) -> str:
    """English plural of a lower-case noun."""
    if word in UNCOUNTED:
        return word
    if word in IRREGULAR:
        return IRREGULAR[word]
    if re.search(r"(?:[sxz]|[cs]h)\Z", word):
        return f"{word}es"
    if re.search(r"[^aeiou]y\Z", word):
        return f"{word[:-1]}ies"
    return f"{word}s"


def singular(word: str) -> str:
    """English singular of a lower-case noun; a singular stays as it is."""
    if word in UNCOUNTED:
        return word
    for one, many in IRREGULAR.items():
        if word in (one, many):
            return one
    if re.search(r"[^aeiou]ies\Z", word):
        return f"{word[:-3]}y"
    if re.search(r"(?:ss|x|tz|zz|ch|sh|(?<![ao])us)es\Z", word):
        return word[:-2]
    if re.search(r"(?<![su])s\Z", word) and not word.endswith("is"):
        return word[:-1]
    return word


def entity_names(entity: str) -> dict[str, str]:
    """Every form of an entity's name that a template needs, prepared once.

    Returns:
        ``name`` (JobPosting), ``variable`` and ``table`` (job_posting; singular, as seed 003 has it), ``instance`` (the name of a
        variable that holds one: job_posting, but session_row where the code has a session already), ``plural``
        (job_postings), ``collection`` (a variable that holds many: job_postings, but credit_list, because Python has credits),
        ``names`` (JobPostings), ``path`` (job-postings, the URL segment), ``label`` (job posting),
        ``labels`` (job postings), ``a_label`` (a job posting), ``title`` and ``titles`` (the labels with a capital).
    """
    parts = words(entity)
    many = [*parts[:-1], plural(parts[-1])]
    variable = "_".join(parts)
    hides = variable in LOCALS or hasattr(builtins, variable) or keyword.iskeyword(variable)
    # A noun with no plural ("news") still needs two names where the code has one and many side by side.
    plural_name = "_".join(many) if many != parts else "_".join([*parts, "list"])
    return {
        "name": entity,
        "names": "".join(word.capitalize() for word in plural_name.split("_")),
        "variable": variable,
        "instance": f"{variable}_row" if hides else variable,
        "table": variable,
        "plural": plural_name,
        "collection": f"{variable}_list" if hasattr(builtins, plural_name) else plural_name,
        "path": "-".join(many),
        "label": " ".join(parts),
        "a_label": f"{'an' if re.match('[aeio]|u(?!ni|se)', parts[0]) else 'a'} {' '.join(parts)}",
        "labels": " ".join(many),
        "title": " ".join(parts).capitalize(),
        "titles": " ".join(many).capitalize(),
    }


def summary_of(title: str) -> str:
    """Say what a feature is for, as far as its title tells; one with punctuation is not put into a sentence."""
    if not re.fullmatch(r"[\w -]+", title):
        return "Users create, find, change and remove records."
    records = title[0].lower() + title[1:] if title[1:2].islower() else title
    return f"Users create, find, change and remove {records}."


def record_name(name: str) -> str:
    """Make another name of a module's that is taken: ``sessions`` → ``session_records``."""
    parts = words(name)
    return "_".join([*parts[:-1], singular(parts[-1]), "records"]) if parts else ""


def identifier_error(what: str, name: str, reserved: list[str], camel: bool = False) -> str:
    """Say why a name cannot be a Python package or module here.

    Args:
        what: the question's name, for the message.
        name: the answer.
        reserved: names that the stack uses itself.
        camel: whether capitals are allowed (Django's projects and apps).

    Returns:
        The sentence, or an empty string.
    """
    pattern, form = (r"[A-Za-z][A-Za-z0-9_]*", "letters") if camel else (r"[a-z][a-z0-9_]*", "lower-case letters")
    if not name:
        return f"{what} is missing: give a name, such as -d {what}=job_postings"
    if not re.fullmatch(pattern, name) or name.endswith("_") or "__" in name:
        return f"{what} {name!r} is no module name: use {form}, digits and single underscores, such as 'job_postings'"
    if len(name) > MAX_NAME:
        return f"{what} {name!r} has {len(name)} characters: at most {MAX_NAME} fit into the names made of it"
    if keyword.iskeyword(name):
        return f"{what} {name!r} is a Python keyword: choose another name, such as '{plural(name)}'"
    if name in sys.stdlib_module_names:
        return f"{what} {name!r} is a module of Python's standard library: choose another name, such as 'my_{name}'"
    if name.lower() in DEVICES:
        return (
            f"{what} {name!r} is a device of Windows, not a folder: choose another name, such as '{record_name(name)}'"
        )
    if name.lower() in (entry.lower() for entry in reserved):
        return (
            f"{what} {name!r} is the name of something that the project has or uses (a module, a folder, a package): "
            f"choose another name, such as '{record_name(name)}'"
        )
    return ""


def entity_error(entity: str, refused: Mapping[str, Collection[str]]) -> str:
    """Say why a name cannot be an entity here, or return an empty string.

    Args:
        entity: the answer.
        refused: the names that the stack refuses, by the reason.
    """
    if not entity:
        return "entity is missing: give a singular name in PascalCase, such as -d entity=JobPosting"
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", entity):
        proposal = class_name(module_name(entity)) or "JobPosting"
        return f"entity {entity!r} is not in PascalCase: use letters and digits only, such as '{proposal}'"
    *_, last = words(entity)
    if singular(last) != last and plural(singular(last)) == last:
        return f"entity {entity!r} is a plural: give the singular, '{class_name(entity)}'"
    table = entity_names(entity)["table"]
    if len(table) > MAX_NAME:
        return f"entity {entity!r} makes the table name '{table}' of {len(table)} characters: at most {MAX_NAME} fit"
    reasons = [reason for reason, names in refused.items() if entity in names]
    if keyword.iskeyword(entity) or keyword.iskeyword(table):
        reasons.append("is a Python keyword")
    if table in DEVICES:
        reasons.append("is a device of Windows, so that no file can be called so")
    return f"entity {entity!r} {reasons[0]}: choose another, such as '{entity}Record'" if reasons else ""


def slug_error(value: str, what: str = "feature_slug") -> str:
    """Say why a value cannot be the slug of a feature's folder (or another answer of its form), or return an empty string."""
    if not value:
        return f"{what} is missing: the title has no letter that a folder name can hold, give -d {what}=…"
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value):
        return f"{what} {value!r} is no folder name: use lower-case letters, digits and hyphens, 'job-postings'"
    if len(value) > MAX_SLUG + 10:
        return f"{what} has {len(value)} characters: at most {MAX_SLUG + 10} fit into a folder name"
    return ""


def unprintable(text: str) -> str:
    """Name the first letter of a text that hides or turns round what follows it (Unicode TR 36), such as ``U+202E``, if there is one.

    So do control characters, halves of letters and the formatting of right-to-left text; a line end is no such letter.
    """
    for letter in text:
        turning = unicodedata.bidirectional(letter) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        if turning or letter == "\ufeff" or (unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\r\t"):
            return f"U+{ord(letter):04X}"
    return ""


def line_error(what: str, text: str, longest: int = 200) -> str:
    """Say why a text cannot stand in one line of a document, or return an empty string.

    Control characters are refused because the text goes into YAML, TOML, Python and Markdown.
    """
    if not text.strip():
        return f"{what} is missing: give one line of text, -d {what}='…'"
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text):
        return f"{what} holds a line break or a control character: give one line of plain text"
    if text != text.strip():
        return f"{what} begins or ends with a space: give the text alone"
    if len(text) > longest:
        return f"{what} has {len(text)} characters: at most {longest} fit into a line"
    return ""


def index_name(table: str, *columns: str) -> str:
    """Name an index as Django does (``django.db.models.Index.set_name_with_model``), which keeps it short and its own by a hash.

    Args:
        table: the table.
        columns: the columns in the database, in the order of the index.
    """
    digest = hashlib.md5("".join([table, *columns, "idx"]).encode(), usedforsecurity=False).hexdigest()
    return f"{table[:11]}_{columns[0][:7]}_{digest[:6]}_idx"


class NamingExtension(Extension):
    """Registers the naming functions as globals of the template, ``index_name`` as a filter."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        functions: list[Any] = [
            slug, module_name, record_name, summary_of, class_name, entity_names, identifier_error, entity_error, slug_error, line_error,
            unprintable,
        ]  # fmt: skip
        environment.globals.update({function.__name__: function for function in functions})
        environment.filters["index_name"] = index_name
