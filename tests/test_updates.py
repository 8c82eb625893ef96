"""Updates of whole projects: nothing that a person wrote is lost, and everything that a person has to know is said."""

import itertools
import os
import random
import shutil
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


EDITS: dict[str, Callable[[Path, str], object]] = {
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


# What an update says and does ─────────────────────────────────────────────────────────────────────────────────────────

MIGRATION = "{{ when.asgi }}/{{ included }}/table.jinja"
HEALTH = "{{ when.asgi }}/{{ shared }}/{{ server }}/src/health.py.jinja"
REGION = 'region:\n  type: str\n  help: Where it runs\n  ask: "{{ region is undefined }}"\n  default: eu\n\n'


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a template whose second version moves, removes and changes files, and asks for something new.

    Its path is long and has spaces, so that YAML folds it.
    """
    folder = tmp_path_factory.mktemp("a path that is long " * 5) / "and has spaces" / "groundplan"
    template = make_template(folder)
    replace(template / "template/{{ project }}/README.md.jinja", "## Updates of the template", "## Newer versions")
    replace(template / "template/{{ feature }}/specs/{{ feature_dir }}/research.md.jinja", "# Research", "# Research 2")
    (template / "template/{{ project }}/.editorconfig.jinja").unlink()
    replace(
        template / "template" / MIGRATION,
        "sa.PrimaryKeyConstraint(",
        'sa.Column("later", sa.Text()),\n        sa.PrimaryKeyConstraint(',
    )
    (template / "template" / HEALTH).rename((template / "template" / HEALTH).with_name("alive.py.jinja"))
    (template / "template/{{ project }}/SECURITY.md").write_text("# Security\n", "utf-8")
    marker = "# Refused before a feature is asked for"
    replace(template / "copier.yml", marker, REGION + marker)
    release(template, "v2.0.0")
    return template


@pytest.fixture(scope="module")
def first_version(versions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return start(versions, tmp_path_factory.mktemp("first") / "shop", "v1.0.0")


@pytest.fixture
def project(first_version: Path, tmp_path: Path) -> Path:
    """Hand out a project of the first version with two features, which a test may change."""
    return shutil.copytree(first_version, tmp_path / "shop")


def written(folder: Path) -> dict[Path, int]:
    """Tell when each file was written; git renews the date of an object that it would have written again."""
    return {
        path: 0 if "objects" in path.parts else path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()
    }


def test_a_rehearsal_says_what_the_update_then_does(project: Path) -> None:
    replace(project / "src/health.py", "Answer without", "Respond without")
    replace(project / ".editorconfig", "root = true", "root = true\n# mine")
    git(project, "mv", "README.md", "LIESMICH.md")
    commit_all(project)
    before = written(project)
    result = run("make", "update", "DRY=1", "CI=1", *MAKE_GROUNDPLAN, cwd=project, check=False)
    assert written(project) == before
    said = result.stdout
    # Conflicts are what a rehearsal is to find, and no failure of it.
    assert result.returncode == 0
    assert said.endswith("Nothing was written.\n")
    for line in (
        "project: v2.0.0, 6 files changed",
        "  LIESMICH.md was README.md and got its changes",
        "  src/alive.py was src/health.py; your edits moved along",
        "  .editorconfig: you changed it, and v2.0.0 has it no longer",
        "001-posts: v2.0.0, 2 files changed",
    ):
        assert f"{line}\n" in said
    code, really = groundplan(project, "update")
    assert code == 1
    advice = ": git add .editorconfig keeps it, git rm .editorconfig removes it"
    assert advice in really
    assert really.replace("Then type: make update\n", "").replace(advice, "") in said
    assert "an update is not finished yet: make update goes on" in groundplan(project, "update", "--dry-run")[1]
    assert "Respond without" in (project / "src/alive.py").read_text("utf-8")
    assert "## Newer versions" in (project / "LIESMICH.md").read_text("utf-8")
    assert not (project / "src/health.py").exists()
    assert not (project / "README.md").exists()
    run("git", "add", ".editorconfig", cwd=project)
    assert groundplan(project, "update")[0] == 0
    assert "# mine" in (project / ".editorconfig").read_text("utf-8")
    assert {answers(project, file)["_commit"] for file in [ANSWERS, *feature_answers(project)]} == {"v2.0.0"}
    assert {answers(project, file)["region"] for file in [ANSWERS, *feature_answers(project)]} == {"eu"}


def test_nothing_newer_is_one_look(copy: Render, tmp_path: Path) -> None:
    folder = copy(tmp_path / "shop")
    (first,) = feature_answers(folder)
    for number in range(2, 101):
        feature = folder / f"specs/{number:03}-posts"
        feature.mkdir()
        shutil.copy(folder / first, feature)
    commit_all(folder)
    code, said = groundplan(folder, "update", GIT_TRACE=str(tmp_path / "trace"))
    assert (code, said) == (
        0,
        "Nothing to do: the project and its features are at v1.0.0, and nothing newer is there.\n",
    )
    # What takes time is git: the template is cloned once, and nothing is asked for each feature.
    trace = (tmp_path / "trace").read_text("utf-8")
    assert trace.count("built-in: git clone") == 1
    assert trace.count("built-in: git ") < 50


def test_a_question_that_came_later_is_asked_once(project: Path) -> None:
    """What a person types, in a terminal, without CI or defaults."""
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    child = pexpect.spawn(
        "make",
        ["update", *MAKE_GROUNDPLAN],
        cwd=str(project),
        env=environment,
        encoding="utf-8",
        timeout=180,
        dimensions=(50, 80),
    )
    seen, asked = "", 0
    while (found := child.expect_exact(["\x1b[6n", "Where it runs", pexpect.EOF])) != 2:
        seen += child.before or ""
        if found == 0:
            child.send("\x1b[1;1R")
        elif not asked:
            asked = 1
            child.send("\x7f\x7fnorth\r")
    seen += child.before or ""
    child.close()
    assert child.exitstatus == 0, seen
    assert "Traceback" not in seen
    assert [answers(project, file)["region"] for file in [ANSWERS, *feature_answers(project)]] == ["north"] * 3
    assert len(git(project, "log", "--format=%s", "--grep=^chore: update").splitlines()) == 3
    assert status(project) == []


def test_in_a_sub_folder_the_folder_to_go_to_is_named(project: Path, tmp_path: Path) -> None:
    code, said = groundplan(project / "src", "update", "--dry-run")
    assert (code, said) == (1, f"groundplan: there is no {ANSWERS} here: cd {project} first\n")
    assert groundplan(tmp_path, "update") == (
        1,
        f"groundplan: there is no {ANSWERS} here: go to the folder of a project first\n",
    )


def test_one_file_in_the_way_of_another_is_kept(project: Path) -> None:
    (project / "SECURITY.md").write_text("# Call me\n", "utf-8")
    commit_all(project)
    code, said = groundplan(project, "update")
    assert code == 1
    assert "SECURITY.md: you and v2.0.0 changed the same lines: edit it, then git add SECURITY.md" in said
    assert "# Call me" in (project / "SECURITY.md").read_text("utf-8")


def test_a_file_that_git_ignores_is_not_written_over(project: Path) -> None:
    with (project / ".gitignore").open("a", encoding="utf-8") as file:
        file.write("SECURITY.md\n")
    commit_all(project)
    (project / "SECURITY.md").write_text("# Call me\n", "utf-8")
    code, said = groundplan(project, "update")
    assert code == 1
    assert said.startswith(
        "groundplan: SECURITY.md comes with v2.0.0, and a file of that name is here that git ignores"
    )
    assert (project / "SECURITY.md").read_text("utf-8") == "# Call me\n"
    assert status(project) == []


def test_a_file_that_the_template_removes_is_named(project: Path) -> None:
    code, said = groundplan(project, "update")
    assert code == 0
    assert "  .editorconfig is removed: v2.0.0 has it no longer\n" in said
    assert not (project / ".editorconfig").exists()


def test_a_deleted_file_that_changes_is_told_and_stays_away(project: Path) -> None:
    (project / "README.md").unlink()
    commit_all(project)
    code, said = groundplan(project, "update")
    assert code == 0
    assert "README.md is not here any more, so its changes in v2.0.0 were not merged" in said
    assert not (project / "README.md").exists()


def test_a_similar_file_of_another_feature_is_not_taken_for_a_renamed_one(versions: Path, tmp_path: Path) -> None:
    """As when two branches are squashed: one commit deletes a file of a feature and brings the like of another feature."""
    folder = tmp_path / "shop"
    options: dict[str, Any] = {"defaults": True, "unsafe": True, "quiet": True, "vcs_ref": "v1.0.0"}
    copier.run_copy(str(versions), folder, **options)
    commit_all(folder)
    copier.run_copy(str(versions), folder, data=FEATURE, **options)
    (folder / "specs/001-posts/research.md").unlink()
    commit_all(folder)
    code, said = groundplan(folder, "update")
    assert code == 0
    assert "specs/001-posts/research.md is not here any more" in said
    assert "got its changes" not in said


def test_a_project_in_a_folder_of_its_repository(first_version: Path, tmp_path: Path) -> None:
    folder = tmp_path / "all/services/shop"
    shutil.copytree(first_version, folder, ignore=shutil.ignore_patterns(".git"))
    git(tmp_path / "all", "init", "--quiet", "--initial-branch=main")
    replace(folder / "src/health.py", "Answer without", "Respond without")
    (tmp_path / "all/README.md").write_text("# All\n", "utf-8")
    git(tmp_path / "all", "add", "--all")
    git(tmp_path / "all", "commit", "--quiet", "--message", "state")
    assert groundplan(folder, "update", "--dry-run")[0] == 0
    replace(folder / ".editorconfig", "root = true", "root = true\n# mine")
    git(folder, "commit", "--quiet", "--all", "--message", "mine")
    code, said = groundplan(folder, "update")
    assert code == 1
    assert "src/alive.py was src/health.py; your edits moved along" in said
    run("sh", "-c", said.partition("no longer: ")[2].partition(" keeps it")[0], cwd=folder)
    assert groundplan(folder, "update")[0] == 0
    assert (tmp_path / "all/README.md").read_text("utf-8") == "# All\n"


# Stopped, and gone on ────────────────────────────────────────────────────────────────────────────────────────────────


def test_markers_that_were_committed_are_noticed(project: Path) -> None:
    replace(project / "README.md", "## Updates of the template", "## Updates, mine")
    commit_all(project)
    code, said = groundplan(project, "update")
    assert (code, "README.md: you and v2.0.0 changed the same lines" in said) == (1, True)
    assert "still in conflict: README.md" in groundplan(project, "update")[1]
    git(project, "add", "--all")
    assert "conflict markers (<<<<<<<, >>>>>>>) are left in README.md" in groundplan(project, "update")[1]
    git(project, "commit", "--quiet", "--message", "as it was")
    code, said = groundplan(project, "update")
    assert (code, "conflict markers (<<<<<<<, >>>>>>>) are left in README.md" in said) == (1, True)
    replace(project / "README.md", "<<<<<<<", "")
    readme = project / "README.md"
    readme.write_text(
        "".join(line for line in readme.read_text("utf-8").splitlines(True) if line[:7] != ">>>>>>>"), "utf-8"
    )
    commit_all(project)
    assert groundplan(project, "update")[0] == 0


def test_a_hook_that_fails_stops_the_update_and_the_same_command_goes_on(project: Path) -> None:
    hook = project / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho 'the linter says no'\ntest -e allowed\n", "utf-8")
    hook.chmod(0o755)
    code, said = groundplan(project, "update")
    assert code == 1
    assert "the linter says no" in said
    assert "git commit was refused" in said
    assert said.rstrip().endswith("git add --all, then: make update")
    replace(project / "README.md", "## Newer versions", "## Newer versions, as the linter wants it")
    assert "not all is staged: git add --all" in groundplan(project, "update")[1]
    (project / "allowed").touch()
    git(project, "add", "--all")
    assert groundplan(project, "update")[0] == 0
    subjects = git(project, "log", "--format=%s", "-3").splitlines()
    assert subjects[2] == "chore: update project to v2.0.0 of the template"
    assert status(project) == []


# Answers that both layers hold ───────────────────────────────────────────────────────────────────────────────────────


def test_a_changed_answer_reaches_every_layer(project: Path) -> None:
    code, _ = groundplan(project, "update", "-d", "database=sqlite", "-d", "description=It's a shop")
    assert code == 0
    for file in [ANSWERS, *feature_answers(project)]:
        assert (answers(project, file)["database"], answers(project, file)["description"]) == ("sqlite", "It's a shop")
    plans = [plan.read_text("utf-8") for plan in project.glob("specs/*/plan.md")]
    assert all("PostgreSQL" not in plan for plan in plans)
    assert groundplan(project, "update")[1].startswith("Nothing to do")


def plain_update(folder: Path, file: str = ANSWERS, **data: Any) -> None:
    copier.run_update(
        folder, data, answers_file=file, defaults=True, overwrite=True, unsafe=True, quiet=True, vcs_ref="v1.0.0"
    )


def newest_update(folder: Path, file: str = ANSWERS) -> None:
    copier.run_update(folder, answers_file=file, defaults=True, overwrite=True, unsafe=True, quiet=True)


@pytest.mark.parametrize("plain", [True, False], ids=["copier", "groundplan"])
def test_a_migration_stays_as_it_ran(project: Path, plain: bool) -> None:
    (project / "specs/001-posts/quickstart.md").unlink()
    commit_all(project)
    ran = {path: path.read_bytes() for path in project.glob("migrations/versions/*.py")}
    if plain:
        for file in [ANSWERS, *feature_answers(project)]:
            newest_update(project, file)
            commit_all(project)
    else:
        assert groundplan(project, "update")[0] == 0
    assert {path: path.read_bytes() for path in project.glob("migrations/versions/*.py")} == ran
    assert len(ran) == 3
    assert {answers(project, file)["_commit"] for file in [ANSWERS, *feature_answers(project)]} == {"v2.0.0"}


def test_a_plain_update_that_would_set_layers_at_odds_is_refused(project: Path) -> None:
    with pytest.raises(
        SystemExit, match=r"database would be 'sqlite' in the project .*001-posts, 002-job-offers"
    ) as refusal:
        plain_update(project, database="sqlite")
    with pytest.raises(SystemExit, match="database is 'postgresql' in the project, and would be 'sqlite'"):
        plain_update(project, feature_answers(project)[0], database="sqlite")
    assert status(project) == []
    # The command that the sentence names, with this checkout in place of what uvx would install.
    _, _, command = str(refusal.value).partition("groundplan update ")
    assert "uvx --from '" in str(refusal.value)
    assert groundplan(project, "update", "--vcs-ref", "v1.0.0", *command.split())[0] == 0
    assert {answers(project, file)["database"] for file in [ANSWERS, *feature_answers(project)]} == {"sqlite"}


def test_a_plain_update_that_would_delete_an_edit_is_refused(project: Path) -> None:
    replace(project / "src/health.py", "Answer without", "Respond without")
    commit_all(project)
    with pytest.raises(SystemExit, match=r"src/health.py is edited here .* This keeps the edits: make update"):
        copier.run_update(project, defaults=True, overwrite=True, unsafe=True, quiet=True)
    assert status(project) == []
    git(project, "revert", "--no-edit", "HEAD")
    copier.run_update(project, defaults=True, overwrite=True, unsafe=True, quiet=True)
    assert " D src/health.py" in status(project)


def test_a_plain_update_that_would_pass_a_renamed_file_by_is_refused(project: Path) -> None:
    feature, other = feature_answers(project)
    git(project, "mv", "specs/001-posts/research.md", "specs/001-posts/findings.md")
    git(project, "rm", "--quiet", "specs/002-job-offers/research.md")
    commit_all(project)
    with pytest.raises(
        SystemExit, match=r"specs/001-posts/findings.md was specs/001-posts/research.md, .*: make update"
    ):
        newest_update(project, feature)
    assert status(project) == []
    # One that was removed is nobody's loss, although the other feature has one like it.
    git(project, "mv", "specs/001-posts/findings.md", "specs/001-posts/research.md")
    commit_all(project)
    newest_update(project)
    commit_all(project)
    newest_update(project, other)
    assert not (project / "specs/002-job-offers/research.md").exists()


def test_a_recopy_repairs_and_takes_no_newer_version_by_itself(project: Path) -> None:
    (project / "README.md").unlink()
    commit_all(project)
    for options in ((), ("--answers-file", feature_answers(project)[0])):
        command = ("copier", "recopy", "--trust", "--defaults", *options)
        refused = run(*command, cwd=project, check=False)
        assert refused.returncode == 1
        assert "this is at v1.0.0 of the template, and a recopy would take v2.0.0 without a merge" in refused.stderr
        assert "--vcs-ref v1.0.0" in refused.stderr
        assert answers(project, options[-1] if options else ANSWERS)["_commit"] == "v1.0.0"
        run(*command, "--vcs-ref", "v1.0.0", "--overwrite", cwd=project)
    assert status(project) == ["?? README.md"]
    run("copier", "recopy", "--trust", "--defaults", "--vcs-ref", "v2.0.0", "--overwrite", cwd=project)
    assert answers(project)["_commit"] == "v2.0.0"


def test_clients_and_assistant_come_later_and_nothing_goes(template: Path, tmp_path: Path) -> None:
    options: dict[str, Any] = {"stack": "web-mobile", "slice": True}
    project = start(template, tmp_path / "late/shop", clients=["ios"], assistant=False, **options)
    before = files(project)
    assert groundplan(project, "update", "-d", "clients=[web, ios]", "-d", "assistant=true")[0] == 0
    fresh = start(template, tmp_path / "early/shop", clients=["web", "ios"], assistant=True, server="api", **options)
    late, early = files(project), files(fresh)
    assert before.keys() <= late.keys()
    assert "frontend/src/app/(app)/job-offers/page.tsx" in late
    assert "api/src/tools/job_offers.py" in late
    for file in [ANSWERS, *feature_answers(project)]:
        assert answers(project, file) == answers(fresh, file)
        del late[file], early[file]
    assert late == early
    for name, value in (("clients", "[web]"), ("assistant", "false"), ("server", "backend")):
        code, said = groundplan(project, "update", "-d", f"{name}={value}")
        assert code == 1
        assert said.startswith(f"groundplan: {name} "), said
        assert status(project) == []


# Versions ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_next_feature_takes_the_projects_version(project: Path, versions: Path) -> None:
    make = ["OPTIONS=--trust --defaults -d feature_title=Tags", MAKE_GROUNDPLAN[0]]
    run("make", "feature", *make, cwd=project)
    assert answers(project, "specs/003-tags/.copier-answers.feature.yml")["_commit"] == "v1.0.0"
    assert '"specs/003-tags"' in (project / ".specify/feature.json").read_text("utf-8")
    commit_all(project)
    data = {"feature_title": "Notes"}
    with pytest.raises(SystemExit, match=r"at v1.0.0 .* at v2.0.0: copy it with --vcs-ref v1.0.0, or .*: make update"):
        copy_into(versions, project, **data)
    assert status(project) == []
    copier.run_copy(str(versions), project, data, defaults=True, unsafe=True, quiet=True, vcs_ref="v1.0.0")
    assert (project / "specs/004-notes").is_dir()


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ("gh:acme/groundplan", "git+https://github.com/acme/groundplan.git"),
        ("gl:acme/groundplan.git", "git+https://gitlab.com/acme/groundplan.git"),
        ("https://example.com/acme/groundplan", "git+https://example.com/acme/groundplan"),
        ("git+https://example.com/acme/groundplan", "git+https://example.com/acme/groundplan"),
        ("git@example.com:acme/groundplan.git", "git+ssh://git@example.com/acme/groundplan.git"),
        ("ssh://git@example.com/acme/groundplan.git", "git+ssh://git@example.com/acme/groundplan.git"),
        ("/srv/git/with spaces/groundplan", "/srv/git/with spaces/groundplan"),
        ("~/groundplan", "~/groundplan"),
    ],
)
def test_the_command_comes_from_where_the_template_comes_from(source: str, package: str) -> None:
    assert package_source(source) == package


def test_make_reads_the_address_as_one_word(project: Path, versions: Path) -> None:
    said = run("make", "--dry-run", "update", cwd=project, CI="").stdout
    assert said.strip() == f"uvx --from '{versions}' groundplan update"
    assert make_word("a$b#c d") == r"'a$$b\#c d'"


@pytest.mark.generated
def test_the_command_is_a_package_that_uvx_runs(project: Path, versions: Path) -> None:
    """As the project's own Makefile calls it: a template that this command came from needs no --trust."""
    for part in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / part, versions)
    shutil.copytree(ROOT / "src", versions / "src")
    run("make", "update", "CI=1", cwd=project, PYTHONPATH="")
    assert {answers(project, file)["_commit"] for file in [ANSWERS, *feature_answers(project)]} == {"v2.0.0"}


# Refused ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def spoil(name: str, content: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).write_text(content, "utf-8")
        commit_all(folder)

    return change


BAD: dict[str, tuple[Callable[[Path], Any], list[str], str]] = {
    "uncommitted changes": (lambda folder: (folder / "new.txt").touch(), [], "there are changes that are not committed"),
    "no project": (lambda folder: (folder / ANSWERS).unlink(), [], f"there is no {ANSWERS} here"),
    "broken answers": (spoil(ANSWERS, "a: [\n"), [], f"{ANSWERS}, line 2 cannot be read: bring it back with git restore"),
    "answers that are a list": (spoil(ANSWERS, "- a\n"), [], f"{ANSWERS} names no template"),
    "a broken feature": (spoil("specs/001-posts/.copier-answers.feature.yml", "<<<<<<< mine\n"), [], "specs/001-posts/"),
    "an unknown question": (lambda _: None, ["-d", "databse=sqlite"], "no question 'databse', did you mean 'database'?"),
    "a feature's answer": (lambda _: None, ["-d", "entity=Tag"], "entity belongs to a feature"),
    "a hidden answer": (lambda _: None, ["-d", "feature_dir=x"], "no question 'feature_dir'"),
    "a fixed answer": (lambda _: None, ["-d", "package=other"], "package is fixed"),
    "a bad answer": (lambda _: None, ["-d", "database=mongo"], "database 'mongo' is not offered"),
    "no value": (lambda _: None, ["-d", "database"], "write it as name=value"),
    "an unknown version": (lambda _: None, ["--vcs-ref", "v9"], "v9"),
    "a template that is gone": (
        lambda folder: spoil(ANSWERS, (folder / ANSWERS).read_text("utf-8").replace("groundplan", "gone"))(folder), [], "gone",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_sentence_and_changes_nothing(project: Path, case: str) -> None:
    spoiled, arguments, sentence = BAD[case]
    spoiled(project)
    before = status(project)
    code, said = groundplan(project, "update", *arguments)
    assert code in (1, 2), said
    assert sentence in said
    assert len(said.strip().splitlines()) == 1 or said.startswith("usage:"), said
    assert status(project) == before
