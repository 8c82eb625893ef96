"""`make plan-check` in rendered projects: clean as they come, and every fault that is planted is found where it is."""

import importlib.util
import json
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from conftest import ROOT, Render, copy_into, replace, run
from generated import EVERYTHING, LONG, interpreter
from stacks import SECTIONS, stack_names

SCRIPT = ROOT / "template/{{ project }}/.specify/plan_check.py"
PLAN, MODEL = "specs/001-*/plan.md", "specs/001-*/data-model.md"


def load() -> ModuleType:
    """Import the script from the template: it is no template itself."""
    spec = importlib.util.spec_from_file_location("plan_check", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    # A dataclass looks its module up there.
    sys.modules["plan_check"] = module
    spec.loader.exec_module(module)
    return module


plan_check = load()


def check(folder: Path, *options: str) -> dict[str, Any]:
    """Run the check with the project's Python; its exit status has to fit what it found."""
    result = run(interpreter("3.12"), ".specify/plan_check.py", "--json", *options, cwd=folder, check=False)
    assert result.stderr == ""
    found: dict[str, Any] = json.loads(result.stdout)
    assert result.returncode == bool(found["findings"]), result.stdout
    return found


def one(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def line_of(path: Path, text: str) -> int:
    """Number the first line with a text."""
    return next(number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)


def test_changes_that_plan_answers_and_files_do_not_share_are_found(rendered: Render, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(rendered(**CLEAN["changed"]), tmp_path / "shop"))
    plan, answers = one(folder, PLAN), one(folder, "specs/001-*/.copier-answers.feature.yml")
    number = line_of(plan, "| 2026-12-02 |")

    def found() -> list[tuple[int, str]]:
        return [(entry["line"], entry["message"]) for entry in check(folder, "--static", "--rule=change")["findings"]]

    assert found() == []
    migration = one(folder, "migrations/versions/2026-12-02*")
    migration.rename(migration.with_name("other.py"))
    missing = f"migrations/versions/{migration.name} is named as a migration and does not exist"
    assert found() == [(number, missing)]
    migration.with_name("other.py").rename(migration)
    replace(plan, "it's, not @", "it is, not @")
    other = "the answers give another reason for a change of 2026-12-01: why | `not` it's, not @ 2026-11-30"
    assert found() == [(number - 1, other)]
    replace(plan, "it is, not @", "it's, not @")
    replace(answers, "@ 2026-12-02", "@ 2026-12-05")
    assert [message for _, message in found()] == [
        "a change of 2026-12-05 is in the answers and not among the plan's changes",
        "a change of 2026-12-02 is among the plan's changes and not in the answers",
    ]
    plan.write_text(re.sub(r"## Changes.*?(?=## Record)", "", plan.read_text("utf-8"), flags=re.DOTALL), "utf-8")
    assert [message for _, message in found()] == [
        "a change of 2026-12-01 is in the answers and not among the plan's changes",
        "a change of 2026-12-05 is in the answers and not among the plan's changes",
    ]


def test_changes_are_read_as_yaml_keeps_them() -> None:
    why = '"as" it\'s: @ 2026-11-30, of a length that makes a line go on in the next one, and in one more, \\ and so on'
    for end in ("", "\t# a tab needs other quotes", " \n# so does a blank at the end of a line"):
        changes = f"@ 2026-12-01 after 001_a, 002_b: {why}\n+ note:text?{end}\n@ 2026-12-02\n- note\n"
        for style in (None, "|"):
            answers = yaml.dump({"a": 1, "changes": changes, "z": "@ 2026-12-03"}, default_style=style, indent=4)
            made = list(plan_check.changes_made(answers.replace('"changes"', "changes").replace('"z"', "z")))
            assert [(date, plan_check.normal(text)) for date, text in made] == [
                ("2026-12-01", plan_check.normal(why)),
                ("2026-12-02", ""),
            ], answers


# Clean as they come ───────────────────────────────────────────────────────────────────────────────────────────────────

CLEAN: dict[str, dict[str, Any]] = {
    "defaults": {},
    "every section": {"plan_sections": SECTIONS, "context_style": "table"},
    "no code": {"slice": False},
    "everything": {"module": "everything", "entity": "Thing", "fields": EVERYTHING},
    "long names": {"module": "abcdefghijklmnopqrstuvwxyz_2", "entity": "Abcdefghijklmnopqrstuvwxyzab", "fields": LONG},
    "changed": {
        "module": "prices",
        "entity": "Price",
        "fields": "name:str(20)\namount:int\n[Level]\nname:str(9)",
        "changes": "@ 2026-12-01: why | `not` it's, not @ 2026-11-30\n+ note:text?\namount -> total\n+ Level.price:ref(Price)?\n@ 2026-12-02\n- note\n"
        "+ [Rebate]\nname:str(9)\n",
    },
    "awkward texts": {
        "feature_title": 'Jürgen\'s "Preisliste" — 100 % <x> [y](z) | *a*',
        "feature_summary": "Über `alles`: [link] and [e.g. this] $(id) # & | ends with '''",
        "module": "prices",
    },
}


@pytest.mark.parametrize("stack", stack_names())
@pytest.mark.parametrize("name", CLEAN)
def test_a_project_is_clean_as_it_comes(rendered: Render, stack: str, name: str) -> None:
    assert check(rendered(stack=stack, **CLEAN[name]), "--static")["findings"] == []


@pytest.mark.parametrize("stack", stack_names())
def test_three_features_are_clean(template: Path, stack: str, tmp_path: Path) -> None:
    folder = copy_into(template, tmp_path / "shop", stack=stack)
    copy_into(template, folder, feature_title="Everything there is", entity="Thing", fields=EVERYTHING)
    copy_into(template, folder, feature_title="Müller's Orders", module="orders", fields="number:int unique")
    found = check(folder, "--static")
    assert found["findings"] == []
    shutil.rmtree(one(folder, "specs/003-*"))
    assert {entry["rule"] for entry in check(folder, "--static")["findings"]} == {"module"}


def test_open_gates_wait_and_are_findings_when_asked(rendered: Render) -> None:
    folder = rendered(stack="fastapi")
    found = check(folder, "--static")
    assert [entry["line"] for entry in found["waiting"]] == [line_of(one(folder, PLAN), "**SQL-First**")]
    assert len(found["unchecked"]) == 9
    strict = check(folder, "--static", "--strict")
    assert strict["findings"] == sorted(found["waiting"] + found["unchecked"], key=lambda entry: int(entry["line"]))
    assert check(folder, "--static", "--rule", "path") == {"findings": [], "waiting": [], "unchecked": []}


def test_two_features_of_one_number_are_found(rendered: Render, tmp_path: Path) -> None:
    folder = shutil.copytree(rendered(stack="fastapi"), tmp_path / "shop")
    for name in ("001-tags", "20260101-120000-later", "20260101-120000-again"):
        (folder / "specs" / name).mkdir()
    (found,) = check(folder, "--static")["findings"]
    assert (found["file"], found["rule"]) == ("specs/001-tags/plan.md", "number")
    assert "001-tags and 001-posts have one number" in found["message"]


# Faults ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Fault:
    """A change to a rendered project, and the finding that it has to bring.

    ``change`` replaces the first text by the second in ``file``; ``at`` is a text of the line where it is found, in
    the same file; ``says`` is part of the message.
    """

    file: str
    change: tuple[str, str]
    at: str
    says: str
    rule: str


FASTAPI = {
    "a path that is not there": Fault(
        PLAN, ("├── utils.py ", "├── helpers.py "), "── helpers.py", "src/posts/helpers.py is drawn", "path"
    ),
    "a name that no system takes": Fault(PLAN, ("├── utils.py ", "├── **a**/" + "b" * 300), "bbb", "is drawn", "path"),
    "a file drawn as a folder": Fault(PLAN, ("service.py  ", "service.py/ "), "service.py/", "src/posts/service.py/", "path"),
    "an open question of the plan": Fault(
        PLAN, ("**Storage**: ", "**Storage**: NEEDS CLARIFICATION, "), "**Storage**", "still to be clarified", "clarification"
    ),
    "an open question of the specification": Fault(
        "specs/001-*/spec.md", ("### Edge Cases\n", "### Edge Cases\n\n- How long [NEEDS CLARIFICATION: days?]\n"),
        "How long", "How long", "clarification",
    ),
    "a title that was not filled in": Fault(
        PLAN, ("Implementation Plan: Posts", "Implementation Plan: [FEATURE]"), "[FEATURE]", "[FEATURE]", "placeholder"
    ),
    "an example that was not replaced": Fault(
        PLAN, ("**Testing**: ", "**Testing**: [e.g., pytest] "), "[e.g., pytest]", "[e.g., pytest]", "placeholder"
    ),
    "a text of this project's own template": Fault(
        PLAN, ("| None | - | - |", "| [e.g., a fourth project] | [what needs it now] | no |"),
        "a fourth project", "a fourth project", "placeholder",
    ),
    "an option that spec-kit left": Fault(
        PLAN, ("```text\nsrc/", "```text\n# [REMOVE IF UNUSED] Option 1: Single project\nsrc/"),
        "REMOVE IF UNUSED", "REMOVE IF UNUSED", "placeholder",
    ),
    "a folder that was not named": Fault(PLAN, ("src/posts/\n", "src/[domain]/\n"), "[domain]", "[domain]", "placeholder"),
    "a comment of the template": Fault(
        PLAN, ("## Technical Context\n", "## Technical Context\n\n<!--\n  ACTION REQUIRED: fill this in\n-->\n"),
        "ACTION REQUIRED", "ACTION REQUIRED is not filled in", "placeholder",
    ),
    "a gate that was ticked by hand": Fault(
        PLAN, ("- [ ] **Async-First**", "- [x] **Async-First**"), "**Async-First**", "gate Async-First is ticked without the day", "gate"
    ),
    "a gate that no command checks, with the day of one": Fault(
        PLAN, ("to block runs in a thread.", "to block runs in a thread.\n\n- [x] **Nothing Blocks**: all of it (passed 2026-11-26)"),
        "**Nothing Blocks**", "`make gates` checks no gate of that name", "gate",
    ),
    "a gate for a person, with the day of a command": Fault(
        PLAN, ("SQL, not in Python.", "SQL, not in Python. (passed 2026-11-26)"), "**SQL-First**", "checks no gate of that name", "gate",
    ),
    "a gate of a person's own that is open": Fault(
        PLAN, ("- [ ] **Async-First**", "- [ ] **Nothing Blocks**"), "**Nothing Blocks**", "gate Nothing Blocks is not ticked", "gate"
    ),
    "a gate that does not apply, for no reason": Fault(
        PLAN, ("- [ ] **Async-First**", "- [N/A] **Async-First**"), "**Async-First**", "not applicable without a reason", "gate"
    ),
    "an exception without a reason": Fault(
        PLAN, ("- [ ] **Testing**", "- [⚠️] **Testing**"), "[⚠️]", "gate Testing is marked exception", "gate"
    ),
    "a gate that failed": Fault(
        PLAN, ("- [ ] **Code Quality**", "- ❌ **Code Quality**"), "**Code Quality**", "gate Code Quality", "gate"
    ),
    "a field that no model has": Fault(MODEL, ("| `slug` |", "| `nickname` |"), "`nickname`", "Post has no field nickname", "data-model"),
    "a field of another type": Fault(
        MODEL, ("| `title` | str |", "| `title` | int |"), "`title`", "Post.title is int here and not in src/posts/models.py", "data-model"
    ),
    "a field that may be empty in the model": Fault(
        "src/posts/models.py", ("body: Mapped[str]", "body: Mapped[str | None]"), "", "Post.body is required here", "data-model"
    ),
    "a field of the model that is not written down": Fault(
        "src/posts/models.py", ("    body: Mapped[str]", "    color: Mapped[str] = mapped_column(Text())\n    body: Mapped[str]"),
        "    color:", "Post.color is not in specs/001-posts/data-model.md", "data-model",
    ),
    "an entity that no model is": Fault(MODEL, ("## Post\n", "## Article\n"), "| Field |", "no model is called Article", "data-model"),
    "a model that cannot be read": Fault(
        "src/posts/models.py", ("class Post(Entity):", "class Post(Entity:"), "class Post", "cannot be read", "data-model"
    ),
}  # fmt: skip
DJANGO = {
    "a path that is not there": Fault(PLAN, ("admin.py", "administration.py"), "administration.py", "administration.py", "path"),
    "a gate that was ticked by hand": Fault(
        PLAN, ("- [ ] **Quality Gates**", "* [X] **Quality Gates**"), "**Quality Gates**", "gate Quality Gates", "gate"
    ),
    "a field of another type": Fault(
        MODEL, ("| `title` | str |", "| `title` | date |"), "`title`", "JobPosting.title is date here", "data-model"
    ),
    "a field of the model that is not written down": Fault(
        "job_postings/models.py", ("    title = ", "    color = models.TextField()\n    title = "),
        "    color =", "JobPosting.color is not in", "data-model",
    ),
}  # fmt: skip
FAULTS = [("fastapi", name) for name in FASTAPI] + [("django", name) for name in DJANGO]


@pytest.mark.parametrize(("stack", "name"), FAULTS)
def test_a_planted_fault_is_found_where_it_is(rendered: Render, tmp_path: Path, stack: str, name: str) -> None:
    folder = shutil.copytree(rendered(stack=stack), tmp_path / "shop")
    fault = (FASTAPI if stack == "fastapi" else DJANGO)[name]
    file = one(folder, fault.file)
    text = file.read_text("utf-8")
    assert fault.change[0] in text
    file.write_text(text.replace(*fault.change, 1), "utf-8")
    findings = [entry for entry in check(folder, "--static")["findings"] if fault.says in entry["message"]]
    assert findings, check(folder, "--static")
    assert findings[0]["rule"] == fault.rule
    if fault.at:
        place = (findings[0]["file"], findings[0]["line"])
        assert place == (file.relative_to(folder).as_posix(), line_of(file, fault.at))


RELATED = {
    "a relation that the diagram lacks": (MODEL, r"    \w+ [|o{}]+--[|o{}]+ \w+ : before\n", "", "and the diagram of"),
    "an edge that no model has": (MODEL, r"    (\w+) .* : before\n", r"\g<0>    USER ||--o{ \1 : made\n", "none refers to the other"),
    "a relation that the model lacks": (MODEL, r"\| `before_id` \|.*\n", r"\g<0>| `after_id` | ref | no | null | no | yes | - |\n", "has no field after_id"),
    "a relation that the table lacks": (MODEL, r"\| `before_id` \|.*\n", "", "is not in"),
}  # fmt: skip


@pytest.mark.parametrize("name", RELATED)
@pytest.mark.parametrize("stack", ["django", "fastapi"])
def test_a_relation_stands_in_model_table_and_diagram(rendered: Render, tmp_path: Path, stack: str, name: str) -> None:
    made = rendered(stack=stack, entity="Note", fields="title:str\nbefore:ref(self)?")
    folder = shutil.copytree(made, tmp_path / "shop")
    assert check(folder, "--static")["findings"] == []
    # Another model, for an edge to point to.
    models = one(folder, "job_postings/models.py" if stack == "django" else "src/posts/models.py")
    models.write_text(models.read_text("utf-8") + "\n\nclass User:\n    name = models.CharField()\n", "utf-8")
    path, old, new, says = RELATED[name]
    file = one(folder, path)
    text, count = re.subn(old, new, file.read_text("utf-8"), count=1)
    assert count == 1
    file.write_text(text, "utf-8")
    (found,) = check(folder, "--static")["findings"]
    assert (found["rule"], says in found["message"]) == ("data-model", True), found


@pytest.mark.parametrize("stack", stack_names())
def test_every_stack_says_what_its_models_and_gates_are(rendered: Render, tmp_path: Path, stack: str) -> None:
    folder = shutil.copytree(rendered(stack=stack), tmp_path / "shop")
    plan, model = one(folder, PLAN), one(folder, MODEL)
    number = line_of(model, "| `id` |") + 1
    lines = model.read_text("utf-8").splitlines(keepends=True)
    lines[number - 1] = re.sub(r"`\w+`", "`nickname`", lines[number - 1], count=1)
    model.write_text("".join(lines), "utf-8")
    plan.write_text(plan.read_text("utf-8").replace("- [ ] ", "- [x] ", 1), "utf-8")
    found = check(folder, "--static")["findings"]
    places = {(entry["rule"], entry["file"].rpartition("/")[2], entry["line"]) for entry in found}
    gate = next(line for line in plan.read_text("utf-8").splitlines() if line.startswith("- [x] "))
    assert ("data-model", "data-model.md", number) in places
    assert ("gate", "plan.md", line_of(plan, gate)) in places


def test_a_module_that_no_plan_draws_is_found(rendered: Render, tmp_path: Path) -> None:
    folder = shutil.copytree(rendered(stack="fastapi"), tmp_path / "shop")
    shutil.copytree(folder / "src/posts", folder / "src/orders")
    (finding,) = check(folder, "--static")["findings"]
    assert (finding["file"], finding["rule"]) == ("src/orders/router.py", "module")
    assert finding["message"] == "src/orders/ exists and no plan draws it"


def test_a_finding_is_one_line_and_ends_with_one(rendered: Render, tmp_path: Path) -> None:
    folder = shutil.copytree(rendered(stack="fastapi"), tmp_path / "shop")
    (folder / "src/posts/utils.py").unlink()
    result = run("make", "plan-check", "OPTIONS=--static", cwd=folder, check=False, UV_PYTHON=interpreter("3.12"))
    assert result.returncode
    number = line_of(one(folder, PLAN), "── utils.py")
    assert (
        result.stdout.splitlines()[0]
        == f"specs/001-posts/plan.md:{number}: src/posts/utils.py is drawn and does not exist"
    )
    assert "plans: 1, findings: 1, for a person: 1, for make gates: 9" in result.stdout


def test_a_feature_without_code_may_have_open_gates(rendered: Render, tmp_path: Path) -> None:
    folder = shutil.copytree(rendered(stack="fastapi", slice=False), tmp_path / "shop")
    assert "- [ ] " in one(folder, PLAN).read_text("utf-8")
    assert check(folder, "--static") == {"findings": [], "waiting": [], "unchecked": []}


# What people write ────────────────────────────────────────────────────────────────────────────────────────────────────

GATE = "- [ ] **Async-First**: Routes and services do no blocking input or output; what has to block runs in a thread."
ROW = "| None | - | - |"
ACCEPTED = {
    "a tick with the day": {GATE: f"{GATE.replace('[ ]', '[x]')} (passed 2026-11-26)"},
    "a gate that nobody has checked": {GATE: "* [ ] Async-First - routes are asynchronous"},
    "a tick for a gate of a person's own": {GATE: "- [x] **Nothing Blocks**: we looked"},
    "a reason in Complexity Tracking": {
        GATE: GATE.replace("[ ]", "❌"),
        ROW: "| Async-First: one call blocks | The driver has no other way | A thread costs more |",
    },
    "a reason behind N/A": {GATE: "- [N/A] **Async-First**: The feature only reads constants."},
    "a reason behind a warning": {
        GATE: "- [⚠️] **Async-First**: The PDF library blocks; it runs in a thread, measured."
    },
    "a tick of another kind": {GATE: "* [✔] Async-First - routes are asynchronous (passed 2026-11-26)"},
    "a green tick": {GATE: "- ✅ **Async-First**: routes are asynchronous"},
    "a result": {GATE: "**Async-First**: PASS - all of it is asynchronous"},
    "an answer": {GATE: "**Async-First**: Every route and each query is asynchronous, the PDF library has a thread."},
    "a table": {GATE: "| Principle | Status |\n|---|---|\n| Async-First | ✅ PASS |"},
    "a mention of what is resolved": {GATE: f"{GATE}\n\nAll NEEDS CLARIFICATION items are resolved in research.md."},
    "a citation": {GATE: f"{GATE}\n\nProblem details [RFC 9457], see [link](research.md) and [what follows](x.md)."},
    "a comment": {GATE: f"{GATE}\n\n<!-- [FEATURE] was here,\n[e.g., this] too: NEEDS CLARIFICATION -->"},
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_plan_edited_by_hand_is_read(rendered: Render, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(rendered(stack="fastapi"), tmp_path / "shop")
    for old, new in ACCEPTED[name].items():
        replace(one(folder, PLAN), old, new)
    assert check(folder, "--static")["findings"] == []


OPEN = {
    "a question": "**Async-First**: Is all input and output asynchronous?",
    "a result": "**Async-First**: FAIL - the driver blocks",
    "a table": "| Principle | Status |\n|---|---|\n| Async-First | ❌ FAIL |",
    "an empty box": "1. ☐ Async-First: routes are asynchronous",
}


@pytest.mark.parametrize("name", OPEN)
def test_a_gate_is_open_however_it_is_written(rendered: Render, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(rendered(stack="fastapi"), tmp_path / "shop")
    replace(one(folder, PLAN), GATE, OPEN[name])
    (finding,) = check(folder, "--static")["findings"]
    assert "gate Async-First" in finding["message"]
    assert finding["line"] == line_of(one(folder, PLAN), OPEN[name].splitlines()[-1])


TREES = {
    "boxes": "src/\n├── a/\n│   ├── b.py      # caption\n│   └── c/\n│       └── d.py\n└── e.py",
    "ASCII": "src/\n|-- a/\n|   |-- b.py  caption\n|   `-- c/\n|       `-- d.py\n`-- e.py",
    "two blanks": "# Option\nsrc/\n  a/\n    b.py # x\n    c/\n      d.py\n  e.py",
    "bullets": "- src/\n  - a/\n    - b.py - what it is\n    - c/\n      - d.py\n  - e.py",
    "narrow boxes": "src/\n├─ a/\n│  ├─ b.py ← new\n│  ├─ ...\n│  └─ c/\n│     └─ d.py\n└─ e.py (changed)",
    "a dot above": ".\n└── src/\n    ├── a/\n    │   ├── b.py\n    │   └── c/\n    │       └── d.py\n    └── e.py",
    "braces": "src/\nsrc/a/\nsrc/a/b.py\n\nsrc/a/c/\nsrc/a/c/d.py\n./src/{e}.py".replace("{e}", "e"),
}


@pytest.mark.parametrize("name", TREES)
@pytest.mark.parametrize("fence", ["```text", "```", "~~~"])
def test_a_tree_is_read_however_it_is_drawn(name: str, fence: str) -> None:
    plan = f"## Project Structure\n\n### Source Code (repository root)\n<!--\n  [e.g.]\n-->\n\n{fence}\n{TREES[name]}\n{fence[:3]}\n"
    drawn = [(entry.path, entry.line) for entry in plan_check.read_plan(plan).drawn]
    paths = ["src/", "src/a/", "src/a/b.py", "src/a/c/", "src/a/c/d.py", "src/e.py"]
    assert [path for path, _ in drawn] == paths
    for path, line in drawn:
        assert re.search(rf"\b{path.rstrip('/').rpartition('/')[2]}\b", plan.splitlines()[line - 1])


def test_several_names_on_a_line_are_several_paths() -> None:
    plan = "### Source Code\n\n```\nsrc/\n├── {a,b}.py\nios/ or android/\n```\n"
    assert [entry.path for entry in plan_check.read_plan(plan).drawn] == [
        "src/",
        "src/a.py",
        "src/b.py",
        "ios/",
        "android/",
    ]


def test_a_tree_may_begin_with_the_repository(rendered: Render, tmp_path: Path) -> None:
    folder = shutil.copytree(rendered(stack="fastapi"), tmp_path / "anything")
    plan = one(folder, PLAN)
    text = plan.read_text("utf-8")
    head, block = text.split("### Source Code (repository root)\n\n```text\n")
    tree, tail = block.split("\n```", 1)
    tree = "\n".join(f"    {line}" for line in tree.splitlines())
    plan.write_text(f"{head}### Source Code (repository root)\n\n```\nshop/\n{tree}\n```{tail}", "utf-8")
    assert check(folder, "--static")["findings"] == []
    replace(plan, "utils.py ", "util.py ")
    assert [entry["rule"] for entry in check(folder, "--static")["findings"]] == ["path", "path"]
