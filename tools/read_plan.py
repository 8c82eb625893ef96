"""Read a plan template or a filled plan, whoever kept it, and say how to render the same from Groundplan.

``python tools/read_plan.py plan.md --answers answers.yml`` names the stack that fits best, writes answers for
``copier copy --data-file``, and lists what the plan and our skeleton do not share. The answers are tried out: the skeleton
that the plan is compared with is the one that they render.
"""

import argparse
import contextlib
import functools
import importlib.util
import re
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from types import ModuleType
from typing import Any

import copier
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "extensions"))
from naming import module_name  # noqa: E402  (the extensions are no package)
from stacks import SECTIONS, stack_names, stack_of  # noqa: E402


def _load(path: Path) -> ModuleType:
    """Import the reader of Markdown plans, which every generated project has of its own."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = sys.modules[path.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


plan_check = _load(ROOT / "template/{{ project }}/.specify/plan_check.py")
Plan = plan_check.Plan
normal: Callable[[str], str] = plan_check.normal

SKELETON = ".specify/templates/overrides/plan-template.md"
PARTS = ("Summary", "Technical Context", "Constitution Check", "Project Structure", "Complexity Tracking")
WEIGHTS = {"tree": 3, "gates": 2, "technology": 2}

# What in a plan speaks for an optional section: a heading that begins so.
HEADINGS = {
    "caching": r"caching",
    "retries": r"retry|retries",
    "decisions": r"(architecture |design )?decisions\b",
    "risks": r"risk",
    "dependencies": r"dependencies",
    "next_steps": r"next steps",
    "governance": r"required documentation gates|documentation gates|compliance gates|constitution compliance",
}
# What in a plan's tree or text speaks for the choices of a question, where the stack has it.
CHOICES = {"clients": {"web": r"\bfrontend/|Next\.js", "ios": r"\bios/", "android": r"\bandroid/"}}
DATABASES = {"postgresql": r"postgres|neon", "mysql": r"mysql|mariadb", "sqlite": r"sqlite"}
CONTEXT = {"Performance Goals": "performance_goals", "Constraints": "constraints", "Scale/Scope": "scale"}
COMMON = """
a all and any are as at be by can does each every feature for from has have if in into is it its must need needs no not of on only
or our per plan should so stands that the there this to we what where which will with without
"""
STOP = frozenset(COMMON.split())


class NoPlanError(Exception):
    """A file that cannot be read as a plan, with the reason in a sentence."""


@dataclass
class Comparison:
    """What two lists of names share: pairs that mean the same under two names, and what only one has."""

    same: int = 0
    reworded: list[tuple[str, str]] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def read(path: Path) -> Any:
    """Read a plan from a file.

    Raises:
        NoPlanError: if there is none in it.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise NoPlanError(f"{path} does not exist") from None
    except (OSError, UnicodeDecodeError):
        raise NoPlanError(f"{path} is no text file") from None
    plan = plan_check.read_plan(text)
    if not any(plain(line.text).startswith(PARTS) for line in plan.headings):
        raise NoPlanError(f"{path} is no plan: it has none of the headings {', '.join(PARTS)}")
    return plan


# Rendering our own ────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def template() -> Iterator[Path]:
    """Copy the template as it stands here to where git has no word in it, and remove it afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "groundplan"
        source.mkdir()
        shutil.copy(ROOT / "copier.yml", source)
        for part in ("extensions", "template"):
            shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
        yield source


def render(source: Path, answers: dict[str, Any]) -> Any:
    """Render the blank skeleton of a plan from answers, as ``copier copy --defaults --data-file`` takes them.

    Raises:
        SystemExit: with the sentence of the question that refuses its answer.
    """
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "planned"
        only = ["**", "!.specify", "!.specify/templates", "!.specify/templates/overrides", f"!{SKELETON}"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            copier.run_copy(str(source), project, data=answers, defaults=True, unsafe=True, quiet=True, exclude=only)
        skeleton = plan_check.read_plan((project / SKELETON).read_text("utf-8"))
    skeleton.drawn.extend(sometimes(answers["stack"]))
    return skeleton


@functools.cache
def skeletons() -> dict[str, Any]:
    """Render the blank skeleton of every stack, with every optional section."""
    every = {"plan_sections": SECTIONS}
    with template() as source:
        return {name: render(source, {"stack": name} | every) for name in stack_names()}


def sometimes(name: str) -> Iterator[Any]:
    """Yield what a stack draws only for entities that are parts of others, or refer to some."""
    stack = stack_of(name)
    values = {"module": f"[{stack['names']['module']}]", "server": "backend"}
    for part in ("nested", "related"):
        for path, caption in stack["structure"].get(part, {}).items():
            yield plan_check.Drawn(0, path.format_map(values), caption)


def questions() -> dict[str, Any]:
    """Read the questions that are asked or may be set."""
    content: dict[str, Any] = yaml.safe_load((ROOT / "copier.yml").read_text("utf-8"))
    return {name: entry for name, entry in content.items() if not name.startswith("_")}


# Comparing ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def words(text: str) -> set[str]:
    """Reduce a text to what it is about: its words, without endings and without those that every text has."""
    return {word.rstrip("s")[:5] for word in normal(text).split() if word not in STOP and len(word) > 2}


def alike(one: str, other: str) -> float:
    """Tell how much of the shorter of two sentences is in the longer one, from 0 to 1; two or three words tell little."""
    first, second = words(one), words(other)
    return len(first & second) / max(min(len(first), len(second)), 6)


def close(one: str, other: str) -> float:
    """Tell how close two names are, from 0 to 1."""
    first, second = words(one), words(other)
    contained = first and second and (first <= second or second <= first)
    return 0.9 if contained else SequenceMatcher(None, normal(one), normal(other)).ratio()


def compare(
    theirs: dict[str, str], ours: dict[str, str], likeness: Callable[[str, str], float], least: float
) -> Comparison:
    """Pair names: the same first, then the most alike.

    Args:
        theirs: name → the text that tells what it means.
        ours: the same of our skeleton.
        likeness: how alike two texts are, from 0 to 1.
        least: from where on they mean the same.
    """
    known = {normal(name): name for name in ours}
    equal = {name: known[normal(name)] for name in theirs if normal(name) in known}
    left = [name for name in theirs if name not in equal]
    open_ = [name for name in ours if name not in equal.values()]
    ranked = sorted(((likeness(theirs[a], ours[b]), a, b) for a in left for b in open_), key=lambda row: -row[0])
    pairs: dict[str, str] = {}
    for value, a, b in ranked:
        if value >= least and a not in pairs and b not in pairs.values():
            pairs[a] = b
    return Comparison(
        len(equal),
        [(name, pairs[name]) for name in left if name in pairs],
        [name for name in left if name not in pairs],
        [name for name in open_ if name not in pairs.values()],
    )


def plain(heading: str) -> str:
    """Take marks, placeholders, and the number and name of one decision among others away from a heading."""
    text = re.sub(r"\[[^\]]*\]|^#+\s*|`", "", heading.replace("*", ""))
    return re.sub(r"^(\w+) \d+:.*", r"\1", text).strip(" :")


def headings(plan: Any) -> dict[str, str]:
    """Name the sections of a plan, without its title."""
    names = [plain(line.text) for line in plan.headings if not re.match(r"#\s", line.text)]
    return {name: name for name in names if name}


def labels(plan: Any) -> dict[str, str]:
    """Name the bold labels of a plan."""
    return {name: name for name in plan.labels if not name.startswith("Note")}


def gates(plan: Any) -> dict[str, str]:
    """Name the gates of a plan, each with all that it says; one that is to be filled in does not count."""
    named = {shorten(gate.label): f"{gate.label}\n{gate.text}" for gate in plan.gates}
    return {name: text for name, text in named.items() if not name.startswith("[")}


def meaning(one: str, other: str) -> float:
    """Tell how likely two gates, label and sentence, ask for the same, from 0 to 1."""
    first, second = (words(text.partition("\n")[0]) for text in (one, other))
    return 1.0 if first and second and (first <= second or second <= first) else alike(one, other)


def shorten(text: str, length: int = 60) -> str:
    """Cut a long name at a word."""
    return text if len(text) <= length else f"{text[:length].rpartition(' ')[0]} …"


def pattern(path: str) -> str:
    """Write a drawn path as a regular expression: a placeholder is any name."""
    return re.sub(r"\\\[.*?\\\]|<.*?>", "([^/]+)", re.escape(path.rstrip("/")))


def known_paths(
    plan: Any, skeleton: Any, package: str = "", modules: Iterable[str] = ()
) -> tuple[list[str], list[str]]:
    """Split the paths of a plan into those that our tree draws too, and the others.

    A placeholder of either side stands for any name, but one of ours at the end of a path only for ``modules``: every folder of
    ``src/`` would be one. The folder of our package may be left out or have another name.
    """
    ours = [entry.path.rstrip("/") for entry in skeleton.drawn]
    ours += [re.sub(r"\[[^\]]*\]", module, path) for module in modules for path in ours]
    ours += [re.sub(r"planned\Z", package, path) for path in ours if package and path.endswith("planned")]
    patterns = [pattern(path).replace("planned/", "(?:[^/]+/)?") for path in ours if not path.endswith("]")]

    def is_known(path: str) -> bool:
        path = path.rstrip("/")
        theirs = pattern(path) if "[" in path else "(?!)"
        return any(re.fullmatch(each, path) for each in patterns) or any(re.fullmatch(theirs, path) for path in ours)

    drawn = [entry.path for entry in plan_check.rooted(plan.drawn, is_known) if " " not in entry.path]
    known = [path for path in drawn if is_known(path)]
    return known, [path for path in drawn if path not in known]


def text_of(plan: Any) -> str:
    """Join everything that a plan says."""
    return "\n".join(line.text for line in plan.lines)


def technologies(skeleton: Any) -> set[str]:
    """Name the products of a stack's technical context: words with a capital letter that are no plain words."""
    values = " ".join(
        value for name, (_, value) in skeleton.labels.items() if "Goals" not in name and "Scale" not in name
    )
    return {word for word in re.findall(r"\b[A-Z][\w.]*[A-Za-z]\b", values) if word not in ("NEEDS", "CLARIFICATION")}


def scores(plan: Any) -> dict[str, int]:
    """Tell for each stack how much of the plan is like it, in percent, the best first."""
    stacks_with = Counter(word for skeleton in skeletons().values() for word in technologies(skeleton))
    said = text_of(plan).casefold()
    found: dict[str, int] = {}
    for name, skeleton in skeletons().items():
        known, unknown = known_paths(plan, skeleton)
        pairs = compare(gates(plan), gates(skeleton), meaning, 0.5)
        of_plan = len(gates(plan))
        # What two stacks share tells less.
        weight = {word: 1 / stacks_with[word] for word in technologies(skeleton)}
        named = sum(value for word, value in weight.items() if re.search(rf"\b{re.escape(word.casefold())}\b", said))
        parts = {
            "tree": len(known) / max(len(known) + len(unknown), 1),
            "gates": (pairs.same + len(pairs.reworded)) / max(of_plan, 1),
            "technology": named / max(sum(weight.values()), 1),
        }
        found[name] = round(100 * sum(WEIGHTS[key] * value for key, value in parts.items()) / sum(WEIGHTS.values()))
    return dict(sorted(found.items(), key=lambda entry: (-entry[1], entry[0])))


# Answering ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def filled(value: str) -> str:
    """Return a value that is no placeholder, or nothing."""
    return "" if re.search(r"\[|NEEDS CLARIFICATION|^$", value) else value.strip()


def first_sentence(plan: Any) -> str:
    """Return the first sentence of the summary."""
    text = " ".join(line.text.strip() for line in plan.lines if line.kind == "text" and line.below("Summary"))
    match = re.match(r".+?[.!?](?=\s|$)", text.replace("**", "").replace("`", "").strip())
    return filled(match[0]) if match else ""


def title_of(plan: Any) -> str:
    """Return the title of the feature, or nothing while nobody has filled it in."""
    title = next((line.text for line in plan.headings if re.match(r"#\s", line.text)), "")
    named = re.match(r"#\s+(?:Implementation )?Plan:\s*(.+)", title)
    return filled(named[1]) if named else ""


def names_of(plan: Any, skeleton: Any, stack: str) -> dict[str, list[str]]:
    """Find the names of package and modules, where our tree has a placeholder: a feature of several entities has several modules.

    A name that is all there is to a path has to have our caption; and a folder in a template that nobody filled in may be
    anything, so that no name is read from where it stands.
    """
    found: dict[str, Counter[str]] = {"module": Counter(), "package": Counter()}
    is_filled = bool(title_of(plan))
    literal = {entry.path.rstrip("/") for entry in skeleton.drawn}
    drawn = plan_check.rooted(plan.drawn, lambda path: path.rstrip("/") in literal)
    module = stack_of(stack)["names"]["placeholder"]
    for ours in skeleton.drawn:
        question = "module" if module in ours.path else "package" if "planned/" in ours.path else ""
        each = re.compile(pattern(ours.path.replace("planned/", "[package]/") if question == "package" else ours.path))
        for theirs in drawn if question else []:
            match = each.fullmatch(theirs.path.rstrip("/"))
            if not match or "[" in theirs.path or theirs.path.rstrip("/") in literal:
                continue
            whole = each.pattern == "([^/]+)"
            same_caption = words(theirs.caption) and words(theirs.caption) <= words(ours.caption)
            if same_caption if whole else is_filled:
                found[question][match[1]] += 1
    modules = [name for name, _ in found["module"].most_common()]
    # The feature's folder may look like the project's, of which a plan need not draw anything.
    packages = [name for name, _ in found["package"].most_common() if name not in modules]
    return {"module": modules, "package": packages[:1]}


def answers_of(plan: Any, stack: str, names: dict[str, list[str]]) -> dict[str, Any]:
    """Find the answers that a plan holds: those that are filled in."""
    said, known = text_of(plan), questions()
    value = {name: text for name, (_, text) in plan.labels.items()}
    found: dict[str, Any] = {"stack": stack}
    titles = [plain(line.text) for line in plan.headings]
    found["plan_sections"] = [
        name for name in SECTIONS if any(re.match(HEADINGS[name], title, re.IGNORECASE) for title in titles)
    ]
    for question, choices in CHOICES.items():
        chosen = [name for name, each in choices.items() if re.search(each, said, re.IGNORECASE)]
        if question in known and question in stack_of(stack).get("properties", []) and chosen:
            found[question] = chosen
    storage = value.get("Storage", "")
    places = {
        name: match.start() for name, each in DATABASES.items() if (match := re.search(each, storage, re.IGNORECASE))
    }
    offered = [name for name in sorted(places, key=lambda name: places[name]) if name in stack_of(stack)["databases"]]
    version = re.search(r"Python (3\.\d+)", filled(value.get("Language/Version", "")))
    in_table = any(plan.lines[line - 1].text.lstrip().startswith("|") for line, _ in plan.labels.values())
    prefix = re.search(r"`/([a-z]+)\.plan`", said)
    optional = {
        "database": offered[0] if offered else "",
        "python_version": version[1] if version else "",
        "context_style": "table" if in_table else "",
        "command_prefix": prefix[1] if prefix and prefix[1] != "speckit" else "",
    }
    optional |= {question: filled(value.get(label, "")) for label, question in CONTEXT.items()}
    title = title_of(plan)
    own = module_name(title)
    optional |= {question: own if own in read else read[0] for question, read in names.items() if read}
    if title:
        optional["feature_title"] = re.sub(r"\\(\W)", r"\1", title)
        optional["feature_summary"] = first_sentence(plan)
    return found | {name: text for name, text in optional.items() if text and name in known}


@dataclass
class Reading:
    """All that was read from a plan."""

    scores: dict[str, int]
    answers: dict[str, Any]
    refused: list[str]
    comparisons: dict[str, Comparison]
    known: list[str]
    unknown: list[str]


def study(plan: Any) -> Reading:
    """Find the stack and the answers of a plan, try them out, and compare the plan with what they render."""
    ranking = scores(plan)
    best = next(iter(ranking))
    names = names_of(plan, skeletons()[best], best)
    answers, refused = answers_of(plan, best, names), []
    with template() as source:
        while True:
            try:
                skeleton = render(source, answers)
                break
            except SystemExit as refusal:
                sentence = str(refusal.code)
                name = next((name for name in answers if name != "stack" and re.search(rf"\b{name}\b", sentence)), "")
                if not name:
                    raise NoPlanError(f"no copy takes these answers: {sentence}") from refusal
                refused.append(sentence.removeprefix("groundplan: "))
                del answers[name]
    known, unknown = known_paths(plan, skeleton, str(answers.get("package", "")), names["module"])
    comparisons = {
        "sections": compare(headings(plan), headings(skeleton), close, 0.75),
        "labels": compare(labels(plan), labels(skeleton), close, 0.75),
        "gates": compare(gates(plan), gates(skeleton), meaning, 0.5),
    }
    return Reading(ranking, answers, refused, comparisons, known, unknown)


# Telling ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def listed(name: str, entries: Iterable[str]) -> list[str]:
    """Write a list under its name, a line an entry."""
    lines = [f"    {entry}" for entry in entries]
    return [f"  {name}:", *lines] if lines else []


def report(reading: Reading) -> str:
    """Write what was read, for people."""
    best, *others = [f"{name} ({percent} %)" for name, percent in reading.scores.items()]
    lines = [f"Stack: {best}{'; less like it: ' if others else ''}{', '.join(others)}", "", "Answers:"]
    lines += [f"  {line}" for line in dump(reading.answers).splitlines()]
    lines += listed("left out, a question refuses it", reading.refused)
    for name, found in reading.comparisons.items():
        lines += ["", f"{name.capitalize()}: {found.same} as ours"]
        lines += listed("reworded (theirs → ours)", (f"{theirs} → {ours}" for theirs, ours in found.reworded))
        lines += listed("extra, not ours", found.extra)
        lines += listed("missing, ours only", found.missing)
    lines += ["", f"Tree: {len(reading.known)} of {len(reading.known) + len(reading.unknown)} paths as ours"]
    lines += listed("extra, not ours", reading.unknown)
    return "\n".join(lines) + "\n"


def dump(answers: dict[str, Any]) -> str:
    """Write answers as YAML."""
    text: str = yaml.safe_dump(answers, sort_keys=False, allow_unicode=True, width=10_000)
    return text


def main(arguments: list[str]) -> int:
    """Read one plan; exit status 0, or 2 with one sentence if it cannot be read or its answers cannot be written."""
    parser = argparse.ArgumentParser(prog="read_plan.py", description="Say how Groundplan renders a plan.")
    parser.add_argument("plan", type=Path, help="a plan template or a filled plan")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="write the answers for copier copy --data-file")
    options = parser.parse_args(arguments)
    try:
        reading = study(read(options.plan))
        if options.answers:
            options.answers.write_text(dump(reading.answers), "utf-8")
    except NoPlanError as error:
        sys.stderr.write(f"groundplan: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"groundplan: {options.answers} cannot be written: {error.strerror}\n")
        return 2
    sys.stdout.write(report(reading))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
