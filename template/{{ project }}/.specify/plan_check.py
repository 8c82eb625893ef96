# /// script
# requires-python = ">=3.12"
# dependencies = []
# ///
"""Hold the plans in specs/ against the code, and print a line for each difference.

``make plan-check`` runs it. It reads plans as people, spec-kit and Groundplan write them; what a module, a model and
a contract are in this project stands in plan_check.toml beside it. Exit status 1 if something is found.
"""

import argparse
import ast
import itertools
import json
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = (
    "plan.md",
    "spec.md",
    "research.md",
    "data-model.md",
    "quickstart.md",
    "contracts/*.md",
)
TEMPLATES = ("overrides/plan-template.md", "plan-template.md", "spec-template.md")

# Reading Markdown ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Line:
    """A line of a document: its number, its text without comments, and where it stands.

    ``kind`` is text, code, heading, fence or comment; ``sections`` are the headings above it, from the outermost.
    """

    number: int
    text: str
    kind: str
    sections: tuple[str, ...]

    def below(self, title: str) -> bool:
        """Tell whether the line stands in a section whose heading begins so, in whatever case."""
        return any(section.casefold().startswith(title.casefold()) for section in self.sections)


def read_lines(text: str) -> list[Line]:
    """Tell prose, code, headings and comments of a Markdown text apart."""
    found: list[Line] = []
    path: list[tuple[int, str]] = []
    fence, comment = "", False
    for number, raw in enumerate(text.splitlines(), 1):
        kind, line = "text", raw
        mark = re.match(r"\s*(`{3,}|~{3,})", raw)
        if fence:
            closes = mark and mark[1].startswith(fence) and not raw.strip().strip(fence[0])
            kind, fence = ("fence", "") if closes else ("code", fence)
        elif comment or "<!--" in raw:
            line, comment = _without_comment(raw, comment)
            kind = "text" if line.strip() else "comment"
            line = line if line.strip() else raw
        elif mark:
            kind, fence = "fence", mark[1]
        if kind == "text" and (heading := re.match(r" {0,3}(#{1,6})\s+(.+?)\s*#*\s*$", line)):
            path = [entry for entry in path if entry[0] < len(heading[1])]
            path.append((len(heading[1]), heading[2].replace("*", "")))
            kind = "heading"
        found.append(Line(number, line, kind, tuple(title for _, title in path)))
    return found


def _without_comment(text: str, inside: bool) -> tuple[str, bool]:
    """Drop what stands in ``<!-- -->``, and tell whether the comment goes on in the next line."""
    kept = ""
    for part in re.split(r"(<!--|-->)", text):
        if part in ("<!--", "-->"):
            inside = part == "<!--"
        elif not inside:
            kept += part
    return kept, inside


def cells(row: str) -> list[str]:
    """Split a row of a table; a bar that is escaped or in code belongs to its cell."""
    masked = re.sub(r"\\\||`[^`]*`", lambda match: "\0" * len(match[0]), row.strip())
    edges = [-1, *(index for index, letter in enumerate(masked) if letter == "|"), len(masked)]
    parts = [row.strip()[left + 1 : right].strip() for left, right in itertools.pairwise(edges)]
    return [part for index, part in enumerate(parts) if part or 0 < index < len(parts) - 1]


def tables(lines: list[Line]) -> Iterator[list[tuple[Line, list[str]]]]:
    """Yield each table as its rows, the header first, without the line of dashes."""
    for is_row, group in itertools.groupby(
        (line for line in lines if line.kind != "comment"),
        lambda line: line.kind == "text" and line.text.lstrip().startswith("|"),
    ):
        rows = [(line, cells(line.text)) for line in group] if is_row else []
        if rows:
            yield [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row[1])]


# What a plan says ─────────────────────────────────────────────────────────────────────────────────

YES, NO, NOT_APPLICABLE, EXCEPTION, UNMARKED = (
    "yes",
    "no",
    "not applicable",
    "exception",
    "unmarked",
)
MARKS = {
    YES: ("x", "✓", "✔", "✅", "☑", "🟢"),
    NO: ("", "☐", "❌", "✗", "✘", "🔴", "⬜", "🔲"),
    NOT_APPLICABLE: ("n/a", "na", "-", "–", "—", "➖", "not applicable"),
    EXCEPTION: ("⚠", "~", "!", "🟡", "▲"),
}
WORDS = {
    YES: ("pass", "passed", "passes", "yes", "ok", "done", "compliant"),
    NO: ("fail", "failed", "fails", "open", "pending", "todo", "tbd"),
    NOT_APPLICABLE: ("n/a", "na", "not applicable"),
    EXCEPTION: ("partial", "violation", "justified", "exception", "deferred", "warning"),
}
ITEM = re.compile(r"(\s*)(?:[-*+]|\d+[.)])\s+(.*)")
BOX = re.compile(r"\\?\[([^\[\]\\]{0,14})\\?\](?!\()\s*(.*)")
# What `make gates` writes at the end of a gate's line.
PASSED = re.compile(r"\s*\(passed (\d{4}-\d\d-\d\d)\)\s*$")


@dataclass
class Gate:
    """A gate of the Constitution Check: where it stands, its mark, its name and its sentence.

    ``boxed`` tells whether the mark is a box of a list; ``passed`` is the day that ``make gates`` wrote.
    """

    line: int
    state: str
    label: str
    text: str
    boxed: bool = False
    passed: str = ""


@dataclass
class Drawn:
    """A path in the Source Code tree."""

    line: int
    path: str
    caption: str


@dataclass
class Plan:
    """What a plan template or a filled plan says, whoever wrote it."""

    lines: list[Line]
    headings: list[Line] = field(default_factory=list)
    labels: dict[str, tuple[int, str]] = field(default_factory=dict)
    gates: list[Gate] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def read_plan(text: str) -> Plan:
    """Read a plan template or a filled plan."""
    lines = read_lines(text)
    return Plan(
        lines,
        headings=[line for line in lines if line.kind == "heading"],
        labels=_labels(lines),
        gates=_gates([line for line in lines if line.below("Constitution Check")]),
        drawn=_drawn(lines),
        reasons=_reasons([line for line in lines if line.below("Complexity Tracking")]),
    )


LABEL = re.compile(
    r"(?:^\s*(?:[-*+]\s+)?|\|\s+)\*\*([^*]+?)(?:\*\*:|:\*\*)\s*(.*?)(?=\s+\|\s+\*\*|$)"
)


def _labels(lines: list[Line]) -> dict[str, tuple[int, str]]:
    """Find bold labels with a value, as lines or as rows of a table, outside the Constitution Check."""
    found: dict[str, tuple[int, str]] = {}
    for line in lines:
        if line.kind != "text" or line.below("Constitution Check"):
            continue
        if line.text.lstrip().startswith("|"):
            name, *values = cells(line.text) or [""]
            bold = re.fullmatch(r"\*\*(.+?):?\*\*:?", name)
            entries = [(bold[1], values[0])] if bold and len(values) == 1 else []
        else:
            entries = [(match[1], match[2].strip()) for match in LABEL.finditer(line.text)]
        for name, value in entries:
            found.setdefault(name, (line.number, value))
    return found


def _state(text: str, marks: dict[str, tuple[str, ...]]) -> str:
    """Read a mark."""
    plain = text.replace("\ufe0f", "").strip().casefold()
    return next((state for state, known in marks.items() if plain in known), "")


def _opening(text: str, words: bool = True) -> tuple[str, str]:
    """Read a mark that a text begins with, such as ✅ or PASS, and return what follows it."""
    plain = text.replace("\ufe0f", "").lstrip("*_ ")
    for state, known in MARKS.items():
        for mark in known:
            if mark and not mark.isalnum() and mark not in "n/a-–—~!" and plain.startswith(mark):
                return state, plain[len(mark) :].lstrip(" :*_-–—")
    for state, known in WORDS.items() if words else ():
        match = re.match(rf"(?:{'|'.join(known)})(?:\s*[:*_.,;(–—-]+\s*|$)", plain, re.IGNORECASE)
        if match:
            return state, plain[match.end() :]
    return "", text


def _named(text: str) -> tuple[str, str]:
    """Split a gate into its name and its sentence."""
    bold = re.match(r"\s*\*\*(.+?):?\*\*\s*(?:\([^)]*\)\s*)?[:–—-]?\s*(.*)", text)
    if bold:
        return bold[1].strip(), bold[2].strip()
    short = re.match(r"\s*([^:.;]{2,60}?)(?::| [-–—])\s+(.*)", text)
    return (short[1].strip(), short[2].strip()) if short else (text.strip(), text.strip())


def _gates(lines: list[Line]) -> list[Gate]:
    """Read the gates: a list with boxes or marks, bold paragraphs, or a table."""
    found: list[Gate] = []
    column = -1
    for line in lines:
        text = line.text.rstrip()
        if line.kind != "text" or text.lstrip().startswith((">", "|")):
            column = -1 if line.kind == "heading" else column
            continue
        item = ITEM.match(text)
        body = item[2] if item else text
        box = BOX.match(body) if item else None
        state = _state(box[1], MARKS) if box else ""
        rest = box[2] if box and state else body
        opening, after = _opening(rest, words=False) if not state else ("", rest)
        boxed = bool(state)
        state, rest = (opening, after) if opening and (item or "**" in rest) else (state, rest)
        passed = PASSED.search(rest)
        rest = PASSED.sub("", rest)
        indent = len(text) - len(text.lstrip())
        if not state and column >= 0 and indent > column and text:
            found[-1].text = f"{found[-1].text} {body.strip()}".strip()
        elif state or re.match(r"\s*\*\*[^*]+?(\*\*:|:\*\*|\*\*\s+[(–—-])", rest):
            label, sentence = _named(rest)
            if not state:
                state, sentence = _opening(sentence)
            day = passed[1] if passed else ""
            found.append(Gate(line.number, state or UNMARKED, label, sentence, boxed, day))
            column = indent
        elif text:
            column = -1
    for (_, header), *rows in tables(lines):
        # A table of labels and values is no table of gates, which has a column for the result.
        for line, row in rows:
            states = [
                (_state(cell.strip("[]"), MARKS) if cell else "") or _opening(cell)[0]
                for cell in row
            ]
            name = next(
                (cell for cell in row if re.search(r"[^\W\d]{3}", cell) and not _opening(cell)[0]),
                "",
            )
            state = next((state for state in states[1:] if state), "")
            if len(header) > 1 and name and state:
                found.append(Gate(line.number, state, name.strip("*: "), " ".join(row[1:])))
    return sorted(found, key=lambda gate: gate.line)


def _reasons(lines: list[Line]) -> list[str]:
    """Read the violations that Complexity Tracking gives a reason for: rows with two cells filled, and list items."""
    rows = [row for _, *entries in tables(lines) for _, row in entries]
    found = [
        " ".join(row)
        for row in rows
        if len(row) > 1
        and row[0].casefold() not in ("none", "n/a", "-")
        and row[1].strip("-–— ")
        and "[" not in row[0]
    ]
    items = [item[2] for line in lines if line.kind == "text" and (item := ITEM.match(line.text))]
    return found + [text for text in items if len(text.split()) > 4]


BRANCH = re.compile(r"(?:[\s│┃]|\|(?![─━-]))*(?:[├└┣┗|`+\\][─━-]+\s*|[-*•]\s+)?")
NAME = re.compile(r"\[[^\]]* [^\]]*\]|\S+(?: or \S+)*|")


def _end(pattern: re.Pattern[str], text: str) -> int:
    """Tell how much of a text, from its beginning, is what a pattern means."""
    match = pattern.match(text)
    return match.end() if match else 0


def _drawn(lines: list[Line]) -> list[Drawn]:
    """Read the paths of the Source Code tree, however it is drawn: with boxes, ASCII, bullets or indents."""
    block = [line for line in lines if line.kind in ("code", "fence") and line.below("Source Code")]
    if not block:
        outside = [
            line
            for line in lines
            if line.below("Project Structure") and not line.below("Documentation")
        ]
        block = [line for line in outside if line.kind in ("code", "fence")]
    found: list[Drawn] = []
    parents: list[tuple[int, str]] = []
    for line in block:
        if line.kind == "fence":
            parents = []
            continue
        text = line.text.expandtabs(4)
        start = _end(BRANCH, text)
        stop = start + _end(NAME, text[start:])
        name, caption = text[start:stop], text[stop:].strip()
        if re.match(r"$|#|//|<!--|\.{3}|…|\(", name):
            continue
        parents = [entry for entry in parents if entry[0] < start]
        base = parents[-1][1] if parents else ""
        for part in re.split(r" or |,(?![^{]*\})", name):
            path = base + re.sub(r"^(?:\./|/|\.$)", "", part.strip("`*"))
            found += [
                Drawn(line.number, each, caption.lstrip("#/←<-–— "))
                for each in _braces(path)
                if each
            ]
        parents.append((start, f"{path.rstrip('/')}/" if path else ""))
    return found


def _braces(path: str) -> list[str]:
    """Write ``{a,b}`` out, as a shell does."""
    match = re.search(r"\{([^{}]*,[^{}]*)\}", path)
    if not match:
        return [path]
    parts = (
        path[: match.start()] + part.strip() + path[match.end() :] for part in match[1].split(",")
    )
    return [written for part in parts for written in _braces(part)]


RULES = (
    "number",
    "path",
    "module",
    "clarification",
    "placeholder",
    "gate",
    "data-model",
    "sequence-diagram",
    "contract",
    "change",
)

# Findings ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, order=True)
class Finding:
    """One difference, where it is."""

    file: str
    line: int
    rule: str
    message: str


def normal(text: str) -> str:
    """Reduce a name to its words, so that case and punctuation do not tell two apart."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


# What templates of plans have in brackets, beside those of this project.
PLACEHOLDERS = (
    r"feature|date|link|(?:e\.g\.|###|domain-specific|remove if unused|extract from|document the selected"
    r"|gates determined|single/web/mobile|if applicable|current need|specific (?:need|problem)|why |what )[^\[\]\n]*"
)


def _pattern(sentence: str) -> re.Pattern[str]:
    """Write a gate's sentence of the template as a pattern for the same sentence in a plan, where names are filled in."""
    parts = (re.escape(normal(part)) for part in re.split(r"\[[^\]]*\]", sentence))
    return re.compile(".*".join(parts) + "(?: for a person to judge.*)?")


def rooted(drawn: list[Drawn], exists: Callable[[str], bool]) -> list[Drawn]:
    """Take away the repository's own name, where a tree begins with it."""
    tops = {entry.path.partition("/")[0] for entry in drawn}
    top = f"{next(iter(tops))}/" if len(tops) == 1 else ""
    inner = [
        Drawn(entry.line, entry.path.removeprefix(top), entry.caption)
        for entry in drawn
        if entry.path.rstrip("/") != top.rstrip("/")
    ]
    named = top and not exists(top) and any(exists(entry.path) for entry in inner)
    return inner if named else drawn


class Project:
    """A project: its settings, its plans and its modules."""

    def __init__(self, root: Path) -> None:
        self.root = root
        settings = root / ".specify/plan_check.toml"
        data = tomllib.loads(settings.read_text("utf-8")) if settings.is_file() else {}
        self.patterns: list[str] = data.get("modules", [])
        self.shared: list[str] = data.get("shared", [])
        self.models: list[str] = data.get("models", [])
        self.contract: str = data.get("contract", "")
        self.documents: list[str] = data.get("documents", [])
        self.migrations: str = data.get("migrations", "")
        self.people: list[str] = [normal(label) for label in data.get("people", [])]
        self.checked: list[str] = [normal(label) for label in data.get("checked", [])]
        files = [root / ".specify/templates" / name for name in TEMPLATES]
        self.templates = [path.read_text("utf-8") for path in files if path.is_file()]
        bracketed = {
            text
            for template in self.templates
            for text in re.findall(r"(?<!\\)\[([^\[\]\n]{3,})\](?![(\[:])", template)
            if not _state(text, MARKS)
        }
        texts = "|".join([*sorted(map(re.escape, bracketed)), PLACEHOLDERS])
        self.placeholder = re.compile(
            rf"(?<!\\)\[(?:{texts})\](?![(\[:])|ACTION REQUIRED", re.IGNORECASE
        )
        self.plans = {
            path: read_plan(path.read_text("utf-8", "replace"))
            for path in sorted(root.glob("specs/*/plan.md"))
        }
        blank = read_plan(self.templates[0]) if self.templates else Plan([])
        self.sentences = {normal(gate.label): _pattern(gate.text) for gate in blank.gates}
        self.drawn = {path: rooted(plan.drawn, self.exists) for path, plan in self.plans.items()}

    def name(self, path: Path) -> str:
        """Name a file as people do: from the project's root."""
        return path.relative_to(self.root).as_posix()

    def exists(self, path: str) -> bool:
        """Tell whether a drawn path is there; one with a slash at its end has to be a folder."""
        found = self.root / path
        try:
            if "*" in path or "?" in path:
                return any(self.root.glob(path.rstrip("/")))
            return found.is_dir() if path.endswith("/") else found.exists()
        except (OSError, ValueError):
            # What a person wrote need not be a name that the system takes.
            return False

    @cached_property
    def modules(self) -> dict[str, Path]:
        """Find the modules: path → a file of it.

        A pattern's part with a star names the module: ``src/*/router.py`` finds the folders ``src/x/``,
        ``src/api/*.py`` the files ``src/api/x.py``.
        """
        found: dict[str, Path] = {}
        for pattern in self.patterns:
            depth = next(index for index, part in enumerate(pattern.split("/")) if "*" in part) + 1
            for path in sorted(self.root.glob(pattern)):
                parts = path.relative_to(self.root).parts
                hidden = any(
                    part.startswith((".", "_")) or part == "node_modules" for part in parts[:depth]
                )
                name = "/".join(parts[:depth]) + ("/" if len(parts) > depth else "")
                if not hidden and name not in self.shared:
                    found.setdefault(name, path)
        return found

    def planned(self, plan: Path, module: str) -> bool:
        """Tell whether a plan's tree draws a module, or something in it."""
        return any(
            entry.path.rstrip("/") == module.rstrip("/")
            or entry.path.startswith(f"{module.rstrip('/')}/")
            for entry in self.drawn[plan]
        )

    def has_code(self, plan: Path) -> bool:
        """Tell whether a feature has been built: whether a module that its tree draws exists."""
        return any(self.planned(plan, module) for module in self.modules)


def check_numbers(project: Project) -> Iterator[Finding]:
    """Look for features that took one number, as two branches do; spec-kit's time-stamped folders have none."""
    taken: dict[str, str] = {}
    for folder in sorted(path for path in project.root.glob("specs/*") if path.is_dir()):
        number = re.match(r"(?!\d{8}-\d{6}-)(\d{3,6})-", folder.name)
        first = taken.setdefault(number[1], folder.name) if number else folder.name
        if first != folder.name:
            message = (
                f"{folder.name} and {first} have one number: give one of them the next that is free"
            )
            yield Finding(project.name(folder / "plan.md"), 1, "number", message)


def check_tree(project: Project) -> Iterator[Finding]:
    """Hold the trees of the plans against the files, both ways."""
    for plan, drawn in project.drawn.items():
        for entry in drawn:
            if not project.exists(entry.path) and not project.placeholder.search(entry.path):
                yield Finding(
                    project.name(plan),
                    entry.line,
                    "path",
                    f"{entry.path} is drawn and does not exist",
                )
    for module, file in project.modules.items():
        if not any(project.planned(plan, module) for plan in project.plans):
            yield Finding(project.name(file), 1, "module", f"{module} exists and no plan draws it")


SAID_TO_BE_DONE = re.compile(
    r"\b(?:no|all|every|any|zero)\b.*NEEDS CLARIFICATION.*\b(?:remain\w*|left|resolved?|answered)\b"
    r"|\b(?:resolved?|answered)\b.*\b(?:no|all|every|any|zero)\b.*NEEDS CLARIFICATION",
    re.IGNORECASE,
)


def check_texts(project: Project) -> Iterator[Finding]:
    """Look for what is still unknown, and for what a template left to be filled in."""
    for plan in project.plans:
        for file in sorted(path for pattern in DOCUMENTS for path in plan.parent.glob(pattern)):
            for line in read_lines(file.read_text("utf-8", "replace")):
                place = project.name(file), line.number
                prose = re.sub(r"`[^`]*`", "", line.text)
                left = project.placeholder.search(line.text)
                unknown = "NEEDS CLARIFICATION" in prose and not SAID_TO_BE_DONE.search(prose)
                if unknown and line.kind == "text":
                    message = f"still to be clarified: {prose.strip()[:120]}"
                    yield Finding(*place, "clarification", message)
                elif left and (line.kind != "comment" or left[0] == "ACTION REQUIRED"):
                    yield Finding(*place, "placeholder", f"{left[0][:80]} is not filled in")


def _open(project: Project, plan: Plan, gate: Gate) -> str:
    """Say what is missing for a gate, or return an empty string."""
    label = normal(gate.label)
    words = {word for word in label.split() if len(word) > 3}
    numbers = set(re.findall(r"principle [ivx\d]+\b", normal(f"{gate.label} {gate.text}")))
    for reason in map(normal, plan.reasons):
        told = words and len({word for word in words if word in reason}) >= 0.6 * len(words)
        if label in reason or told or any(re.search(rf"{number}\b", reason) for number in numbers):
            return ""
    if gate.state in (NOT_APPLICABLE, EXCEPTION):
        sentence = project.sentences.get(label)
        same = normal(gate.text) in ("", label) or (
            sentence and sentence.fullmatch(normal(gate.text))
        )
        return f"is marked {gate.state} without a reason" if same else ""
    if gate.state == NO:
        return "is not ticked"
    asked = gate.state == UNMARKED and gate.text.rstrip().endswith("?")
    return "is asked and not answered" if asked else ""


PERSON, COMMAND = "for a person", "for make gates"


def _waits(project: Project, gate: Gate) -> str:
    """Say what a gate without a tick waits for; a mark that ``make gates`` does not write over waits for nothing."""
    if normal(gate.label) in project.people:
        return PERSON
    return COMMAND if gate.boxed and normal(gate.label) in project.checked else ""


def _unproven(project: Project, gate: Gate) -> str:
    """Say why a tick is not what ``make gates`` writes, or return an empty string."""
    checked = normal(gate.label) in project.checked
    if gate.passed and not checked:
        return "has the day on which it passed, and `make gates` checks no gate of that name"
    if checked and gate.boxed and gate.state == YES and not gate.passed:
        return "is ticked without the day on which it passed: `make gates` ticks it"
    return ""


def gates(project: Project) -> Iterator[tuple[Finding, str]]:
    """Find the gates that are open although there is code, each with what it waits for, and ticks that nothing proves."""
    for path, plan in project.plans.items():
        for gate in plan.gates if project.has_code(path) else []:
            missing, waits = _unproven(project, gate), ""
            if not missing and (missing := _open(project, plan, gate)):
                waits = _waits(project, gate) if gate.state == NO else ""
                missing += "" if waits else ", and Complexity Tracking gives no reason"
            if missing:
                message = f"gate {gate.label} {missing}"
                yield Finding(project.name(path), gate.line, "gate", message), waits


BOXED = re.compile(
    r"(\s*(?:[-*+]|\d+[.)])\s+\\?\[)([^\[\]\\]*)(\\?\].*?)(?: \(passed \d{4}-\d\d-\d\d\))?(\s*)"
)


def _ticked(line: str, gate: Gate, passed: bool, today: str) -> str:
    """Tick a gate's line, with the day since when it passes, or open it."""
    box = BOXED.fullmatch(line)
    if not box:
        return line
    right = (gate.state == YES) == passed
    mark = box[2] if right else "x" if passed else " "
    day = gate.passed if right and gate.passed else today
    return f"{box[1]}{mark}{box[3]}{f' (passed {day})' if passed else ''}{box[4]}"


def tick(project: Project, results: dict[str, bool], today: str) -> Iterator[Path]:
    """Write what ``make gates`` found into the plans of features that have code, and yield the plans that this changed.

    Args:
        project: the project.
        results: the label of each gate that was checked, and whether it passed.
        today: the day, such as 2026-11-26.

    A box that is ticked or empty says what was found; any other mark is a person's, and stays.

    Raises:
        OSError: if a plan cannot be written.
    """
    found = {normal(label): passed for label, passed in results.items()}
    for path, plan in project.plans.items():
        # As bytes, because line ends and what is no UTF-8 stay as they are.
        before = path.read_bytes().decode("utf-8", "surrogateescape")
        lines = before.splitlines(keepends=True)
        for gate in plan.gates if project.has_code(path) else []:
            passed = found.get(normal(gate.label))
            if passed is not None and gate.boxed and gate.state in (YES, NO):
                lines[gate.line - 1] = _ticked(lines[gate.line - 1], gate, passed, today)
        if (after := "".join(lines)) != before:
            path.write_bytes(after.encode("utf-8", "surrogateescape"))
            yield path


# Words that tell a type in a model's source, whichever framework it is written with.
TYPES = {
    "str": r"\bstr\b|CharField|String|SlugField|\bText\b",
    "text": r"\bstr\b|TextField|Text\b|CharField",
    "int": r"\bint\b|Integer",
    "bigint": r"\bint\b|Integer",
    "float": r"\bfloat\b|Float",
    "decimal": r"Decimal",
    "bool": r"\bbool\b|Boolean",
    "date": r"\bdate\b|DateField|Date\b",
    "datetime": r"\bdatetime\b|DateTime|Timestamp",
    "time": r"\btime\b|TimeField|Time\b|TimeOfDay",
    "duration": r"timedelta|Duration",
    "uuid": r"UUID|Uuid",
    "email": r"\bstr\b|Email",
    "url": r"\bstr\b|URL|Url",
    "json": r"dict\b|JSON|Json|Mapping|Any\b",
}
RELATION = re.compile(r"ForeignKey|OneToOne|foreign_key")
TARGET = re.compile(
    r"(?:ForeignKey|Field|Reference)\((?:to=)?'([\w.]+)'|foreign_key='([\w.]+)'|list\['(\w+)'\]"
)
LINKED = re.compile(r"ManyToMany|\bsecondary=|\bIdentifiers\b")
EDGE = re.compile(r"\s*(\w+)\s+[|}o]{2}(?:--|\.\.)[|{o]{2}\s+(\w+)\s*:")
EMPTY = re.compile(r"\bNone\b|Optional\[|null=True|nullable=True")


@dataclass
class Attribute:
    """A field of a model's class: where it stands, and its source."""

    file: str
    line: int
    source: str

    @property
    def linked(self) -> bool:
        """Whether it is no column: a table of its own links what it refers to."""
        return bool(LINKED.search(self.source))


def _column(value: ast.expr | None, attribute: str) -> str:
    """Name the column of an attribute: as a call to some ``column`` begins, as ``db_column`` says, or as itself."""
    for node in ast.walk(value) if value else ():
        if isinstance(node, ast.Call):
            given = [keyword.value for keyword in node.keywords if keyword.arg == "db_column"]
            if re.search(r"[Cc]olumn$", ast.unparse(node.func)):
                given += node.args[:1]
            for name in given:
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    return name.value
    return attribute


def _attributes(node: ast.ClassDef, file: str) -> dict[str, Attribute]:
    """Read the fields of a class: what is annotated, and what is made by a call to some ``…Field`` or ``Column``."""
    found: dict[str, Attribute] = {}
    for entry in node.body:
        name, source = "", ""
        call = entry.value if isinstance(entry, ast.AnnAssign | ast.Assign) else None
        if isinstance(entry, ast.AnnAssign) and isinstance(entry.target, ast.Name):
            value = f" = {ast.unparse(entry.value)}" if entry.value else ""
            name, source = entry.target.id, ast.unparse(entry.annotation) + value
        elif (
            isinstance(entry, ast.Assign)
            and isinstance(entry.value, ast.Call)
            and len(entry.targets) == 1
        ):
            made = ast.unparse(entry.value.func)
            target = entry.targets[0]
            if isinstance(target, ast.Name) and re.search(
                r"Field|Column|column|ForeignKey|OneToOne", made
            ):
                name, source = target.id, ast.unparse(entry.value)
        # SQLAlchemy's relationship() is no column, nor is the text of what is referred to: the reference beside it is.
        if re.search(r"\b[Rr]elationship\(|\bShown\b", source) and not LINKED.search(source):
            continue
        if name and not name.startswith("_") and not source.startswith("ClassVar"):
            found[_column(call, name)] = Attribute(file, entry.lineno, source)
    return found


def read_models(project: Project) -> tuple[dict[str, dict[str, Attribute]], list[Finding]]:
    """Read every class of the model files, with the fields of its bases among them; and files that cannot be read."""
    own: dict[str, tuple[list[str], dict[str, Attribute]]] = {}
    broken: list[Finding] = []
    for path in sorted({path for pattern in project.models for path in project.root.glob(pattern)}):
        try:
            module = ast.parse(path.read_text("utf-8"))
        except (SyntaxError, UnicodeDecodeError) as error:
            line = getattr(error, "lineno", None) or 1
            broken.append(
                Finding(project.name(path), line, "data-model", f"cannot be read: {error}")
            )
            continue
        for node in ast.walk(module):
            if isinstance(node, ast.ClassDef):
                bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
                # Of two classes of one name, the table is the model.
                if node.name not in own or "__tablename__" in ast.unparse(node):
                    own[node.name] = (bases, _attributes(node, project.name(path)))

    def complete(name: str, seen: tuple[str, ...] = ()) -> dict[str, Attribute]:
        bases, attributes = own.get(name, ([], {}))
        inherited = [complete(base, (*seen, name)) for base in bases if base not in (*seen, name)]
        return {key: value for base in inherited for key, value in base.items()} | attributes

    return {name: complete(name) for name in own}, broken


def _class_of(heading: str, models: dict[str, Any]) -> str:
    """Find the class that a heading such as ``Entity: Job posting`` means."""
    words = re.findall(r"[^\W_]+", re.sub(r"\(.*?\)", "", heading))
    names = [*reversed(words), "".join(word[:1].upper() + word[1:] for word in words)]
    suffixes = ("", "Model", "Record", "Row", "Table")
    return next((name + end for end in suffixes for name in names if name + end in models), "")


def check_data_models(project: Project) -> Iterator[Finding]:
    """Hold the field tables of data-model.md against the models' source."""
    models, broken = read_models(project)
    yield from broken
    for plan in project.plans:
        file = plan.with_name("data-model.md")
        if not project.models or not file.is_file() or not project.has_code(plan):
            continue
        for (header, names), *rows in tables(read_lines(file.read_text("utf-8", "replace"))):
            columns = [normal(name) for name in names]
            if not columns or columns[0] not in ("field", "attribute", "column", "name"):
                continue
            heading = header.sections[-1] if header.sections else ""
            entity = _class_of(heading, models)
            if not entity:
                message = f"no model is called {heading or 'like the table says'}"
                yield Finding(project.name(file), header.number, "data-model", message)
                continue
            yield from _differences(
                project.name(file), entity, models[entity], columns, rows, header.number
            )
            yield from _missing_edges(
                project.name(file), read_lines(file.read_text("utf-8", "replace")), entity, models
            )


def _joined(name: str) -> str:
    """Reduce the name of a table or a class to its letters: JOB_POSTING, JobPosting and JobPostingRow are one."""
    letters = name.replace("_", "").casefold()
    return re.sub(r"(?<=.)(model|record|row|table)$", "", letters)


def _targets(entity: str, attributes: dict[str, Attribute]) -> dict[str, Attribute]:
    """Find what a model refers to: the table of ``'company.id'``, the class of ``'companies.Company'``."""
    found: dict[str, Attribute] = {}
    for attribute in attributes.values():
        if match := TARGET.search(attribute.source):
            first, _, last = (match[1] or match[2] or match[3]).rpartition(".")
            name = first if last == "id" else last
            found[_joined(entity if name == "self" else name)] = attribute
    return found


def _missing_edges(
    file: str, lines: list[Line], entity: str, models: dict[str, dict[str, Attribute]]
) -> Iterator[Finding]:
    """Hold the edges of the diagram against what the models refer to, in both directions."""
    drawn = [line for line in lines if line.kind == "code"]
    if not any(line.text.strip() == "erDiagram" for line in drawn):
        return
    edges = [
        (line, {_joined(match[1]), _joined(match[2])})
        for line in drawn
        if (match := EDGE.match(line.text))
    ]
    own = _joined(entity)
    for target, attribute in _targets(entity, models[entity]).items():
        if not any({own, target} == ends for _, ends in edges):
            message = f"{entity} refers to {target}, and the diagram of {file} has no such edge"
            yield Finding(attribute.file, attribute.line, "data-model", message)
    classes = {_joined(name): name for name in models}
    for line, ends in edges:
        known = [classes[end] for end in ends if end in classes]
        referring = any(
            other in _targets(one, models[one])
            for one in known
            for other in ends
            if {_joined(one), other} == ends
        )
        if own in ends and len(known) == len(ends) and not referring:
            message = f"of {' and '.join(sorted(known))} none refers to the other"
            yield Finding(file, line.number, "data-model", message)


def _contradicts(kind: str, source: str) -> bool:
    """Tell whether a model's source names another type; a name of the project's own says nothing."""
    if kind not in TYPES or re.search(f"{TYPES[kind]}|{RELATION.pattern}", source):
        return False
    return any(re.search(words, source) for words in TYPES.values())


def _differences(
    file: str,
    entity: str,
    attributes: dict[str, Attribute],
    columns: list[str],
    rows: list[tuple[Line, list[str]]],
    start: int,
) -> Iterator[Finding]:
    """Compare one table with one class."""
    listed: set[str] = set()
    for line, row in rows:
        entry = dict(zip(columns, row, strict=False))
        name = entry[columns[0]].strip("`* ")
        # Django gives a relation's column the name of its field with _id at the end.
        own = name if name in attributes else name.removesuffix("_id")
        listed.add(own)
        if own not in attributes:
            yield Finding(file, line.number, "data-model", f"{entity} has no field {name}")
            continue
        source = attributes[own].source
        kind = re.sub(r"[^a-z].*", "", entry.get("type", "").strip("`").casefold())
        if _contradicts(kind, source):
            place = f"{attributes[own].file}:{attributes[own].line}"
            yield Finding(
                file,
                line.number,
                "data-model",
                f"{entity}.{name} is {kind} here and not in {place}",
            )
        required, may_be_empty = normal(entry.get("required", "")), bool(EMPTY.search(source))
        if required == "yes" and may_be_empty:
            yield Finding(
                file,
                line.number,
                "data-model",
                f"{entity}.{name} is required here and may be empty in the model",
            )
        if normal(entry.get("default", "")) in ("null", "empty") and not may_be_empty:
            yield Finding(
                file,
                line.number,
                "data-model",
                f"{entity}.{name} may be empty here and not in the model",
            )
    for name, attribute in attributes.items():
        if name not in listed and not attribute.linked:
            yield Finding(
                attribute.file,
                attribute.line,
                "data-model",
                f"{entity}.{name} is not in {file}:{start}",
            )


MESSAGE = re.compile(r"\s*\w[\w ]*?-{1,2}[>x)]{1,2}[+-]?\s*\w[\w ]*:\s*\S")
CHANGE = re.compile(r"@\s*(\d{4}-\d\d-\d\d)(?:\s+after\s+[^:]*?)?\s*(?::\s*(.*))?")
"""Heads a block of changes in the answers of a feature: its day, and its reason."""


def changes_made(answers: str) -> Iterator[tuple[str, str]]:
    """Read the day and the reason of each change from the answers, which are YAML as PyYAML writes it."""
    stored = re.search(r"^changes:(.*?)(?=^\w+:|\Z)", answers, re.MULTILINE | re.DOTALL)
    text = stored[1].strip() if stored else ""
    # In quotes a line may go on in the next one; between two of them stands an empty one, or their end is escaped.
    if text.startswith('"'):
        text = re.sub(r"\\\n\s*\\?", "", text[1:-1]).replace("\\n", "\n\n").replace('\\"', '"')
    elif text.startswith("'"):
        text = text[1:-1].replace("''", "'")
    else:
        text = text.replace("\n", "\n\n")
    for line in re.split(r"\n\s*\n", text):
        if match := CHANGE.fullmatch(" ".join(line.split())):
            yield match[1], match[2] or ""


def check_changes(project: Project) -> Iterator[Finding]:
    """Hold the changes that a plan lists against the answers, and their migrations against the files."""
    for path, plan in project.plans.items():
        answers = path.with_name(".copier-answers.feature.yml")
        if not answers.is_file():
            continue
        reasons = list(changes_made(answers.read_text("utf-8")))
        made = [date for date, _ in reasons]
        listed = [
            (line.number, row)
            for table in tables([line for line in plan.lines if line.below("Changes")])
            for line, row in table[1:]
        ]
        told = [row[0] for _, row in listed]
        for date in sorted(set(made)):
            if told.count(date) < made.count(date):
                message = f"a change of {date} is in the answers and not among the plan's changes"
                yield Finding(project.name(path), listed[0][0] if listed else 1, "change", message)
        for date, why in reasons:
            rows = [(number, row) for number, row in listed if row[0] == date]
            given = [normal(cell) for _, row in rows for cell in row[2:3]]
            if len(rows) >= made.count(date) and normal(why) not in given:
                message = f"the answers give another reason for a change of {date}: {why or 'none'}"
                yield Finding(project.name(path), rows[0][0], "change", message)
        for number, row in listed:
            if told.count(row[0]) > made.count(row[0]):
                message = f"a change of {row[0]} is among the plan's changes and not in the answers"
                yield Finding(project.name(path), number, "change", message)
            for name in re.findall(r"`([\w.-]+)`", row[-1]) if project.migrations else []:
                module, _, file = name.rpartition(".")
                migration = project.migrations.replace("{module}", module).replace("{name}", file)
                if not project.exists(migration):
                    message = f"{migration} is named as a migration and does not exist"
                    yield Finding(project.name(path), number, "change", message)


PARTICIPANT = re.compile(r"\s*(?:participant|actor)\s+\S+\s+as\s+(\S+)\s*$")


def check_documents(project: Project) -> Iterator[Finding]:
    """Look for the documents that a feature with code has to have, where plan_check.toml asks for them."""
    for path, plan in project.plans.items():
        asked = project.documents if project.has_code(path) else []
        if "contract" in asked and not any(path.parent.glob("contracts/*.*")):
            yield Finding(project.name(path), 1, "contract", "there is code, and no contract")
        data = path.with_name("data-model.md")
        drawn = data.is_file() and "erDiagram" in data.read_text("utf-8")
        if "data-model" in asked and not drawn:
            message = "there is code, and no data-model.md with a diagram"
            yield Finding(project.name(path), 1, "data-model", message)
        if "sequence-diagram" in asked:
            yield from _check_diagram(project, project.name(path), plan)


def _check_diagram(project: Project, file: str, plan: Plan) -> Iterator[Finding]:
    """Look for a sequence diagram with a message in it, and for the files that its participants are."""
    code = [line for line in plan.lines if line.kind == "code"]
    start = next((line.number for line in code if line.text.strip() == "sequenceDiagram"), 0)
    if not start or not any(MESSAGE.match(line.text) for line in code if line.number > start):
        message = "there is code, and no sequence diagram with a message"
        yield Finding(file, start or 1, "sequence-diagram", message)
    for line in code:
        drawn = PARTICIPANT.match(line.text) if start and line.number > start else None
        if drawn and "/" in drawn[1] and not project.exists(drawn[1]):
            message = f"{drawn[1]} takes part in the diagram and does not exist"
            yield Finding(file, line.number, "sequence-diagram", message)


def check_contracts(project: Project) -> Iterator[Finding]:
    """Run the project's own test of its contracts, and place what it says in the contract."""
    contracts: dict[str, list[Path]] = {}
    for path in sorted(project.root.glob("specs/*/contracts/*.*")):
        contracts.setdefault(path.parts[-3], []).append(path)
    if not contracts or not project.contract:
        return
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    # The command is the project's own, from a file beside this one.
    run = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", project.contract],
        cwd=project.root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode == 0:
        return
    messages = re.findall(r"^E\s+(?:[\w.]*(?:Error|Exception): )?(.+)", run.stdout, re.MULTILINE)
    placed = [
        (match, message) for message in messages if (match := re.match(r"([\w-]+): (.+)", message))
    ]
    found = False
    for match, message in placed:
        if match[1] in contracts:
            found = True
            places = {file: _place_in(file, match[2]) for file in contracts[match[1]]}
            # Of several contracts it is the one that has most of the place.
            file = max(places, key=lambda name: places[name][0])
            yield Finding(
                project.name(file),
                places[file][1],
                "contract",
                f"not what the application does: {message}",
            )
    if not found:
        last = [line for line in (run.stdout + run.stderr).splitlines() if line.strip()][-1:]
        where = re.search(r"^(\S+\.py):(\d+): ", run.stdout, re.MULTILINE)
        message = (messages or last or [f"{project.contract} ended with {run.returncode}"])[0]
        place = (
            (where[1], int(where[2]))
            if where
            else (project.name(next(iter(contracts.values()))[0]), 1)
        )
        yield Finding(*place, "contract", f"the test of the contracts fails: {message}")


def _place_in(contract: Path, place: str) -> tuple[int, int]:
    """Find ``paths > /posts > get``, each key after the one before; a text after it does not count.

    Returns:
        How many of the keys are there, and the line of the last one.
    """
    lines = contract.read_text("utf-8").splitlines()
    found, number = 0, 0
    for part in place.split(" > "):
        key = part.partition(": ")[0].strip().strip("'\"")
        pattern = re.compile(rf"\s*(?:- )?[\"']?{re.escape(key)}[\"']?\s*:")
        later = [index for index in range(number, len(lines)) if pattern.match(lines[index])]
        if later:
            found, number = found + 1, later[0]
    return found, number + 1


def write(project: Project, results: dict[str, bool]) -> int:
    """Write what ``make gates`` found into the plans, and print which plans that changed."""
    try:
        for path in tick(project, results, time.strftime("%Y-%m-%d")):
            sys.stdout.write(f"{project.name(path)}: gates written\n")
    except OSError as error:
        sys.stderr.write(f"gates not written: {error}\n")
        return 1
    return 0


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Check the project and print what was found."""
    parser = argparse.ArgumentParser(
        prog="plan_check.py", description="Hold the plans in specs/ against the code."
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--static", action="store_true", help="read files only: leave the test of the contracts out"
    )
    parser.add_argument(
        "--strict", action="store_true", help="count gates that are still open as findings"
    )
    parser.add_argument(
        "--rule", action="append", choices=RULES, help="look for this only; may be repeated"
    )
    parser.add_argument(
        "--tick",
        type=json.loads,
        metavar="JSON",
        help='only write into the plans which gates passed, such as {"Testing": true}',
    )
    options = parser.parse_args(arguments)
    rules = options.rule or RULES
    project = Project(root)
    if options.tick is not None:
        return write(project, options.tick)
    opened = list(gates(project))
    waiting, unchecked = (
        sorted(finding for finding, waits in opened if waits == what and not options.strict)
        for what in (PERSON, COMMAND)
    )
    found = {finding for finding, waits in opened if not waits or options.strict}
    found |= {
        *check_numbers(project),
        *check_tree(project),
        *check_texts(project),
        *check_data_models(project),
    }
    found |= {*check_documents(project), *check_changes(project)}
    found |= set(check_contracts(project)) if "contract" in rules and not options.static else set()
    findings = sorted(finding for finding in found if finding.rule in rules)
    if "gate" not in rules:
        waiting, unchecked = [], []
    if options.json:
        lists = {
            "findings": [asdict(entry) for entry in findings],
            "waiting": [asdict(entry) for entry in waiting],
            "unchecked": [asdict(entry) for entry in unchecked],
        }
        sys.stdout.write(json.dumps(lists, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{entry.file}:{entry.line}: {entry.message}\n" for entry in findings)
        sys.stdout.writelines(
            f"{entry.file}:{entry.line}: {PERSON}: {entry.message}\n" for entry in waiting
        )
        counts = {
            "plans": project.plans,
            "findings": findings,
            PERSON: waiting,
            COMMAND: unchecked,
        }
        sys.stdout.write(
            ", ".join(f"{name}: {len(entries)}" for name, entries in counts.items()) + "\n"
        )
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
