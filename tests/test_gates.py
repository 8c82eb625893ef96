"""`make gates` writes into the plans what it found, and nothing else."""

import json
import re
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import copier
import pytest
from conftest import GROUNDPLAN, Render, commit_all, copy_into, files, git, make_template, replace, run, status
from generated import interpreter
from stacks import stack_names
from test_plan_check import plan_check

STATEMENT = "Routes and services do no blocking input or output; what has to block runs in a thread."
ASYNC = f"- [ ] **Async-First**: {STATEMENT}"
TODAY = time.strftime("%Y-%m-%d")
TICKED = f"{ASYNC.replace('[ ]', '[x]')} (passed {TODAY})"


class Gates:
    """A project whose gates are checked by commands that a test chooses; the first is Async-First."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (self.file,) = folder.glob("**/tests/gates/gates.toml")
        (self.plan,) = folder.glob("specs/001-*/plan.md")
        self.checks({"Async-First": True, "Testing": False}, human=["SQL-First"])

    def checks(self, results: dict[str, bool], human: list[str] | None = None) -> None:
        """Set what the gates' checks end with."""
        tables = [
            f"[[gates]]\nid = {json.dumps(label)}\nlabel = {json.dumps(label)}\ncheck = {json.dumps(str(result).lower())}\n"
            for label, result in results.items()
        ]
        tables += [f'[[gates]]\nid = "{label}"\nlabel = "{label}"\nhuman = "Look at it."\n' for label in human or []]
        self.file.write_text("\n".join(tables), "utf-8")

    def run(self, *names: str, **variables: str) -> tuple[int, str]:
        """Check the gates, with nothing but Python."""
        result = run(
            interpreter("3.12"), "-m", "tests.gates", *names, cwd=self.file.parents[2], check=False, **{"CI": ""} | variables
        )  # fmt: skip
        assert "Traceback" not in result.stderr
        return result.returncode, result.stdout + result.stderr

    def text(self) -> str:
        """Read the first plan as it is, line ends and all."""
        return self.plan.read_bytes().decode()


@pytest.fixture
def gates(rendered: Render, tmp_path: Path) -> Gates:
    return Gates(shutil.copytree(rendered(stack="fastapi"), tmp_path / "shop"))


@pytest.mark.parametrize("stack", stack_names())
def test_no_gate_is_ticked_before_it_was_checked(rendered: Render, stack: str) -> None:
    for path, text in files(rendered(stack=stack, plan_sections=["governance"])).items():
        if path.endswith((".md", "contracts/openapi.yaml")):
            assert not re.search(r"^\s*[-*] \[[^ \]]\]", text, re.MULTILINE), path


@pytest.mark.parametrize("stack", stack_names())
def test_what_passes_is_ticked_in_every_stack(rendered: Render, tmp_path: Path, stack: str) -> None:
    gates = Gates(shutil.copytree(rendered(stack=stack), tmp_path / "shop"))
    label = re.findall(r"^- \[ \] \*\*(.+?)\*\*", gates.text(), re.MULTILINE)[0]
    gates.checks({label: True})
    assert gates.run()[0] == 0
    assert re.findall(r"^- \[x\] \*\*(.+?)\*\*: .+ \(passed (.+)\)$", gates.text(), re.MULTILINE) == [(label, TODAY)]


def test_what_passed_is_ticked_with_the_day_and_what_failed_is_open(gates: Gates) -> None:
    before = files(gates.folder)
    status, output = gates.run()
    assert status == 1
    assert "specs/001-posts/plan.md: gates written" in output
    before["specs/001-posts/plan.md"] = before["specs/001-posts/plan.md"].replace(ASYNC, TICKED)
    assert files(gates.folder) == before


def test_a_second_run_changes_nothing_and_the_first_day_stays(gates: Gates) -> None:
    gates.run()
    replace(gates.plan, f"(passed {TODAY})", "(passed 2001-02-03)")
    before = gates.text()
    assert "gates written" not in gates.run()[1]
    assert gates.text() == before


def test_what_fails_later_is_opened_and_gets_a_new_day_when_it_passes_again(gates: Gates) -> None:
    before = gates.text()
    gates.run()
    replace(gates.plan, f"(passed {TODAY})", "(passed 2001-02-03)")
    gates.checks({"Async-First": False})
    gates.run()
    assert gates.text() == before
    gates.checks({"Async-First": True})
    gates.run()
    assert TICKED in gates.text()


def test_only_the_gates_that_are_named_are_written(gates: Gates) -> None:
    gates.checks({"Async-First": True, "Testing": True})
    assert gates.run("Testing")[0] == 0
    assert re.findall(r"- \[x\] \*\*(.+?)\*\*", gates.text()) == ["Testing"]


def test_nothing_is_written_in_ci(gates: Gates) -> None:
    before = files(gates.folder)
    assert gates.run(CI="true")[0] == 1
    assert files(gates.folder) == before


def test_every_feature_with_code_is_written_and_no_other(template: Path, tmp_path: Path) -> None:
    folder = copy_into(template, tmp_path / "shop")
    copy_into(template, folder, feature_title="Tags")
    copy_into(template, folder, feature_title="Later", slice=False)
    Gates(folder).run()
    ticked = {path.parent.name: path.read_text("utf-8").count("- [x]") for path in folder.glob("specs/*/plan.md")}
    assert ticked == {"001-posts": 1, "002-tags": 1, "003-later": 0}


DAY = f"(passed {TODAY})"
EDITED = {
    "another bullet": (f"* [ ] **Async-First**: {STATEMENT}", f"* [x] **Async-First**: {STATEMENT} {DAY}"),
    "a number": ("1. [ ] **Async-First**: mine", f"1. [x] **Async-First**: mine {DAY}"),
    "an empty box": ("- [] Async-First - mine", f"- [x] Async-First - mine {DAY}"),
    "a tick by hand": ("- [X] **Async-First**: mine", f"- [X] **Async-First**: mine {DAY}"),
    "blanks at the end": ("- [ ] **Async-First**: mine  ", f"- [x] **Async-First**: mine {DAY}  "),
    "two lines": ("- [ ] **Async-First**: mine\n  and yours", f"- [x] **Async-First**: mine {DAY}\n  and yours"),
    "a part of another": ("- [x] **All**: a\n  - [ ] **Async-First**: b", f"- [x] **All**: a\n  - [x] **Async-First**: b {DAY}"),
    "twice": ("- [ ] **Async-First**: a\n\n- [ ] **Async-First**: b", f"- [x] **Async-First**: a {DAY}\n\n- [x] **Async-First**: b {DAY}"),
    "a reason": ("- [N/A] **Async-First**: It reads constants.", None),
    "an exception": ("- [⚠️] **Async-First**: The library blocks.", None),
    "a sentence": ("**Async-First**: PASS - all of it is asynchronous", None),
    "another tick": ("- ✅ **Async-First**: routes are asynchronous", None),
    "a table": ("| Principle | Status |\n|---|---|\n| Async-First | ❌ FAIL |", None),
    "code": (f"```text\n{ASYNC}\n```", None),
    "a comment": (f"<!--\n{ASYNC}\n-->", None),
    "a comment before it": (f"<!-- x -->{ASYNC}", None),
    "another section": (f"## Notes\n\n{ASYNC}", None),
    "another name": ("- [x] **Nothing Blocks**: mine", None),
    "nothing": ("", None),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITED)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_plan_that_a_person_edited_keeps_everything_else(gates: Gates, name: str, end: str) -> None:
    old, new = EDITED[name]
    plan = gates.text()
    # A byte that is no UTF-8 and a line without an end stay too.
    before, after = (
        plan.replace(ASYNC, text).replace("\n", end).encode() + b"\xff" for text in (old, old if new is None else new)
    )
    gates.plan.write_bytes(before)
    for _ in "ab":
        list(plan_check.tick(plan_check.Project(gates.folder), {"Async-First": True, "Testing": False}, TODAY))
        assert gates.plan.read_bytes() == after


@pytest.mark.parametrize("mark", [" ", "x", "N/A"])
def test_what_a_person_judged_stays(gates: Gates, mark: str) -> None:
    replace(gates.plan, "- [ ] **SQL-First**", f"- [{mark}] **SQL-First**")
    gates.run()
    assert f"- [{mark}] **SQL-First**" in gates.text()


def test_a_plan_that_cannot_be_written_is_named(gates: Gates, capsys: pytest.CaptureFixture[str]) -> None:
    project = plan_check.Project(gates.folder)
    gates.plan.unlink()
    gates.plan.mkdir()
    assert plan_check.write(project, {"Async-First": True}) == 1
    assert re.fullmatch(r"gates not written: .*plan\.md'\n", capsys.readouterr().err)


PLAN = "template/{{ feature }}/specs/{{ feature_dir }}/plan.md.jinja"


def release(template: Path, version: str, old: str, new: str) -> None:
    replace(template / PLAN, old, new)
    commit_all(template, version)
    git(template, "tag", version)


def update(folder: Path, conflicts: Sequence[str] = ()) -> str:
    """Update the first feature with Copier alone, which leaves some files in conflict, and read its plan."""
    commit_all(folder)
    copier.run_update(
        folder, answers_file="specs/001-posts/.copier-answers.feature.yml", defaults=True, unsafe=True, overwrite=True, quiet=True
    )  # fmt: skip
    assert git(folder, "diff", "--name-only", "--diff-filter=U").split() == list(conflicts)
    return (folder / "specs/001-posts/plan.md").read_text("utf-8")


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_make_update_keeps_ticks_and_opens_what_is_worded_anew(tmp_path: Path, end: str) -> None:
    template = make_template(tmp_path / "groundplan")
    folder = copy_into(template, tmp_path / "shop")
    gates = Gates(folder)
    gates.checks({"Async-First": True, "SQL-First": True, "Testing": True})
    gates.run()
    # Another day, so that the line shows who wrote it; and an edit of a person's beside it.
    text = gates.text().replace(TODAY, "2026-01-15").replace("*GATE: Must pass", "*GATE (ours): Must pass")
    gates.plan.write_bytes(text.replace("\n", end).encode())
    commit_all(folder)
    replace(template / "extensions/stacks/fastapi.yml", STATEMENT, "Nothing waits.")
    release(template, "v2.0.0", "## Constitution Check", "## The Constitution")
    plain = shutil.copytree(folder, tmp_path / "plain")
    run(*GROUNDPLAN, "update", "--defaults", "--trust", cwd=folder)
    assert status(folder) == []
    ticked = re.findall(r"^- \[x\] \*\*(.+?)\*\*: .+ \(passed 2026-01-15\)\r?$", gates.text(), re.MULTILINE)
    assert sorted(ticked) == ["SQL-First", "Testing"]
    assert f"- [ ] **Async-First**: Nothing waits.{end}" in gates.text()
    assert "*GATE (ours): Must pass" in gates.text()
    assert f"## The Constitution{end}" in gates.text()
    # Copier alone knows nothing of gates.
    update(plain, conflicts=["specs/001-posts/plan.md"])


def test_a_gate_that_a_person_worded_is_theirs_to_merge(tmp_path: Path) -> None:
    template = make_template(tmp_path / "groundplan")
    folder = copy_into(template, tmp_path / "shop")
    replace(folder / "specs/001-posts/plan.md", ASYNC, ASYNC.replace("[ ]", "[N/A]").replace(STATEMENT, "We block."))
    commit_all(folder)
    release(template, "v2.0.0", "## Constitution Check", "## The Constitution")
    run(*GROUNDPLAN, "update", "--defaults", "--trust", cwd=folder)
    replace(template / "extensions/stacks/fastapi.yml", STATEMENT, "Nothing waits.")
    commit_all(template)
    git(template, "tag", "v3.0.0")
    assert run(*GROUNDPLAN, "update", "--defaults", "--trust", cwd=folder, check=False).returncode == 1
    assert git(folder, "diff", "--name-only", "--diff-filter=U") == "specs/001-posts/plan.md"


def test_an_update_opens_what_an_older_version_ticked(tmp_path: Path) -> None:
    template = make_template(tmp_path / "groundplan")
    release(template, "v2.0.0", "- [ ] **", "- [x] **")
    folder = copy_into(template, tmp_path / "shop")
    release(template, "v3.0.0", "- [x] **", "- [ ] **")
    assert "- [x]" in (folder / "specs/001-posts/plan.md").read_text("utf-8")
    assert "- [x]" not in update(folder)


def test_ticks_stay_when_the_plan_is_updated(tmp_path: Path) -> None:
    template = make_template(tmp_path / "groundplan")
    folder = copy_into(template, tmp_path / "shop")
    Gates(folder).run()
    release(template, "v2.0.0", "*GATE: Must pass before", "*GATE: It must pass before")
    text = update(folder)
    assert "*GATE: It must pass" in text
    assert TICKED in text
