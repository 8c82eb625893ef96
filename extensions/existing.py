"""What of a copy is there already: what an interrupted one left, what is in the way, what stays as it is.

Copier writes in the order of the file system, so no file can be relied on to come first or last. What was interrupted is known by
comparing: a file that git does not track and that holds what this copy would write, or the beginning of it, is the copy's own.

Nothing here writes, starts a process or leaves the project directory and its git folder.
"""

import os
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
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
SUFFIX = ".jinja"
YIELD = re.compile(r"\{% yield (?P<name>\w+) from (?P<values>\w+) %\}(?P<body>.*)\{% endyield %\}")

Answers = Mapping[str, Any]


def _functions(context: Context) -> dict[str, Any]:
    """Hand out the functions and data of the other extensions, by their names."""
    return dict(context.environment.globals)


def _load(path: Path) -> dict[str, Any]:
    """Read a YAML file; one that is missing or broken holds nothing."""
    try:
        content = yaml.load(path.read_text("utf-8"), LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return content if isinstance(content, dict) else {}


def _render(environment: Environment, text: str, answers: Answers) -> str:
    return environment.from_string(text).render(answers)


def _names(environment: Environment, answers: Answers, name: str) -> Iterator[tuple[str, Answers]]:
    """Render the name of a file or folder, once for each value that it yields, with what is known below it."""
    if not (match := YIELD.fullmatch(name)):
        yield _render(environment, name, answers), answers
        return
    for value in answers[match["values"]]:
        known = {**answers, match["name"]: value}
        yield _render(environment, match["body"], known), known


def targets(
    environment: Environment, answers: Answers, folder: Path, target: Path
) -> Iterator[tuple[Path, Path, Answers]]:
    """Name every template below a folder with the file that it makes and the answers that it is made of.

    As Copier does it: an empty name drops what is below, a ``yield`` repeats it.
    """
    for source in sorted(folder.iterdir()):
        for name, known in _names(environment, answers, source.name):
            if source.is_dir() and name:
                yield from targets(environment, known, source, target / name)
            elif source.is_file() and name:
                yield source, target / name.removesuffix(SUFFIX), known


def content_of(environment: Environment, answers: Answers, source: Path) -> bytes:
    """Render what Copier would write from a template file."""
    if source.suffix != SUFFIX:
        return source.read_bytes()
    name = source.relative_to(answers["_copier_conf"]["src_path"]).as_posix()
    return environment.get_template(name).render(answers).encode()


def _is_whole(target: Path, source: Path, content: bytes) -> bool:
    """Tell whether a file holds what would be written, and can be executed if it should be."""
    modes = [path.stat().st_mode & 0o111 for path in (target, source)]
    return target.read_bytes() == content and modes[0] == modes[1]


def _blocking(target: Path, root: Path) -> Iterator[Path]:
    """Name what keeps a file from being made, or from being imported: of a module and a package of one name, Python sees one."""
    folders = [folder for folder in target.parents if folder.is_relative_to(root) and folder != root]
    if os.path.lexists(target) and (target.is_symlink() or not target.is_file()):
        yield target
    yield from (folder for folder in folders if os.path.lexists(folder) and not folder.is_dir())
    if target.suffix == ".py":
        twins = [target.with_suffix("") / "__init__.py", *(folder.with_name(f"{folder.name}.py") for folder in folders)]
        yield from (twin for twin in twins if twin.is_file())


class Found:
    """What a copy finds of its own files: whole ones, unfinished ones, and others that are in its way."""

    def __init__(self, context: Context) -> None:
        answers = context.get_all()
        conf: Mapping[str, Any] = answers["_copier_conf"]
        self.root, source = Path(conf["dst_path"]), Path(conf["src_path"])
        kept = _load(source / "copier.yml")["_skip_if_exists"]
        tracked = _functions(context)["tracked"](self.root)
        self.targets: list[str] = []
        self.missing = False
        self.unfinished: list[str] = []
        self.skipped: list[str] = []
        self.others: list[str] = []
        self.blocking: list[str] = []
        for template, target, known in targets(context.environment, answers, source / "template", self.root):
            path = target.relative_to(self.root).as_posix()
            if answers["scope"] == "project" and "{{ shared }}" not in template.parts:
                continue
            self.targets.append(path)
            # An answers file that was begun is written anew without a question.
            if path == str(conf["answers_file"]):
                continue
            if f"/{path}" in kept:
                # Copier never writes over it, and an empty one may be somebody's own.
                begun = target.read_bytes() if path not in tracked and target.is_file() else b""
                whole = content_of(context.environment, known, template) if begun else b""
                self.skipped += [path] if begun != whole and whole.startswith(begun) else []
                continue
            blocking = [place.relative_to(self.root).as_posix() for place in _blocking(target, self.root)]
            self.blocking += blocking
            if blocking or not target.is_file():
                self.missing = True
                continue
            content = content_of(context.environment, known, template)
            if not _is_whole(target, template, content):
                is_begun = path not in tracked and content.startswith(target.read_bytes())
                (self.unfinished if is_begun else self.others).append(path)

    def strays(self, paths: Iterator[str]) -> list[str]:
        """Name the files of some that this copy does not write."""
        return [path for path in paths if path not in self.targets]


def _is_watched(answers: Answers, operation: str) -> bool:
    """Tell whether what exists is to be kept from a run.

    That is a copy, and the modules that features share when an adopted repository gets those later, in an update. What an update
    or a recopy finds is its own.
    """
    if answers["scope"] == "project":
        before = _load(Path(answers["_copier_conf"]["dst_path"]) / PROJECT_ANSWERS)
        return bool(before.get("adopted") and not before.get("shared_code") and answers["shared_code"])
    return operation != "update" and not answers["answered"]


def _files(root: Path, path: str) -> Iterator[str]:
    """Name the files of a module: those of its folder, or itself."""
    for found in [*root.glob(path), *root.glob(f"{path}.py")]:
        for file in [found, *found.rglob("*")]:
            if file.is_file() and "__pycache__" not in file.parts:
                yield file.relative_to(root).as_posix()


def _list(paths: list[str]) -> str:
    return paths[0] + (f" (and {len(paths) - 1} more)" if paths[1:] else "")


@pass_context
def existing(context: Context) -> dict[str, Any]:
    """Look at what exists of the files that this copy would write.

    Returns:
        ``error``, a sentence or nothing, and ``kept``, the files which were there before a project and stay as they are.
    """
    answers, functions = context.get_all(), _functions(context)
    conf, scope = answers["_copier_conf"], answers["scope"]
    root = Path(conf["dst_path"])
    if not _is_watched(answers, functions["operation"](conf)) or not root.is_dir() or not any(root.iterdir()):
        return {"error": "", "kept": []}
    found = Found(context)
    code = functions["code_patterns"]
    starting = scope == "first" and not answers["adopted"]
    others, kept = found.others, list[str]()
    if starting:
        kept = [] if conf["overwrite"] else [path for path in others if not _matches(path, code)]
        others = [] if conf["overwrite"] else [path for path in others if path not in kept]
        if "adopted" not in conf["data"]:
            others += found.strays(functions["code_files"](root))
    elif scope != "project" and answers["slice"]:
        for path in functions["stack_of"](answers["stack"])["slice_paths"]:
            for model in answers["entities"]:
                others += found.strays(_files(root, path.format(module=model["module"])))
    return {"error": _error(found, list(dict.fromkeys(found.blocking + others)), answers, starting), "kept": kept}


def _error(found: Found, others: list[str], answers: Answers, starting: bool) -> str:
    """Say what is in the way, what is unfinished, or that there is nothing left to do."""
    if others and starting:
        return (
            f"{_list(others)} exists already and is not what these answers make: give those of the copy that was interrupted here, "
            "or take the repository for one that was there before: -d adopted=true"
        )
    if others:
        advice = "" if others[0].startswith(("specs/", ".specify/")) else ", or plan without code: -d slice=false"
        return f"{_list(others)} exists already, and nothing that exists is changed: move it away{advice}"
    if found.skipped:
        return f"{found.skipped[0]} is half written, a copy was interrupted here: rm {found.root / found.skipped[0]}, then type the same command again"
    if found.unfinished and not answers["_copier_conf"]["overwrite"]:
        return f"{_list(found.unfinished)} is half written, a copy was interrupted here: add --overwrite to finish it"
    if (
        answers["scope"] == "feature"
        and not found.missing
        and (found.root / str(answers["_copier_conf"]["answers_file"])).is_file()
    ):
        return f"{answers['feature_dir']} is there already: give the next feature a title of its own"
    return ""


def _matches(path: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)


@pass_context
def theirs(context: Context, condition: str, path: str) -> bool:
    """Tell whether a file that a folder of the template makes was there before, with a content of its own.

    Args:
        context: all answers that the file is made of.
        condition: the folder's condition, such as ``own_spec``.
        path: the file in the project.
    """
    answers = context.get_all()
    target = Path(answers["_copier_conf"]["dst_path"]) / path
    if not target.is_file():
        return False
    if path in _functions(context)["tracked"](answers["_copier_conf"]["dst_path"]):
        return True
    folder = Path(answers["_copier_conf"]["src_path"]) / "template" / f"{{{{ {condition} }}}}"
    (source,) = (file for file in folder.rglob("*") if file.is_file())
    return not content_of(context.environment, answers, source).startswith(target.read_bytes())


def exclusions(paths: list[str]) -> str:
    """Write paths as the patterns of ``_exclude``, a line each."""
    return "\n".join("/" + re.sub(r"([\\*?\[\]!#])", r"\\\1", path) for path in paths)


def _path_patterns(folder: Path) -> re.Pattern[str]:
    """Match every path that the template can make; an expression in one stands for anything, as a folder for nothing too."""

    def pattern(file: Path) -> str:
        *folders, name = file.relative_to(folder).parts
        expression = re.compile(r"(\{% yield .+ endyield %\}|\{\{.+?\}\})")
        parts = ["(?:.+/)?" if expression.fullmatch(part) else f"{_anything(expression, part)}/" for part in folders]
        return "".join(parts) + _anything(expression, name.removesuffix(SUFFIX))

    def _anything(expression: re.Pattern[str], part: str) -> str:
        pieces = expression.split(part)
        return "".join(r"[^/]*" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces))

    return re.compile("|".join({pattern(file) for file in folder.rglob("*") if file.is_file()}))


@pass_context
def is_interrupted(context: Context) -> bool:
    """Tell whether the code in a folder is all that a first copy could have left when it was interrupted.

    So it is if git tracks none of it and every path is one of the template's. The contents are compared when all answers are known.
    """
    functions = _functions(context)
    conf: Mapping[str, Any] = context["_copier_conf"]
    code = list(functions["code_files"](conf["dst_path"]))
    if not code or functions["tracked"](conf["dst_path"]) & set(code):
        return False
    known = _path_patterns(Path(conf["src_path"]) / "template")
    return all(known.fullmatch(path) for path in code)


def _completed(context: Context, stored: Answers, scope: str) -> Answers:
    """Answer every question from those that were stored, as an update does, for a scope."""
    answers = {**context.get_all(), **stored, "scope": scope, "answered": False, "found": {"error": "", "kept": []}}
    for name, question in _load(Path(context["_copier_conf"]["src_path"]) / "copier.yml").items():
        if not name.startswith("_") and name not in answers and "default" in question:
            text = _render(context.environment, str(question["default"]), answers)
            plain = question["type"] == "str" and not question.get("multiselect")
            answers[name] = text if plain else yaml.load(text, LOADER)
    return answers


@pass_context
def is_half(context: Context) -> bool:
    """Tell whether a project's first copy was interrupted after it had written the answers file.

    Once git tracks the answers, or a second feature has come, what is missing was removed by somebody.
    """
    conf: Mapping[str, Any] = context["_copier_conf"]
    functions, root, source = _functions(context), Path(conf["dst_path"]), Path(conf["src_path"])
    stored = _load(root / PROJECT_ANSWERS)
    if functions["operation"](conf) == "update" or "feature_number" in context or "stack" not in stored:
        return False
    features = list(root.glob(f"specs/*/{FEATURE_ANSWERS}"))
    if len(features) > 1 or PROJECT_ANSWERS in functions["tracked"](root):
        return False
    feature = _load(features[0]) if features else {}
    of_features = functions["feature_questions"](conf)
    if "feature_number" not in feature or any(name not in stored and name not in of_features for name in feature):
        return True
    kept = _load(source / "copier.yml")["_skip_if_exists"]
    answers = _completed(context, feature, "first")
    places = [target for _, target, _ in targets(context.environment, answers, source / "template", root)]
    return not all(place.exists() for place in places if f"/{place.relative_to(root).as_posix()}" not in kept)


class ExistingExtension(Extension):
    """Registers what looks at existing files as globals of the template."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(
            existing=existing, theirs=theirs, exclusions=exclusions, is_interrupted=is_interrupted, is_half=is_half,
            targets=targets, content_of=content_of,
        )  # fmt: skip
