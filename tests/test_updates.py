"""Updates of whole projects: nothing that a person wrote is lost, and everything that a person has to know is said."""

import itertools
import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import copier
import pexpect
import pytest
from conftest import (
    GROUNDPLAN,
    MAKE_GROUNDPLAN,
    ROOT,
    Render,
    answers,
    commit_all,
    copy_into,
    files,
    git,
    make_template,
    replace,
    run,
    status,
)
from source import make_word, package_source
from stacks import stack_names

FEATURE = {"feature_title": "Job offers", "fields": "title:str(80)", "module": "job_offers"}
ANSWERS = ".copier-answers.yml"


def groundplan(folder: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """Run the command in a project and return its exit status and what it printed; never a traceback."""
    command, *rest = arguments
    result = run(*GROUNDPLAN, command, "--trust", "--defaults", *rest, cwd=folder, check=False, **variables)
    output = result.stdout + result.stderr
    assert "Traceback" not in output, output
    return result.returncode, output


def release(template: Path, version: str) -> None:
    commit_all(template, version)
    git(template, "tag", version)


def start(template: Path, folder: Path, version: str | None = None, **data: Any) -> Path:
    """Make a project with two features, committed."""
    options: dict[str, Any] = {"defaults": True, "unsafe": True, "quiet": True, "vcs_ref": version}
    copier.run_copy(str(template), folder, data=data, **options)
    copier.run_copy(str(template), folder, data=FEATURE, **options)
    commit_all(folder)
    return folder


def feature_answers(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in sorted(folder.glob("specs/*/.copier-answers.feature.yml"))]


# Every edit, every change of the template ────────────────────────────────────────────────────────────────────────────

LINES = 40
MINE, THEIRS = "a person wrote this", "the new version says this"


def text(name: str, *changes: tuple[int, int, list[str]]) -> str:
    """Write the text of a cell, which is like no other's; a change puts lines in the place of those from one number to another."""
    chance = random.Random(name)
    lines = [f"{number} {chance.randbytes(12).hex()}" for number in range(LINES)]
    for begin, end, instead in changes:
        lines[begin:end] = instead
    return "".join(f"{line}\n" for line in lines)


def rewrite(change: tuple[int, int, list[str]]) -> Callable[[Path, str], None]:
    def edit(file: Path, name: str) -> None:
        file.write_text(text(name, change), "utf-8")

    return edit


def move(place: str, changed: bool = False) -> Callable[[Path, str], None]:
    def edit(file: Path, name: str) -> None:
        target = file.parent / place.format(file.name)
        target.parent.mkdir(exist_ok=True)
        file.rename(target)
        if changed:
            target.write_text(text(name, (20, 21, [MINE])), "utf-8")

    return edit


EDITS: dict[str, Callable[[Path, str], None]] = {
    "line": rewrite((20, 21, [MINE])),
    "inserted": rewrite((20, 20, [MINE])),
    "first": rewrite((0, 0, [MINE, ""])),
    "last": rewrite((LINES, LINES, ["", MINE])),
    "cut": rewrite((20, 21, [])),
    "rewritten": rewrite((0, LINES, [MINE])),
    "emptied": rewrite((0, LINES, [])),
    "deleted": lambda file, _: file.unlink(),
    "renamed": move("own-{}"),
    "renamed-edited": move("own-{}", changed=True),
    "elsewhere": move("../mine/{}"),
    "crlf": lambda file, _: file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n")),
    "executable": lambda file, _: file.chmod(0o755),
}
TYPED = {"line", "inserted", "first", "last", "rewritten", "renamed-edited"}
"""The edits whose text has to be there afterwards, whatever was said."""
CHANGES: dict[str, tuple[str, list[tuple[int, int, list[str]]]] | None] = {
    "line": ("cells/{}", [(5, 6, [THEIRS])]),
    "same-line": ("cells/{}", [(20, 21, [THEIRS])]),
    "inserted": ("cells/{}", [(35, 35, [THEIRS])]),
    "cut": ("cells/{}", [(5, 6, [])]),
    "appended": ("cells/{}", [(LINES, LINES, ["", THEIRS])]),
    "removed": None,
    "moved": ("moved/{}", []),
    "moved-changed": ("moved/{}", [(5, 6, [THEIRS])]),
}
MARKERS = (b"<<<<<<<", b"=======", b">>>>>>>")
CELLS = [f"{edit}_{change}" for edit, change in itertools.product(EDITS, CHANGES)]
LAYERS = {"{{ project }}": ".", "{{ feature }}/specs/{{ feature_dir }}": "specs/*"}


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a template with a file for each cell in both layers, and the change of each in its next version."""
    template = make_template(tmp_path_factory.mktemp("cells") / "groundplan")
    for layer, name in itertools.product(LAYERS, CELLS):
        file = template / "template" / layer / "cells" / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text(name), "utf-8")
    release(template, "v1.1.0")
    for layer, name in itertools.product(LAYERS, CELLS):
        change = CHANGES[name.partition("_")[2]]
        file = template / "template" / layer / "cells" / f"{name}.txt"
        file.unlink()
        if change:
            place, changes = change
            target = file.parents[1] / place.format(file.name)
            target.parent.mkdir(exist_ok=True)
            target.write_text(text(name, *changes), "utf-8")
    release(template, "v2.0.0")
    return template


def judge(layer: Path, name: str, said: str) -> str:
    """Say what became of a cell: merged; told, with a conflict to solve or without; or lost, or missed, without a word."""
    edit, _, change = name.partition("_")
    places = ("cells/{}.txt", "moved/{}.txt", "cells/own-{}.txt", "mine/{}.txt")
    paths = {place: layer / place.format(name) for place in places}
    found = {place: path.read_bytes().decode() for place, path in paths.items() if path.is_file()}
    whole = "".join(found.values())
    lines, new = text(name).splitlines(), CHANGES[change]
    lost = {
        "cut": lines[20] in whole,
        "emptied": bool(whole) or not found,
        "deleted": bool(found),
        "renamed": list(found) != ["cells/own-{}.txt"],
        "renamed-edited": list(found) != ["cells/own-{}.txt"] or MINE not in whole,
        "elsewhere": list(found) != ["mine/{}.txt"],
        # Other line ends are no reason to keep a file that is gone.
        "crlf": new is not None and whole.count("\r\n") != whole.count("\n"),
        "executable": not any(os.access(paths[place], os.X_OK) for place in found),
    }.get(edit, MINE not in whole)
    missed = {
        "cut": lines[5] in whole,
        "removed": bool(found),
        "moved": "cells/{}.txt" in found,
        "moved-changed": "cells/{}.txt" in found or THEIRS not in whole,
    }.get(change, THEIRS not in whole)
    line = next((line for line in said.splitlines() if f"{name}.txt" in line), "")
    if lost and (not line or edit in TYPED):
        return "lost"
    if missed and not line:
        return "missed"
    return ("conflict" if "git add" in line else "told") if line else "merged"


@pytest.mark.parametrize(
    "stack", [pytest.param(stack, marks=[] if stack == "fastapi" else [pytest.mark.deep]) for stack in stack_names()]
)
def test_no_edit_is_lost_and_no_change_missed(cells: Path, tmp_path: Path, stack: str) -> None:
    project = start(cells, tmp_path / "shop", "v1.1.0", stack=stack)
    layers = [project, *sorted(project.glob("specs/0*"))]
    assert len(layers) == 3
    for layer, name in itertools.product(layers, CELLS):
        EDITS[name.partition("_")[0]](layer / "cells" / f"{name}.txt", name)
    commit_all(project)
    counts: Counter[str] = Counter()
    for layer, answers_file in zip(layers, [ANSWERS, *feature_answers(project)], strict=True):
        before = files(project)
        code, said = groundplan(project, "update")
        assert code == 1, said
        after = files(project)
        changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        cells_of_layer = {path for path in changed if project.joinpath(path).parents[1] == layer}
        counts["outside"] += len(changed - cells_of_layer - {answers_file})
        verdicts = {name: judge(layer, name, said) for name in CELLS}
        counts.update(verdicts.values())
        wrong = [f"{name} {verdict}" for name, verdict in verdicts.items() if verdict in ("lost", "missed")]
        assert not wrong, f"{layer.name}: {wrong}\n{said}"
        for file in project.rglob("*.txt"):
            file.write_bytes(
                b"".join(line for line in file.read_bytes().splitlines(keepends=True) if line[:7] not in MARKERS)
            )
        git(project, "add", "--all")
    assert groundplan(project, "update")[0] == 0
    assert status(project) == []
    print(stack, dict(counts))
    assert counts["outside"] == 0
    assert counts["merged"] + counts["told"] + counts["conflict"] == len(layers) * len(CELLS)
    # A merge that gives up is no loss, but what merges today has to merge tomorrow.
    assert counts["conflict"] <= 24 * len(layers)
