"""What is given with ``-d`` and data files: refused before Copier reads it, because Copier's own answer would be a traceback."""

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context

# LibYAML reads the same ten times as fast; where PyYAML was built without it, its own loader does.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PROJECT_ANSWERS = ".copier-answers.yml"
MAX_LENGTH = 10_000
FROM_THE_COMMAND = {"_groundplan"}
"""What the command ``groundplan`` gives, and nobody else has to."""
BOOLEANS = {"y", "yes", "t", "true", "on", "1", "n", "no", "f", "false", "off", "0"}


def _load(path: Path) -> dict[str, Any]:
    """Read a YAML file; one that is missing or broken holds nothing."""
    try:
        content = yaml.load(path.read_text("utf-8"), LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return content if isinstance(content, dict) else {}


def _text(name: str, question: Mapping[str, Any], value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return f"{name} must be text, not {value!r}"
    if "choices" in question and not str(value).strip():
        return f"{name} is empty: choose one, or leave it out"
    if "choices" in question and str(value).startswith("["):
        return f"{name} is one choice and no list: give it alone, not {value!r}"
    if len(str(value)) > MAX_LENGTH:
        return f"{name} has {len(str(value))} characters: at most {MAX_LENGTH} are read"
    return ""


def _list(name: str, _: Mapping[str, Any], value: Any) -> str:
    try:
        given = yaml.load(value, LOADER) if isinstance(value, str) else value
    except yaml.YAMLError:
        given = None
    if isinstance(given, list) and all(isinstance(item, str) for item in given):
        return ""
    return f"{name} is a list: write -d '{name}=[…]', with commas between, not {value!r}"


def _number(name: str, _: Mapping[str, Any], value: Any) -> str:
    text = str(value)
    good = text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 19 and not isinstance(value, bool)
    return "" if good else f"{name} must be a whole number, not {value!r}"


def _boolean(name: str, _: Mapping[str, Any], value: Any) -> str:
    good = isinstance(value, bool) or str(value).strip().lower() in BOOLEANS
    return "" if good else f"{name} must be true or false, not {value!r}"


KINDS: dict[str, Callable[[str, Mapping[str, Any], Any], str]] = {
    "str": _text, "yaml": _list, "json": _list, "int": _number, "bool": _boolean,
}  # fmt: skip


def _known_error(name: str, questions: Mapping[str, Any], value: Any, conf: Mapping[str, Any]) -> str:
    """Refuse a name that no question has, or one whose answer is computed."""
    if name not in questions:
        match = difflib.get_close_matches(str(name), questions, 1)
        return f"there is no question {name!r}" + (f", did you mean {match[0]!r}?" if match else "")
    if questions[name].get("when", True) is not False:
        return ""
    # A recopy cannot find its layer by itself.
    if name == "scope" and value in ("project", "feature") and (Path(conf["dst_path"]) / PROJECT_ANSWERS).is_file():
        return ""
    return f"{name} is computed from other answers and cannot be given: leave it out"


@pass_context
def given_error(context: Context) -> str:
    """Say what is wrong with the names and values that were given, or return an empty string.

    An update renders the old and the new version in temporary folders, with the stored answers as if they were given: there
    nothing is refused, nor what an older version of the template has stored.
    """
    conf: Mapping[str, Any] = context["_copier_conf"]
    root = Path(conf["dst_path"])
    stored = {**_load(root / PROJECT_ANSWERS), **_load(root / str(conf["answers_file"]))}
    if dict[str, Any](context.environment.globals)["operation"](conf) == "update" and not stored:
        return ""
    entries = _load(Path(conf["src_path"]) / "copier.yml")
    questions = {name: entry for name, entry in entries.items() if not name.startswith("_")}
    for name, value in conf["data"].items():
        if name in FROM_THE_COMMAND or (name in stored and name not in questions):
            continue
        error = _known_error(name, questions, value, conf)
        if not error:
            question = questions[name]
            kind = "yaml" if question.get("multiselect") else question["type"]
            error = KINDS[kind](name, question, value)
        if error:
            return error
    return ""


class GivenExtension(Extension):
    """Registers what looks at given answers as globals of the template."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(given_error=given_error)
