"""The stacks: everything that is data about one, read from ``stacks/<stack>.yml``."""

import itertools
import operator
import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment
from jinja2.ext import Extension
from packaging.version import InvalidVersion, Version

# LibYAML reads the same ten times as fast; where PyYAML was built without it, its own loader does.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FOLDER = Path(__file__).with_name("stacks")
SHARED: dict[str, Any] = yaml.load(FOLDER.with_name("shared.yml").read_text("utf-8"), LOADER)

NAMED = ("module", "stem", "label", "labels", "a_label", "path", "variable", "version")
"""What texts say of an entity."""

SECTIONS = ["governance", "caching", "retries", "decisions", "risks", "dependencies", "next_steps"]
"""The optional sections of a plan (seed 001)."""

CLIENTS = ["web", "ios", "android"]
"""What can stand on the API of a stack that has the property ``clients``."""


def stack_names() -> list[str]:
    """List the stacks that work: those that have a data file."""
    return sorted(path.stem for path in FOLDER.glob("*.yml"))


@lru_cache
def _load(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load((FOLDER / f"{name}.yml").read_text("utf-8"), LOADER)
    return content


def stack_choices() -> dict[str, str]:
    """Offer the stacks: a line that says what each makes → its name."""
    return {f"{name:<11} {stack_of(name)['offer']}": name for name in stack_names()}


def stack_of(name: str) -> dict[str, Any]:
    """Return a stack's data as it stands in its file, for the defaults of questions.

    An unknown name gives the first stack's: the question ``stack`` refuses it with a better message.
    """
    return _load(name if name in stack_names() else stack_names()[0])


def proposed(name: str, question: str, title: str) -> str:
    """Propose an answer for a feature: the stack's for its own first one, what all stacks say for any other.

    Args:
        name: the stack.
        question: the question's name.
        title: that of the feature.
    """
    own = stack_of(name)["defaults"]
    text: str = own[question] if title == own["feature_title"] else SHARED["proposed"][question]
    return text


def _fill(entry: Any, values: dict[str, Any]) -> Any:
    """Fill ``{name}`` in every text of a structure; what has no value stays as it is."""
    if isinstance(entry, dict):
        return {_fill(key, values): _fill(value, values) for key, value in entry.items()}
    if isinstance(entry, list):
        return [_fill(value, values) for value in entry]
    if isinstance(entry, str):
        return re.sub(r"\{(\w+)\}", lambda match: str(values.get(match[1], match[0])), entry)
    return entry


def _merge(base: Any, part: Any) -> Any:
    """Join two structures: mappings merge, lists append, texts replace."""
    if isinstance(base, dict) and isinstance(part, dict):
        return base | {key: _merge(base[key], entry) if key in base else entry for key, entry in part.items()}
    if isinstance(base, list) and isinstance(part, list):
        return base + part
    return part


def conditions(name: str, database: str, parts: Iterable[str]) -> dict[str, str]:
    """Name the folders of ``template/`` whose content a project gets.

    Args:
        name: the stack.
        database: the chosen one.
        parts: what was chosen of the stack.

    Returns:
        ``.`` for the stack, each of its properties, each part of its own that was chosen, the database, and ``database_server``
        where it is one; and for two of these together, in the order of the alphabet (``kubernetes_and_redis``).
    """
    data = stack_of(name)
    met = {name.replace("-", "_"), *data.get("properties", []), *(set(data.get("parts", {})) & set(parts))}
    met |= {database} | ({"database_server"} if data["databases"].get(database, {}).get("port") else set())
    pairs = (f"{one}_and_{other}" for one, other in itertools.combinations(sorted(met), 2))
    return dict.fromkeys([*sorted(met), *pairs], ".")


def _access(data: dict[str, Any], chosen: str) -> dict[str, Any]:
    """Say what a stack's documents say of who may read."""
    shared: dict[str, Any] = SHARED["access"].get(chosen, {})
    own = data["access"].get(chosen, {})
    return shared | {key: shared.get(key, {}) | entry for key, entry in own.items() if key != "offer"}


def access_choices(name: str) -> dict[str, str]:
    """Offer who may read in a stack: a line for each → its name."""
    offered = stack_of(name)["access"]
    shared = SHARED["access"]
    return {f"{entry:<8} {(shared.get(entry, {}) | own)['offer']}": entry for entry, own in offered.items()}


def stack_profile(
    name: str, values: dict[str, Any], parts: Iterable[str] = (), models: Collection[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Return a stack's data with the answers filled in, joined with what its properties bring along.

    Args:
        name: the stack.
        values: answers that its texts name, such as ``python_version``, ``database``, ``module``. The chosen
            database's own entries (``database_title``, ``database_url``, …) and the stack's ``texts`` join them. What is said of
            ``access`` is what the stack and all stacks say of that one.
        parts: what was chosen beside the stack, sections of the plan and parts of the stack; what ``parts`` say of them, the
            stack's own or those of all stacks, is added in their order. A gate that the stack has already counts once.
        models: those of the feature's entities. What is said of one names the main entity; each has files of its own.

    Returns:
        The data; ``database`` is the chosen one's entry, ``root`` the folder of the Python project (empty or with a slash).
    """
    data = SHARED["defaults"] | stack_of(name)
    for entry in data.get("properties", []):
        data = _merge(SHARED["properties"].get(entry, {}), data)
    # The stack has the last word, and its own paths come first in a tree.
    structure = {"whole": {}, **data["structure"]}
    data = data | {"structure": structure | {"project": stack_of(name)["structure"]["project"] | structure["project"]}}
    offered = SHARED["parts"] | data.get("parts", {})
    data = reduce(_merge, [entry for part, entry in offered.items() if part in parts], data)
    gates: dict[str, Any] = {}
    for gate in data["gates"]:
        gates.setdefault(gate["id"], gate)
    data = data | {"gates": list(gates.values())}
    access = _access(data, values.get("access", ""))
    data = data | {"owner": data["owner"] | access.get("owner", {})}
    database = data["databases"].get(values.get("database"), {})
    entities = [
        {key: model[key] for key in NAMED} for model in sorted(models, key=operator.itemgetter("main"), reverse=True)
    ]
    # The project's layer knows of no entity.
    names = {"stem": values["module"]} if "module" in values else dict.fromkeys(NAMED, "")
    if entities:
        *labels, last = [entity["labels"] for entity in entities]
        names = entities[0] | {"labels": f"{', '.join(labels)} and {last}" if labels else last}
    values = values | names | {f"database_{key}": entry for key, entry in database.items()}
    root = "" if values.get("server", ".") == "." else f"{values['server']}/"
    values = (
        values
        | {"address": data["address"], "root": root, "top": "../" if root else ""}
        | data.get("probes", {})
        | data.get("texts", {})
    )
    filled: dict[str, Any] = _fill({key: data[key] for key in data if key not in ("defaults", "parts")}, values)
    shared = _fill(SHARED["structure"]["project"], values)
    without = data["structure"].get("without", [])
    own = filled["structure"]["project"]
    for entity in entities[1:]:
        for part in ("slice", "whole"):
            more = _fill(data["structure"][part], values | entity)
            # What they share is said of the main one.
            filled["structure"][part] |= {
                path: text for path, text in more.items() if path not in filled["structure"][part]
            }
    # The skeleton of every plan draws all that there may be.
    if not models or any(model["relations"] for model in models):
        filled["structure"]["slice"] |= filled["structure"].get("related", {})
    filled["structure"]["shared"] = {path: own[path] for path in filled["structure"].get("shared", [])}
    filled["structure"]["project"] = own | {path: text for path, text in shared.items() if path not in without}
    filled["spec"] = _fill(SHARED["spec"] | access.get("spec", {}) | data.get("spec", {}), values)
    return filled | {"database": _fill(database, values), "root": root}


def version_error(version: str, lowest: str) -> str:
    """Say why a Python version cannot be used, or return an empty string.

    Args:
        version: the answer, such as ``3.12``.
        lowest: the lowest version that the stack's code runs on.
    """
    try:
        parsed = Version(version)
    except InvalidVersion:
        return f"python_version {version!r} is no version: give major and minor, such as '{lowest}'"
    if str(parsed) != version or not re.fullmatch(r"\d+\.\d+", version):
        return f"python_version {version!r} is not in the form major.minor: write it as '{lowest}'"
    if parsed < Version(lowest) or parsed.major != Version(lowest).major:
        return f"python_version {version!r} does not run this stack: give {lowest} or a newer 3.x"
    return ""


def python_versions(lowest: str) -> list[str]:
    """List the Python versions that a project is tested on: from its lowest to the newest that there is.

    Args:
        lowest: the answer, such as ``3.12``.
    """
    oldest, newest = (int(version.partition(".")[2]) for version in (lowest, SHARED["newest_python"]))
    return [f"3.{minor}" for minor in range(oldest, max(oldest, newest) + 1)]


def plan_value_error(name: str, text: str) -> str:
    """Say why a text cannot be a value of the technical context.

    spec-kit's scripts read these lines with grep and sed, which ``|``, ``&`` and a backslash break.
    """
    control = any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text)
    if not text or text != text.strip() or control or re.search(r"[|&\\]", text):
        return f"{name} must be one line of text without | & and backslash (spec-kit reads it with sed), not {text!r}"
    return ""


class StacksExtension(Extension):
    """Registers the stacks' functions and ``plan_section_choices`` as globals of the template."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(
            stack_names=stack_names, stack_choices=stack_choices, stack_of=stack_of, stack_profile=stack_profile,
            proposed=proposed, access_choices=access_choices, conditions=conditions, version_error=version_error,
            python_versions=python_versions, plan_value_error=plan_value_error,
            plan_section_choices=SECTIONS, client_choices=CLIENTS,
        )  # fmt: skip
