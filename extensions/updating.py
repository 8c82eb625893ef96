"""What a copy or an update of one layer must not do to the others, or to a person's edits.

``groundplan update`` (``make update``) does all layers and merges with git, so it passes ``_groundplan`` and is not stopped here.
"""

import contextvars
import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context

# LibYAML reads the same ten times as fast; where PyYAML was built without it, its own loader does.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PROJECT_ANSWERS = ".copier-answers.yml"
FEATURE_ANSWERS = ".copier-answers.feature.yml"
BY_COMMAND = "_groundplan"
OLD_RENDERING = "groundplan's old rendering"
OF_ITS_LAYER = {"shared_code", "kept", "constitution_given", "skeleton_given"}
"""What is said of the project's layer alone: features hold it as it was when they came, and are none the worse."""


def _load(path: Path) -> dict[str, Any]:
    """Read an answers file; one that is missing or broken holds nothing."""
    try:
        content = yaml.load(path.read_text("utf-8"), LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return content if isinstance(content, dict) else {}


def _functions(context: Context) -> dict[str, Any]:
    """Hand out the functions and data of the other extensions, by their names."""
    return dict(context.environment.globals)


def _variable(name: str) -> Any:
    """Read a context variable by its name: the module that made it may be another version's."""
    return next((value for variable, value in contextvars.copy_context().items() if variable.name == name), None)


def _leave_word(root: Path) -> None:
    """Say where the old version was rendered; an earlier update of the same process may have said it of its own."""
    known = (variable for variable in contextvars.copy_context() if variable.name == OLD_RENDERING)
    next(known, contextvars.ContextVar[Path](OLD_RENDERING)).set(root)


def _is_update(conf: Mapping[str, Any]) -> bool:
    """Tell an update from a copy: by Copier's own variable, or by ``overwrite``, which every update sets."""
    operation = _variable("_operation")
    return bool(conf["overwrite"]) if operation is None else operation == "update"


def update_command(root: Path, source: str, package: str, **answers: Any) -> str:
    """Name the command that updates every layer, as a person can type it in the project.

    Args:
        root: the project.
        source: the template, as Copier stores it.
        package: the same for ``uvx --from``.
        answers: what is to change.
    """
    makefile = root / "Makefile"
    if not answers and makefile.is_file() and "$(GROUNDPLAN) update" in makefile.read_text("utf-8", "replace"):
        return "make update"
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in answers.items()}
    data = [word for name, text in texts.items() for word in ("-d", f"{name}={text}")]
    return shlex.join(["uvx", "--from", package or source, "groundplan", "update", *data])


def _command(context: Context, **answers: Any) -> str:
    functions = _functions(context)
    source = str(functions["located"](context["_copier_answers"], context["_copier_conf"]).get("_src_path", ""))
    package = functions["package_source"](source)
    return update_command(Path(context["_copier_conf"]["dst_path"]), source, package, **answers)


@pass_context
def change_command(context: Context) -> str:
    """Name the command that changes the fields of this feature, as a person can type it in the project."""
    number = f"{context.get('feature_number') or 1:03}"
    command = _command(context).replace("groundplan update", f"groundplan change {number}")
    return f"make change FEATURE={number}" if command == "make update" else command


def _stored_version(conf: Mapping[str, Any]) -> Any:
    """Read the template's version that a layer has."""
    return _load(Path(conf["dst_path"]) / str(conf["answers_file"])).get("_commit")


@pass_context
def version_mix_error(context: Context, scope: str) -> str:
    """Refuse a next feature of another version than the project's: their code is made for each other.

    Where the template is in no repository, there are no versions to compare.
    """
    conf = context["_copier_conf"]
    stored = _load(Path(conf["dst_path"]) / PROJECT_ANSWERS)
    own, other = stored.get("_commit"), context["_copier_answers"].get("_commit")
    known = (Path(conf["dst_path"]) / str(conf["answers_file"])).is_file() and str(
        conf["answers_file"]
    ) != PROJECT_ANSWERS
    if _is_update(conf) or scope != "feature" or known or None in (own, other) or own == other:
        return ""
    return (
        f"the project is at {own} of the template and the next feature would be at {other}: "
        f"copy it with --vcs-ref {own}, or update the project first: {_command(context)}"
    )


@pass_context
def features_behind(context: Context) -> str:
    """Name the command for the features that an update of the project's layer has left at another version, if there are some."""
    new = context["_copier_answers"].get("_commit")
    features = Path(context["_copier_conf"]["dst_path"]).glob(f"specs/*/{FEATURE_ANSWERS}")
    return _command(context) if {_load(path).get("_commit") for path in features} - {new} else ""


@pass_context
def recopy_error(context: Context) -> str:
    """Refuse a recopy that would take another version without having been asked for one: it merges nothing.

    Stopped half-way, or with a file left as it is, the layer would say that it has the new version, and no update would bring it.
    """
    conf = context["_copier_conf"]
    stored, new = _stored_version(conf), context["_copier_answers"].get("_commit")
    if not _functions(context)["is_recopy"]() or conf["vcs_ref"] or None in (stored, new) or stored == new:
        return ""
    return (
        f"this is at {stored} of the template, and a recopy would take {new} without a merge: add --vcs-ref {stored} "
        f"to repair what is here, or update: {_command(context)}"
    )


@pass_context
def disagreement_error(context: Context, scope: str) -> str:
    """Refuse an update of one layer that would make it disagree with another one about an answer of the project."""
    conf = context["_copier_conf"]
    root = Path(conf["dst_path"])
    project = _load(root / PROJECT_ANSWERS)
    if not project or not _is_update(conf) or BY_COMMAND in conf["data"]:
        return ""
    now = {name: context.get(name, value) for name, value in project.items() if not name.startswith("_")}
    changed = {name: value for name, value in now.items() if value != project[name] and name not in OF_ITS_LAYER}
    if scope == "feature" and changed:
        name, value = next(iter(changed.items()))
        return (
            f"{name} is {project[name]!r} in the project, and would be {value!r} in this feature alone: "
            f"the whole project changes with {_command(context, **{name: value})}, "
            f"or comes to agree again with {_command(context)}"
        )
    for name, value in changed.items() if scope == "project" else ():
        files = sorted(root.glob(f"specs/*/{FEATURE_ANSWERS}"))
        others = [file.parent.name for file in files if _load(file).get(name, value) != value]
        if others:
            return (
                f"{name} would be {value!r} in the project and stay {project[name]!r} in its features ({', '.join(others[:3])}"
                f"{', …' if others[3:] else ''}): change it everywhere with {_command(context, **{name: value})}"
            )
    return ""


def _lines(file: Path) -> set[bytes]:
    """Read the lines of a file, without those that are empty."""
    return {line.strip() for line in file.read_bytes().splitlines() if line.strip()}


def _renamed(
    context: Context, before: Path, after: Mapping[Path, tuple[Path, Mapping[str, Any]]]
) -> Iterator[tuple[Path, str]]:
    """Find files that a person renamed and that the new version changes; as in git, one that kept half of its lines is the same."""
    functions, answers = _functions(context), context.get_all()
    root = Path(answers["_copier_conf"]["dst_path"])
    features = [_load(file) for file in root.glob(f"specs/*/{FEATURE_ANSWERS}")]
    modules = [str(other.get("module")) for other in features if other.get("module") != answers.get("module")]
    for place, (template, known) in after.items():
        if (root / place).exists() or not (before / place).is_file():
            continue
        content = functions["content_of"](context.environment, known, template)
        lines = _lines(before / place)
        if content == (before / place).read_bytes() or not lines:
            continue
        for path in sorted(functions["tracked"](root)):
            file = root / path
            own = not (before / path).exists() and not any(module in path for module in modules)
            if own and file.suffix == place.suffix and file.is_file() and 2 * len(lines & _lines(file)) >= len(lines):
                yield place, path
                break


@pass_context
def lost_error(context: Context) -> str:
    """Refuse an update in which Copier would lose something.

    That is an edit, because the new version has the file elsewhere or no longer, or the change of a file that was renamed here.

    Copier renders the old version first, in a folder of its own. That rendering leaves word where it is, in a context
    variable; the next one, for the project itself, compares.
    """
    conf = context["_copier_conf"]
    root = Path(conf["dst_path"])
    if not _is_update(conf) or BY_COMMAND in conf["data"]:
        return ""
    before = _variable(OLD_RENDERING)
    if not (root / str(conf["answers_file"])).is_file():
        _leave_word(root)
        return ""
    if before is None or not before.is_dir():
        return ""
    targets = _functions(context)["targets"]
    source = Path(conf["src_path"]) / "template"
    made = targets(context.environment, context.get_all(), source, Path())
    after = {place: (file, answers) for file, place, answers in made}
    for place, path in _renamed(context, before, after):
        return (
            f"{path} was {place.as_posix()}, which the new version changes, and Copier would leave the change out: "
            f"this makes it: {_command(context)}"
        )
    places = {path.relative_to(before) for path in before.rglob("*") if path.is_file()} - after.keys()
    edited = [
        place.as_posix()
        for place in sorted(places)
        # Copier makes its rendering a repository.
        if place.parts[0] != ".git"
        and (root / place).is_file()
        and (root / place).read_bytes() != (before / place).read_bytes()
    ]
    if not edited:
        return ""
    more = f" (and {len(edited) - 1} more)" if edited[1:] else ""
    return (
        f"{edited[0]}{more} is edited here and not in this place in the new version: Copier would delete it. "
        f"This keeps the edits: {_command(context)}"
    )


def stored(name: str, value: Any, conf: Mapping[str, Any]) -> Any:
    """Return the answer that a question had, or a value where it has none yet."""
    files = [str(file) for file in (conf["answers_file"], PROJECT_ANSWERS) if file]
    answers = [_load(Path(conf["dst_path"]) / file) for file in files]
    return next((entry[name] for entry in answers if name in entry), value)


def removal_error(name: str, value: Any, conf: Mapping[str, Any]) -> str:
    """Refuse to take away what a project has: its files would go, edits included. What is added is new files.

    Args:
        name: the question, whose answer is a list or a boolean.
        value: its answer now.
        conf: Copier's ``_copier_conf``.
    """
    before = stored(name, value, conf)
    if isinstance(before, list):
        lost = [part for part in before if part not in value]
    else:
        lost = [name] if before and not value else []
    if not lost:
        return ""
    return f"{name} can only grow: {', '.join(lost)} is there already, and its files would be deleted, edits included"


class UpdatingExtension(Extension):
    """Registers what is asked before a layer is copied or updated as globals of the template."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(
            version_mix_error=version_mix_error, recopy_error=recopy_error, disagreement_error=disagreement_error,
            lost_error=lost_error, removal_error=removal_error, stored=stored, features_behind=features_behind, change_command=change_command,
        )  # fmt: skip
