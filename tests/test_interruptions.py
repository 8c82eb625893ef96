"""Killed at any moment, a copy is finished by the same command, or one sentence says what to type; an update starts anew."""

import os
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import answers, commit_all, files, git, make_template, run, status, tool
from killed import MOMENTS

STACKS = ["fastapi", "django", "contexts", "web-mobile", "single"]
SIGNALS = ["SIGKILL", "SIGINT", "SIGTERM"]
NEXT = ["--data", "feature_title=Job offers"]
Kill = tuple[float, str, str, int]


def kills(number: int, seed: int) -> list[Kill]:
    """Draw moments of a run: how far it is, before, within or after a write, and what kills it; in ever another order of files."""
    chance = random.Random(seed)
    return [
        (chance.random(), MOMENTS[index % 3], SIGNALS[index // 3 % 3], chance.randrange(10**6))
        for index in range(number)
    ]


def cases(few: int, many: int) -> list[Any]:
    """Take a few of the kills for the ordinary run, and the others for the long one."""
    rows = [(STACKS[index % 5], *kill) for index, kill in enumerate(kills(many, seed=7))]
    return [*rows[:few], *(pytest.param(*row, marks=pytest.mark.deep) for row in rows[few:])]


def kill(folder: Path, share: float, moment: str, signal: str, seed: int, writes: int, *command: Any) -> None:
    """Run Copier until it is killed."""
    number = max(1, round(share * writes))
    script = Path(__file__).with_name("killed.py")
    result = run(
        sys.executable, script, folder, str(number), moment, signal, str(seed), *command, cwd=folder.parent, check=False
    )
    assert result.returncode != 0, "it was not killed"


def finish(folder: Path, *command: Any) -> str:
    """Type the same command again, with what it asks to add, and return the sentence that it said, if any."""
    result = run(tool("copier"), *command, cwd=folder.parent, check=False)
    if result.returncode == 0:
        return ""
    (line,) = [line for line in result.stderr.splitlines() if line.strip()]
    assert line.startswith("groundplan: "), result.stderr
    if "rm " in line:
        Path(line.split("rm ")[1].split(", ")[0]).unlink()
        return finish(folder, *command) or line
    assert line.endswith("add --overwrite to finish it"), line
    run(tool("copier"), *command, "--overwrite", cwd=folder.parent)
    return line


def was_begun(whole: Path, moment: str, said: str) -> bool:
    """Tell whether the file that a sentence names could be half there: Copier makes a file executable after it has written it."""
    file = whole / said.removeprefix("groundplan: ").partition(" is half written")[0]
    return moment == "within" or (moment == "after" and os.access(file, os.X_OK))


@pytest.fixture(scope="module")
def whole(copy: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a project of a stack without a disturbance: in one commit, with the next feature uncommitted if asked for."""
    made: dict[tuple[str, bool], Path] = {}

    def make(stack: str, more: bool = False) -> Path:
        if (stack, more) not in made:
            folder = tmp_path_factory.mktemp("whole") / "shop"
            if more:
                shutil.copytree(make(stack), folder)
                copy(folder, feature_title="Job offers")
            else:
                commit_all(copy(folder, stack=stack))
            made[stack, more] = folder
        return made[stack, more]

    return make


@pytest.mark.parametrize(("stack", "share", "moment", "signal", "seed"), cases(6, 50))
def test_a_first_copy_is_finished(
    whole: Callable[..., Path],
    template: Path,
    tmp_path: Path,
    stack: str,
    share: float,
    moment: str,
    signal: str,
    seed: int,
) -> None:
    command = ["copy", "--trust", "--defaults", "--quiet", "--data", f"stack={stack}", template, tmp_path / "shop"]
    kill(tmp_path / "shop", share, moment, signal, seed, len(files(whole(stack))), *command)
    said = finish(tmp_path / "shop", *command)
    assert files(tmp_path / "shop") == files(whole(stack))
    assert said == "" or was_begun(whole(stack), moment, said)


@pytest.mark.parametrize(("stack", "share", "moment", "signal", "seed"), cases(5, 35))
def test_a_next_feature_is_finished(
    whole: Callable[..., Path],
    template: Path,
    tmp_path: Path,
    stack: str,
    share: float,
    moment: str,
    signal: str,
    seed: int,
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(whole(stack), folder)
    command = ["copy", "--trust", "--defaults", "--quiet", *NEXT, template, folder]
    kill(folder, share, moment, signal, seed, len(status(whole(stack, more=True))), *command)
    said = finish(folder, *command)
    assert files(folder) == files(whole(stack, more=True))
    assert said == "" or was_begun(whole(stack, more=True), moment, said)
    assert [path.name for path in sorted(folder.glob("specs/*"))][1:] == ["002-job-offers"]


@pytest.fixture(scope="module")
def outdated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """Make a project with an edit, whose template has a newer version."""
    template = make_template(tmp_path_factory.mktemp("versions") / "groundplan")
    folder = tmp_path_factory.mktemp("outdated") / "shop"
    run(tool("copier"), "copy", "--trust", "--defaults", "--quiet", template, folder, cwd=template)
    with (folder / "README.md").open("a", encoding="utf-8") as readme:
        readme.write("\nOurs.\n")
    commit_all(folder)
    makefile = template / "template" / "{{ project }}" / "Makefile.jinja"
    makefile.write_text("# Newer.\n" + makefile.read_text("utf-8"), "utf-8")
    commit_all(template, "v2.0.0")
    git(template, "tag", "v2.0.0")
    return folder, ["update", "--trust", "--defaults", "--quiet"]


@pytest.mark.parametrize(("stack", "share", "moment", "signal", "seed"), cases(2, 15))
def test_an_update_starts_anew(
    outdated: tuple[Path, list[Any]], tmp_path: Path, stack: str, share: float, moment: str, signal: str, seed: int
) -> None:
    project, command = outdated
    folder = tmp_path / "shop"
    shutil.copytree(project, folder)
    # Only what differs is written; a kill after the last write comes when the files of the old version go.
    kill(folder, share, moment, signal, seed, 4, *command, folder)
    if status(folder):
        result = run(tool("copier"), *command, folder, cwd=tmp_path, check=False)
        assert (result.returncode, "commit or stash" in result.stderr) == (1, True)
        git(folder, "reset", "--quiet", "--hard")
        git(folder, "clean", "--quiet", "-fd")
    run(tool("copier"), *command, folder, cwd=tmp_path)
    assert answers(folder)["_commit"] == "v2.0.0"
    assert {line[3:] for line in status(folder)} == {".copier-answers.yml", "Makefile"}
    assert "Ours." in (folder / "README.md").read_text("utf-8")
