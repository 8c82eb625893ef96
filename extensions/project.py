"""What the destination knows: which layer is rendered, which number comes next, what may not change any more.

Nothing here writes, starts a process or leaves the project directory and its git refs.
"""

import contextvars
import datetime as dt
import difflib
import functools
import os
import re
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment
from jinja2.ext import Extension

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


def _whole(path: Path) -> dict[str, Any]:
    """Read an answers file, unless an interrupted copy has written a part of it: what ends within a line holds nothing."""
    try:
        return _load(path) if path.read_bytes().endswith(b"\n") else {}
    except OSError:
        return {}


def operation(conf: Mapping[str, Any]) -> str:
    """Tell whether Copier copies or updates.

    Copier keeps it in a context variable that it does not hand to questions. Should that ever be renamed, an update is
    known by ``overwrite``, which it always sets (a copy with ``--overwrite`` is then taken for one).
    """
    for variable, value in contextvars.copy_context().items():
        if variable.name == "_operation":
            return str(value)
    return "update" if conf["overwrite"] else "copy"


def is_recopy() -> bool:
    """Tell whether ``copier recopy`` was typed, which Copier calls a copy and nothing else tells apart from one."""
    return sys.argv[1:2] == ["recopy"]


def scope_of(conf: Mapping[str, Any], has_number: bool) -> str:
    """Name the layer to render: ``first`` (project and feature), ``feature`` or ``project``.

    Args:
        conf: Copier's ``_copier_conf``.
        has_number: whether a feature number is among the answers, as it is in an update of a feature.
    """
    if operation(conf) == "update" or is_recopy():
        return "feature" if has_number else "project"
    return "feature" if (Path(conf["dst_path"]) / PROJECT_ANSWERS).is_file() else "first"


def _repository(root: Path) -> tuple[Path, list[Path]]:
    """Find the work tree that a folder is in, and where its refs are: git's own folder, and the common one of a linked work tree.

    Returns:
        The work tree and these folders; where there is no repository, the folder itself and none.
    """
    root = root.absolute()
    for folder in (root, *root.parents):
        git = folder / ".git"
        if git.is_file():
            match = re.match(r"gitdir: (.+)", git.read_text("utf-8"))
            git = (folder / match[1].strip()) if match else git
        if git.is_dir():
            common = git / "commondir"
            return folder, [git, *([(git / common.read_text("utf-8").strip())] if common.is_file() else [])]
    return root, []


def _git_folders(root: Path) -> list[Path]:
    return _repository(root)[1]


@functools.lru_cache(maxsize=1)
def _indexed(index: Path, stamp: int, hash_length: int) -> frozenset[str]:
    """List the paths of git's index (gitformat-index, versions 2 to 4); one that cannot be read lists none."""
    data = index.read_bytes()
    names, name, place = set(), b"", 12
    try:
        signature, version, count = struct.unpack_from(">4sLL", data)
        for _ in range(count if signature == b"DIRC" else 0):
            start = place
            place += 40 + hash_length
            (flags,) = struct.unpack_from(">H", data, place)
            place += 4 if version >= 3 and flags & 0x4000 else 2
            dropped = len(name)
            if version == 4:
                # The number of bytes to drop from the path before, in git's variable width.
                dropped, byte = data[place] & 127, data[place]
                while byte & 128:
                    place += 1
                    byte = data[place]
                    dropped = ((dropped + 1) << 7) | (byte & 127)
                place += 1
            end = data.index(b"\0", place)
            name = name[: len(name) - dropped] + data[place:end]
            place = end + 1 if version == 4 else start + (end - start + 8) // 8 * 8
            names.add(name.decode("utf-8", "surrogateescape"))
    except (struct.error, ValueError, IndexError):
        return frozenset()
    return frozenset(names)


def tracked(dst_path: Any) -> frozenset[str]:
    """List the files of a folder that git tracks, from that folder; without a repository there are none."""
    root = Path(dst_path).absolute()
    top, folders = _repository(root)
    index = folders[0] / "index" if folders else Path()
    if not index.is_file():
        return frozenset()
    config = folders[-1] / "config"
    sha256 = config.is_file() and re.search(r"(?i)objectformat\s*=\s*sha256", config.read_text("utf-8", "replace"))
    names = _indexed(index, index.stat().st_mtime_ns, 32 if sha256 else 20)
    prefix = "" if root == top else f"{root.relative_to(top).as_posix()}/"
    return frozenset(name.removeprefix(prefix) for name in names if name.startswith(prefix))


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
        if match and not taken and not _planned(root, name) and (folder.is_dir() or not must_exist):
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


def _planned(root: Path, name: str) -> bool:
    """Tell whether a feature has its plan, which an interrupted copy left only if git does not track it and no answers are there."""
    plan, answers = (f"specs/{name}/{file}" for file in ("plan.md", FEATURE_ANSWERS))
    if not (root / plan).exists():
        return False
    return (root / answers).exists() or plan in tracked(root) or not _git_folders(root)


def begun(dst_path: Any, title: str, slug: str) -> dict[str, Any]:
    """Find the feature that a copy goes on with: one that spec-kit has just begun, or one whose own copy was interrupted.

    The latter is not tracked by git, and its answers have the same title, or are not there and its folder has the same slug.

    Args:
        dst_path: the project.
        title: title of the feature to copy.
        slug: the slug that it would get.

    Returns:
        ``number``, ``slug`` and, of an interrupted copy, ``created_on``; or an empty dictionary.
    """
    root = Path(dst_path)
    if found := prepared(root):
        return found
    for folder in sorted(root.glob("specs/*"), reverse=True):
        match = NUMBERED.fullmatch(folder.name)
        if match and folder.is_dir() and not _is_finished(root, folder.name, title, match[2] == slug):
            day = dt.datetime.fromtimestamp(folder.stat().st_mtime).astimezone().date().isoformat()
            return {"number": int(match[1]), "slug": match[2], "created_on": day}
    return {}


def _is_finished(root: Path, name: str, title: str, same_slug: bool = False) -> bool:
    """Tell whether a folder of specs/ is that of another feature than the one to copy, as far as git and its answers show."""
    paths = [f"specs/{name}/{file}" for file in (FEATURE_ANSWERS, "plan.md")]
    if tracked(root) & set(paths):
        return True
    stored = _whole(root / paths[0])
    return stored["feature_title"] != title if "feature_title" in stored else not same_slug


def command_separator_of(dst_path: Any) -> str:
    """Say what stands between the words of spec-kit's commands: skills of Claude Code have a hyphen, other agents a point."""
    return "-" if any(Path(dst_path).glob(".claude/*/speckit-plan*")) else "."


def features(dst_path: Any, title: str = "") -> list[dict[str, Any]]:
    """Read the answers of every feature that still has its answers file, but for one of a title whose copy was interrupted."""
    root = Path(dst_path)
    known = tracked(root)
    paths = sorted(root.glob(f"specs/*/{FEATURE_ANSWERS}"))
    return [
        _load(path) if path.relative_to(root).as_posix() in known else _whole(path)
        for path in paths
        if _is_finished(root, path.parent.name, title)
    ]


def next_number(dst_path: Any, title: str = "", slug: str = "") -> int:
    """Number the next feature: one more than the highest of the folders in ``specs/``, the branches and the answers.

    Args:
        dst_path: the project.
        title: title of the feature to copy; one that was begun has its number already.
        slug: its slug.
    """
    root = Path(dst_path)
    if going_on := begun(root, title, slug):
        return int(going_on["number"])
    names = [path.name for path in root.glob("specs/*")] + list(branches(root))
    numbers = [int(match[1]) for name in names if (match := NUMBERED.fullmatch(name))]
    stored = [answers.get("feature_number") for answers in features(root)]
    numbers += [number for number in stored if isinstance(number, int)]
    return max(numbers, default=0) + 1


def migration_head(dst_path: Any, server: str = ".", number: int = 0, modules: Iterable[str] = ()) -> str:
    """Find Alembic's newest revision: the one that no other revision names as its parent.

    Args:
        dst_path: the project.
        server: folder of the Python project in it.
        number: of the feature to find a parent for.
        modules: its own, whose revisions an interrupted copy may have written.

    Returns:
        The revision id, or an empty string when there is no migration yet. Several heads come as ``a, b``;
        Alembic refuses to go on with those itself, and so does the question's validator.
    """
    own = {f"{number:03}_{module}" for module in modules}
    revisions, parents = [], set()
    for path in sorted((Path(dst_path) / server).glob("migrations/versions/*.py")):
        text = path.read_text("utf-8")
        found = re.search(r"^revision(?:\s*:\s*[^=]+)?\s*=\s*[\"'](.+?)[\"']", text, re.MULTILINE)
        down = re.search(r"^down_revision(?:\s*:\s*[^=]+)?\s*=\s*(\([^)]*\)|.+)$", text, re.MULTILINE)
        if found and found[1] in own:
            continue
        revisions += [found[1]] if found else []
        parents |= set(re.findall(r"[\"'](.+?)[\"']", down[1])) if down else set()
    return ", ".join(revision for revision in revisions if revision not in parents)


def newest_migrations(dst_path: Any, folder: str, server: str, origins: Iterable[Mapping[str, Any]]) -> str:
    """Name the migrations that one of a change would follow.

    Args:
        dst_path: the project.
        folder: of the migrations, as the stack has it: with ``{module}`` in it, each entity's are in a folder of its own.
        server: folder of the Python project.
        origins: the entities, with their ``module``.

    Returns:
        Alembic's newest revision, or Django's newest migration of each entity's app, as ``app.name``; several ends are all
        named. Nothing where a stack has no migrations in files.
    """
    if "{module}" not in folder:
        return migration_head(dst_path, server) if folder else ""
    modules = dict.fromkeys(str(model["module"]) for model in origins)
    places = {module: Path(dst_path) / server / folder.replace("{module}", module) for module in modules}
    return ", ".join(f"{module}.{name}" for module, place in places.items() for name in _django_ends(module, place))


def _django_ends(module: str, folder: Path) -> list[str]:
    """List the migrations of an app that no other one of it follows: its dependencies name those of other apps, too."""
    texts = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("[0-9]*_*.py"))}
    named = re.compile(rf"""\(\s*["']{module}["']\s*,\s*["'](\w+)["']""")
    followed = {name for text in texts.values() for name in named.findall(text)}
    return [name for name in texts if name not in followed]


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
    """Refuse to change an answer that names a path or is in a migration, or a project's answer from within a feature.

    A changed path would make Copier delete the files at the old one, edits included; a changed migration may have run.

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
            return f"{name} is fixed since the copy: {file} says {before!r}, so it cannot become {value!r}"
    return ""


def is_new(scope: str, conf: Mapping[str, Any]) -> bool:
    """Tell whether a slice is being added; an update or a recopy finds its own files and is not refused."""
    answered = (Path(conf["dst_path"]) / str(conf["answers_file"])).is_file()
    return scope != "project" and operation(conf) != "update" and not (answered and scope == "feature")


def _taken(root: Path, path: str) -> bool:
    """Tell whether a module is there, as a folder or as a file of the same name."""
    return any(root.glob(path)) or any(root.glob(f"{path}.py"))


def _is_left(root: Path, path: str, module: str, title: str) -> bool:
    """Tell whether a module may be what an interrupted copy left: git tracks none of it, and no other feature says it is its own.

    What it holds is compared when all answers are known.
    """
    places = {file.relative_to(root).as_posix() for found in (path, f"{path}.py") for file in root.glob(found)}
    if any(name == place or name.startswith(f"{place}/") for place in places for name in tracked(root)):
        return False
    return all(answers.get("module") != module or not answers.get("slice", True) for answers in features(root, title))


def taken_module_error(module: str, paths: list[str], scope: str, conf: Mapping[str, Any], title: str = "") -> str:
    """Refuse a new slice whose module the project has already.

    Args:
        module: the slice's module.
        paths: what a slice of this stack is made of, such as ``src/{module}`` or ``src/*/cli/{module}.py``.
        scope: the layer being rendered.
        conf: Copier's ``_copier_conf``.
        title: that of the feature, whose own copy may have been interrupted.
    """
    root = Path(conf["dst_path"])
    for path in (path.format(module=module) for path in paths if is_new(scope, conf)):
        if _taken(root, path) and not _is_left(root, path, module, title):
            free = next(
                name for name in _numbered(module) if not any(_taken(root, p.format(module=name)) for p in paths)
            )
            return (
                f"module {module!r} exists already ({path}): choose another, such as -d module={free}, "
                "or plan without new code: -d slice=false"
            )
    return ""


def taken_entity_error(entity: str, known: Iterable[tuple[str, str]]) -> str:
    """Refuse an entity that another feature has already: it would be the same table and the same URL.

    Args:
        entity: its name.
        known: the module and the name of every entity of the project's other features.
    """
    for module, other in known:
        if other.lower() == entity.lower():
            return (
                f"entity {entity!r} exists already (module {module!r}): choose another, "
                f"such as {entity}Entry, or plan without new code: -d slice=false"
            )
    return ""


def taken_title_error(title: str, scope: str, conf: Mapping[str, Any]) -> str:
    """Refuse a new feature with the title of another one: nobody could tell their plans apart."""
    for answers in features(conf["dst_path"], title) if is_new(scope, conf) else []:
        if str(answers.get("feature_title", "")).casefold() == title.casefold():
            number = answers.get("feature_number")
            other = f"feature {number:03}" if number else "another feature"
            return f"feature_title {title!r} is that of {other} already: give this one a title of its own"
    return ""


def _numbered(module: str) -> Iterator[str]:
    number = 2
    while True:
        yield f"{module[:24].rstrip('_')}_{number}"
        number += 1


def located(answers: Mapping[str, Any], conf: Mapping[str, Any]) -> dict[str, Any]:
    """Store the template's place in full: an update is typed in another folder than the copy was.

    Args:
        answers: Copier's ``_copier_answers``.
        conf: Copier's ``_copier_conf``.
    """
    source = str(answers.get("_src_path", ""))
    if operation(conf) == "copy" and os.path.exists(source):
        return {**answers, "_src_path": os.path.abspath(source)}
    return dict(answers)


def destination_error(conf: Mapping[str, Any]) -> str:
    """Refuse to copy to where nothing can be written, where only git writes, or beside a project instead of into it."""
    if operation(conf) == "update":
        return ""
    root = Path(conf["dst_path"]).absolute()
    place = next(path for path in (root, *root.parents) if os.path.lexists(path))
    if not place.exists():
        return f"{place} is a link to something that is not there: remove it, or give another folder"
    if not place.is_dir():
        return f"{place} is a file: give a folder, which need not exist"
    if not os.access(place, os.W_OK | os.X_OK):
        return f"{place} cannot be written: give another folder"
    root = root.resolve()
    for folder in (root, *root.parents):
        if (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir():
            return f"{folder} is git's own folder (a bare repository or .git): give a folder of a work tree"
    return answers_error(conf) or _missing_error(root)


def _missing_error(root: Path) -> str:
    """Refuse a folder inside a project, and a project that has lost its answers file."""
    if (root / PROJECT_ANSWERS).is_file():
        return ""
    top, folders = _repository(root)
    for folder in root.parents:
        if (not folders or folder.is_relative_to(top)) and "stack" in _load(folder / PROJECT_ANSWERS):
            return f"{root} is inside the project {folder}, where its features are added: cd {folder} first"
    names = tracked(root)
    if PROJECT_ANSWERS in names:
        return f"{PROJECT_ANSWERS} was removed, and without it this is no project: git checkout -- {PROJECT_ANSWERS}"
    owners = [path.parent.name for path in root.glob(f"specs/*/{FEATURE_ANSWERS}")]
    if len(owners) > 1 or any(f"specs/{name}/{FEATURE_ANSWERS}" in names for name in owners):
        return (
            f"{PROJECT_ANSWERS} is missing, to which specs/{min(owners)} belongs: bring it back, "
            f"git log -- {PROJECT_ANSWERS} finds the commit that removed it"
        )
    return ""


def answers_error(conf: Mapping[str, Any]) -> str:
    """Refuse a project's answers file that cannot be read, or another template's: both would write the same file."""
    root = Path(conf["dst_path"])
    path = root / PROJECT_ANSWERS
    if not path.is_file() or operation(conf) == "update":
        return ""
    text = path.read_text("utf-8", "replace")
    if not text.endswith("\n") and PROJECT_ANSWERS not in tracked(root):
        return f"{PROJECT_ANSWERS} is half written, a copy was interrupted here: rm {path}, then type the same command again"
    if re.search(r"^(?:<{7} |>{7} )", text, re.MULTILINE):
        return f"{PROJECT_ANSWERS} holds the marks of a conflict: settle it first"
    if not (answers := _load(path)):
        return f"{PROJECT_ANSWERS} cannot be read: bring it back, git checkout -- {PROJECT_ANSWERS}"
    if "stack" not in answers and "# Answers of this project" not in text:
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


def unknown_choice(question: str, value: Any, offered: list[str]) -> str:
    """Say that an answer is none of what a question offers, and which of it is meant or can be chosen."""
    if not value:
        return f"{question} is missing: choose from {', '.join(offered)}"
    match = difflib.get_close_matches(str(value), offered, 1)
    close = f", did you mean {match[0]!r}?" if match else ": choose from " + ", ".join(offered)
    return f"{question} {value!r} is not offered{close}"


def feature_questions(conf: Mapping[str, Any]) -> list[str]:
    """List the questions of the feature layer: those that ``copier.yml`` asks in every scope but ``project``."""
    questions = _load(Path(conf["src_path"]) / "copier.yml")
    asked = {name: entry for name, entry in questions.items() if isinstance(entry, dict)}
    return [name for name, entry in asked.items() if "'project'" in str(entry.get("when"))]


class ProjectExtension(Extension):
    """Registers the functions that look at the destination as globals of the template."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        functions: list[Any] = [
            scope_of, next_number, prepared, migration_head, newest_migrations, change_error, date_error,
            migration_error, number_error, taken_entity_error, taken_module_error, unknown_choice,
            taken_title_error, proposed_title, is_recopy, is_new, command_separator_of, feature_questions, answers_error, destination_error, located, unsliceable_error,
            tracked, operation, begun, features,
        ]  # fmt: skip
        environment.globals.update({function.__name__: function for function in functions})
