"""What the destination knows: which layer is rendered, which number comes next, what may not change any more.

Nothing here writes, starts a process or leaves the project directory and its git refs.
"""

import contextvars
import datetime as dt
import difflib
import os
import re
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

# spec-kit: NNN-slug counts; its time-stamped form, YYYYMMDD-HHMMSS-slug, does not, and no other date is a number either.
NUMBERED = re.compile(r"([0-9]{3,6})-(.+)")


def _load(path: Path) -> dict[str, Any]:
    """Read an answers file; one that is missing or broken holds nothing."""
    try:
        content = yaml.load(path.read_text("utf-8"), LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return content if isinstance(content, dict) else {}


def operation(conf: Mapping[str, Any]) -> str:
    """Tell whether Copier copies or updates.

    Copier keeps it in a context variable that it does not hand to questions. Should that ever be renamed, an update is
    known by ``overwrite``, which it always sets (a copy with ``--overwrite`` is then taken for one).
    """
    for variable, value in contextvars.copy_context().items():
        if variable.name == "_operation":
            return str(value)
    return "update" if conf["overwrite"] else "copy"


def scope_of(conf: Mapping[str, Any], has_number: bool) -> str:
    """Name the layer to render: ``first`` (project and feature), ``feature`` or ``project``.

    Args:
        conf: Copier's ``_copier_conf``.
        has_number: whether a feature number is among the answers, as it is in an update of a feature.
    """
    if operation(conf) == "update":
        return "feature" if has_number else "project"
    return "feature" if (Path(conf["dst_path"]) / PROJECT_ANSWERS).is_file() else "first"


def _git_folders(root: Path) -> list[Path]:
    """Find the folders that hold the repository's refs: its own, and the common one of a linked work tree."""
    root = root.absolute()
    for folder in (root, *root.parents):
        git = folder / ".git"
        if git.is_file():
            match = re.match(r"gitdir: (.+)", git.read_text("utf-8"))
            git = (folder / match[1].strip()) if match else git
        if git.is_dir():
            common = git / "commondir"
            return [git, *([(git / common.read_text("utf-8").strip())] if common.is_file() else [])]
    return []


def branches(root: Path) -> Iterator[str]:
    """List the names of local and remote branches, without the remote's name in front."""
    for git in _git_folders(root):
        for kind in ("heads", "remotes"):
            base = git / "refs" / kind
            for path in base.rglob("*"):
                if path.is_file():
                    yield "/".join(path.relative_to(base).parts[kind == "remotes" :])
        packed = git / "packed-refs"
        if packed.is_file():
            pattern = r"^[0-9a-f]+ refs/(?:heads|remotes/[^/\s]+)/(.+)$"
            yield from re.findall(pattern, packed.read_text("utf-8"), re.MULTILINE)


def current_branch(root: Path) -> str:
    """Name the branch that is checked out; an empty string where there is none."""
    for git in _git_folders(root)[:1]:
        head = git / "HEAD"
        match = re.match(r"ref: refs/heads/(.+)", head.read_text("utf-8")) if head.is_file() else None
        return match[1].strip() if match else ""
    return ""


def prepared(dst_path: Any) -> dict[str, Any]:
    """Find the feature that spec-kit has just begun: numbered, but still without a plan.

    It is the current branch's (``NNN-slug``) or else the one that ``.specify/feature.json`` names.

    Returns:
        ``number``, ``slug``, and what its ``spec.md`` says already: ``title`` and ``summary``, each perhaps empty. An empty
        dictionary where nothing is prepared.
    """
    root = Path(dst_path)
    pointer = _load(root / ".specify" / "feature.json").get("feature_directory", "")
    for name, must_exist in ((current_branch(root), False), (str(pointer).rstrip("/").rpartition("/")[2], True)):
        match = NUMBERED.fullmatch(name)
        folder = root / "specs" / name
        taken = match and [path for path in root.glob(f"specs/{match[1]}-*") if path != folder]
        if match and not taken and not (folder / "plan.md").exists() and (folder.is_dir() or not must_exist):
            return {"number": int(match[1]), "slug": match[2], **_described(folder / "spec.md")}
    return {}


def _described(spec: Path) -> dict[str, str]:
    """Read title and summary of a specification, where spec-kit's template has them; a placeholder in brackets is none."""
    text = spec.read_text("utf-8", "replace") if spec.is_file() else ""
    title = re.search(r"^# (?:Feature Specification: )?([^\[\n]+)$", text, re.MULTILINE)
    summary = re.search(r'^\*\*Input\*\*: (?:User description: )?"?([^"$\n]+)"?$', text, re.MULTILINE)
    return {
        "title": title[1].strip()[:100].strip() if title else "",
        "summary": summary[1].strip()[:300].strip() if summary else "",
    }


NEUTRAL_TITLE = "Items"
"""What the first feature is called unless its author says otherwise; ``--defaults`` gives the stack's own example."""


def proposed_title(scope: str, example: str, adopted: bool, conf: Mapping[str, Any]) -> str:
    """Propose the title of a feature: that of a specification which waits for its plan, else one for a project's first feature.

    Args:
        scope: the layer being rendered.
        example: the title of the stack's own first feature.
        adopted: whether the repository was there before.
        conf: Copier's ``_copier_conf``.
    """
    title = str(prepared(conf["dst_path"]).get("title", "")) if scope != "project" else ""
    if title or scope != "first" or adopted:
        return title
    return example if conf["defaults"] else NEUTRAL_TITLE


def features(dst_path: Any) -> list[dict[str, Any]]:
    """Read the answers of every feature that still has its answers file."""
    return [_load(path) for path in sorted(Path(dst_path).glob(f"specs/*/{FEATURE_ANSWERS}"))]


def next_number(dst_path: Any) -> int:
    """Number the next feature: one more than the highest of the folders in ``specs/``, the branches and the answers."""
    root = Path(dst_path)
    begun = prepared(root)
    if begun:
        return int(begun["number"])
    names = [path.name for path in root.glob("specs/*")] + list(branches(root))
    numbers = [int(match[1]) for name in names if (match := NUMBERED.fullmatch(name))]
    stored = [answers.get("feature_number") for answers in features(root)]
    numbers += [number for number in stored if isinstance(number, int)]
    return max(numbers, default=0) + 1


def migration_head(dst_path: Any, server: str = ".") -> str:
    """Find Alembic's newest revision: the one that no other revision names as its parent.

    Args:
        dst_path: the project.
        server: folder of the Python project in it.

    Returns:
        The revision id, or an empty string when there is no migration yet. Several heads come as ``a, b``;
        Alembic refuses to go on with those itself, and so does the question's validator.
    """
    revisions, parents = [], set()
    for path in sorted((Path(dst_path) / server).glob("migrations/versions/*.py")):
        text = path.read_text("utf-8")
        own = re.search(r"^revision(?:\s*:\s*[^=]+)?\s*=\s*[\"'](.+?)[\"']", text, re.MULTILINE)
        down = re.search(r"^down_revision(?:\s*:\s*[^=]+)?\s*=\s*(\([^)]*\)|.+)$", text, re.MULTILINE)
        revisions += [own[1]] if own else []
        parents |= set(re.findall(r"[\"'](.+?)[\"']", down[1])) if down else set()
    return ", ".join(revision for revision in revisions if revision not in parents)


def migration_error(head: str) -> str:
    """Say why a revision cannot be a migration's parent, or return an empty string."""
    if "," in head:
        first = head.partition(", ")[0]
        return f"the migrations have several heads ({head}): let another follow {first} first, by its down_revision = {first!r}"
    if not re.fullmatch(r"[\w.-]{0,32}", head):
        return f"migration_parent {head!r} is no revision id: leave it out to get the newest one"
    return ""


def number_error(number: int) -> str:
    """Say why a number cannot be a feature's, or return an empty string."""
    return "" if 0 < number < 10**6 else f"feature_number {number} is not usable: leave it out to get the next one"


def date_error(date: str) -> str:
    """Say why a text cannot be the day of a plan, or return an empty string."""
    try:
        return "" if dt.date.fromisoformat(date).isoformat() == date else f"created_on {date!r} is not YYYY-MM-DD"
    except ValueError:
        return f"created_on {date!r} is no date: write YYYY-MM-DD, or leave it out for today"


def change_error(name: str, value: Any, conf: Mapping[str, Any]) -> str:
    """Refuse to change an answer that names a path, or a project's answer from within a feature.

    A changed path would make Copier delete the files at the old one, edits included.

    Args:
        name: the question.
        value: its answer now.
        conf: Copier's ``_copier_conf``.

    Returns:
        The sentence, or an empty string when nothing is stored yet or nothing changes.
    """
    root = Path(conf["dst_path"])
    for file in (str(conf["answers_file"]), PROJECT_ANSWERS):
        if conf["answers_file"] and (before := _load(root / file).get(name)) is not None and before != value:
            return f"{name} is fixed, it names files: {file} says {before!r}, so it cannot become {value!r}"
    return ""


def _is_new(scope: str, conf: Mapping[str, Any]) -> bool:
    """Tell whether a slice is being added; an update or a recopy finds its own files and is not refused."""
    answered = (Path(conf["dst_path"]) / str(conf["answers_file"])).is_file()
    return scope != "project" and operation(conf) != "update" and not (answered and scope == "feature")


def _taken(root: Path, path: str) -> bool:
    """Tell whether a module is there, as a folder or as a file of the same name."""
    return any(root.glob(path)) or any(root.glob(f"{path}.py"))


def taken_module_error(module: str, paths: list[str], scope: str, conf: Mapping[str, Any]) -> str:
    """Refuse a new slice whose module the project has already.

    Args:
        module: the slice's module.
        paths: what a slice of this stack is made of, such as ``src/{module}`` or ``src/*/cli/{module}.py``.
        scope: the layer being rendered.
        conf: Copier's ``_copier_conf``.
    """
    root = Path(conf["dst_path"])
    for path in (path.format(module=module) for path in paths if _is_new(scope, conf)):
        if _taken(root, path):
            free = next(
                name for name in _numbered(module) if not any(_taken(root, p.format(module=name)) for p in paths)
            )
            return (
                f"module {module!r} exists already ({path}): choose another, such as -d module={free}, "
                "or plan without new code: -d slice=false"
            )
    return ""


def taken_entity_error(entity: str, scope: str, conf: Mapping[str, Any]) -> str:
    """Refuse a new slice whose entity another feature has already: it would be the same table and the same URL."""
    for answers in features(conf["dst_path"]) if _is_new(scope, conf) else []:
        if answers.get("slice", True) and str(answers.get("entity", "")).lower() == entity.lower():
            return (
                f"entity {entity!r} exists already (module {answers.get('module')!r}): choose another, "
                f"such as -d entity={entity}Entry, or plan without new code: -d slice=false"
            )
    return ""


def taken_title_error(title: str, scope: str, conf: Mapping[str, Any]) -> str:
    """Refuse a new feature with the title of another one: nobody could tell their plans apart."""
    for answers in features(conf["dst_path"]) if _is_new(scope, conf) else []:
        if str(answers.get("feature_title", "")).casefold() == title.casefold():
            number = answers.get("feature_number")
            return f"feature_title {title!r} is that of feature {number:0>3} already: give this one a title of its own"
    return ""


def _numbered(module: str) -> Iterator[str]:
    number = 2
    while True:
        yield f"{module[:24].rstrip('_')}_{number}"
        number += 1


def unknown_error(conf: Mapping[str, Any]) -> str:
    """Refuse ``-d`` names that no question has; Copier would take them without a word.

    In an update the data may come from an older version's answers, so nothing is refused there.
    """
    if operation(conf) == "update":
        return ""
    known = [key for key in _load(Path(conf["src_path"]) / "copier.yml") if not key.startswith("_")]
    for name in conf["data"]:
        if name not in known and not name.startswith("_"):
            match = difflib.get_close_matches(name, known, 1)
            return f"there is no question {name!r}" + (f", did you mean {match[0]!r}?" if match else "")
    return ""


def source_error(conf: Mapping[str, Any], answers: Mapping[str, Any]) -> str:
    """Refuse a template by a relative path: it is stored as it is, and an update from elsewhere would not find it."""
    source = str(answers.get("_src_path", ""))
    if operation(conf) != "update" and re.match(r"\.{1,2}(?:[/\\]|\Z)", source):
        return f"the template's path {source!r} is relative, updates would not find it: give it in full, or its URL"
    return ""


def foreign_error(conf: Mapping[str, Any]) -> str:
    """Refuse a repository that another template keeps its answers in: both would write the same file."""
    path = Path(conf["dst_path"]) / PROJECT_ANSWERS
    if path.is_file() and "stack" not in (answers := _load(path)) and operation(conf) != "update":
        return (
            f"{PROJECT_ANSWERS} is that of another template ({answers.get('_src_path', 'unknown')}), "
            "and this one keeps its answers there too"
        )
    return ""


def unsliceable_error(
    stack: str, adopting: Mapping[str, Any], package: str, parts: list[str], conf: Mapping[str, Any]
) -> str:
    """Refuse code of a feature where it could not be plugged in: in an adopted repository that is not of the stack's form.

    Args:
        stack: its name.
        adopting: what the stack's file says under this name: the files that it ``needs``, and the parts that it takes in
            ``without`` code.
        package: the repository's name in code, for their names.
        parts: what was chosen of the stack, such as a client.
        conf: Copier's ``_copier_conf``.
    """
    if operation(conf) == "update":
        return ""
    for part in parts:
        if part in adopting.get("without", []):
            return (
                f"{part} of the stack {stack!r} brings no code into a repository that was there before: leave it out, "
                "or plan without code: -d slice=false"
            )
    for path in (path.format(package=package) for path in adopting["needs"]):
        if not (Path(conf["dst_path"]) / path).is_file():
            return f"features of the stack {stack!r} need {path} in this folder, plan without code: -d slice=false"
    return ""


def _targets(context: Context, folder: Path, target: Path) -> Iterator[tuple[Path, Path]]:
    """Name every template below a folder with the file that it makes, as Copier does: an empty name drops what is below."""
    for source in sorted(folder.iterdir()):
        name = context.environment.from_string(source.name).render(context.get_all())
        if source.is_dir() and name:
            yield from _targets(context, source, target / name)
        elif source.is_file() and name:
            yield source, target / name.removesuffix(".jinja")


def _obstacles(target: Path, root: Path) -> Iterator[Path]:
    """Name what keeps a file from being made, or from being imported: of a module and a package of one name, Python sees one."""
    folders = [folder for folder in target.parents if folder.is_relative_to(root) and folder != root]
    if os.path.lexists(target):
        yield target
    yield from (folder for folder in folders if os.path.lexists(folder) and not folder.is_dir())
    if target.suffix == ".py":
        twins = [target.with_suffix("") / "__init__.py", *(folder.with_name(f"{folder.name}.py") for folder in folders)]
        yield from (twin for twin in twins if twin.is_file())


@pass_context
def existing_error(context: Context, scope: str) -> str:
    """Refuse a copy that would write over a file.

    Looked at are a feature, everything that an adopted repository gets, and the modules that features share when it gets
    those later, in an update. A new project has nothing to lose, and Copier asks about a README.

    Args:
        context: all answers, which the paths are made of.
        scope: the layer being rendered.
    """
    conf: Mapping[str, Any] = context["_copier_conf"]
    root, adopted = Path(conf["dst_path"]), context["adopted"]
    before = _load(root / PROJECT_ANSWERS)
    only_shared = before.get("adopted") and not before.get("shared_code") and context["shared_code"]
    if not (only_shared if scope == "project" else _is_new(scope, conf) and (adopted or scope == "feature")):
        return ""
    kept = _load(Path(conf["src_path"]) / "copier.yml")["_skip_if_exists"]
    obstacles = [
        place
        for source, target in _targets(context, Path(conf["src_path"]) / "template", root)
        if f"/{target.relative_to(root).as_posix()}" not in kept
        and (scope != "project" or "{{ shared }}" in source.parts)
        for place in _obstacles(target, root)
    ]
    found = [place.relative_to(root).as_posix() for place in dict.fromkeys(obstacles)]
    if not found:
        return ""
    more = f" (and {len(found) - 1} more)" if found[1:] else ""
    advice = "" if found[0].startswith(("specs/", ".specify/")) else ", or plan without code: -d slice=false"
    return f"{found[0]}{more} exists already, and nothing that exists is changed: move it away{advice}"


def unknown_choice(question: str, value: Any, offered: list[str]) -> str:
    """Say that an answer is none of what a question offers, and which of it is meant or can be chosen."""
    match = difflib.get_close_matches(str(value), offered, 1)
    close = f", did you mean {match[0]!r}?" if match else ": choose from " + ", ".join(offered)
    return f"{question} {value!r} is not offered{close}"


def feature_questions(conf: Mapping[str, Any]) -> list[str]:
    """List the questions of the feature layer: those that ``copier.yml`` asks in every scope but ``project``."""
    questions = _load(Path(conf["src_path"]) / "copier.yml")
    asked = {name: entry for name, entry in questions.items() if isinstance(entry, dict)}
    return [name for name, entry in asked.items() if "'project'" in str(entry.get("when"))]


def file_exists(dst_path: Any, path: str) -> bool:
    """Tell whether the destination has a file."""
    return (Path(dst_path) / path).is_file()


class ProjectExtension(Extension):
    """Registers the functions that look at the destination as globals of the template."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        functions: list[Any] = [
            scope_of, next_number, prepared, migration_head, change_error, date_error,
            migration_error, number_error, taken_entity_error, taken_module_error, unknown_error, unknown_choice, source_error,
            taken_title_error, proposed_title,
            file_exists, feature_questions, foreign_error, unsliceable_error, existing_error,
        ]  # fmt: skip
        environment.globals.update({function.__name__: function for function in functions})
