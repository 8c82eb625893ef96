"""Plans that were kept elsewhere are read: which stack and answers they are, and what sets them apart from ours."""

import functools
import re
from pathlib import Path
from typing import Any

import copier
import pytest
import read_plan
import yaml
from conftest import ROOT, Render, run, tool
from stacks import SECTIONS, stack_names

PLANS = ROOT / "tests/plans"
DOCUMENT = ROOT / "docs/reading-plans.md"
SEEDS = {path.stem: path for path in sorted(PLANS.glob("seed-*.md"))}

# Which stack each seed is kept for, and answers that it holds. What is no stack yet cannot be found.
HOLDS: dict[str, tuple[set[str], dict[str, Any]]] = {
    "seed-000": ({"django"}, {"package": "JobMarket2", "module": "JobApp", "database": "postgresql"}),
    "seed-001": ({"web-mobile", "single"}, {"plan_sections": set(SECTIONS)}),
    "seed-002": ({"web-mobile"}, {"python_version": "3.13", "scale": "100+ concurrent users (Phase V)"}),
    "seed-003": ({"fastapi"}, {"database": "postgresql", "plan_sections": set()}),
    "seed-004": ({"contexts"}, {"database": "mysql", "python_version": "3.12"}),
}


@functools.cache
def study(path: Path) -> read_plan.Reading:
    return read_plan.study(read_plan.read(path))


@pytest.mark.parametrize("name", SEEDS)
def test_the_stack_and_the_answers_of_a_seed_are_found(name: str) -> None:
    stacks, answers = HOLDS[name]
    reading = study(SEEDS[name])
    if stacks & set(stack_names()):
        assert reading.answers["stack"] in stacks, reading.scores
        for question, value in answers.items():
            given = reading.answers[question]
            assert (set(given) if isinstance(value, set) else given) == value, question


def section(name: str) -> str:
    """Write the part of the documentation that shows how a seed is read."""
    return f"## {name.capitalize().replace('-', ' ')}\n\n```text\n{read_plan.report(study(SEEDS[name]))}```\n"


@pytest.mark.parametrize("name", SEEDS)
def test_the_report_of_a_seed_stands_in_the_documentation(name: str) -> None:
    """`PYTHONPATH=tools python tests/test_reader.py` writes it anew."""
    assert section(name) in DOCUMENT.read_text("utf-8")


@pytest.mark.parametrize("stack", stack_names())
@pytest.mark.parametrize("data", [{}, {"plan_sections": SECTIONS}, {"database": "sqlite"}], ids=str)
def test_a_plan_of_ours_comes_back(rendered: Render, stack: str, data: dict[str, Any]) -> None:
    folder = rendered(stack=stack, **data)
    (plan,) = folder.glob("specs/*/plan.md")
    stored = yaml.safe_load(next(folder.glob("specs/*/.copier-answers.feature.yml")).read_text("utf-8"))
    reading = study(plan)
    for question in ("stack", "feature_title", "module", "database", "performance_goals", "constraints", "scale"):
        assert reading.answers[question] == stored[question], question
    assert set(reading.answers["plan_sections"]) == set(stored["plan_sections"])
    assert reading.refused == []
    assert reading.unknown == []
    for comparison in reading.comparisons.values():
        assert (comparison.reworded, comparison.extra, comparison.missing) == ([], [], [])


def test_a_filled_plan_of_another_hand_is_read() -> None:
    reading = study(PLANS / "filled.md")
    assert reading.answers == {
        "stack": "fastapi",
        "plan_sections": ["risks"],
        "database": "sqlite",
        "python_version": "3.13",
        "performance_goals": "50 requests/s",
        "scale": "2k members",
        "module": "book_loans",
        "feature_title": "Book loans",
        "feature_summary": "Members borrow books for three weeks and are told before a loan ends.",
    }
    (refused,) = reading.refused
    assert refused.startswith("constraints must be one line of text without |")
    assert reading.unknown == []
    assert reading.comparisons["gates"].extra == ["Reminder Policy"]
    assert "SQL-First" not in reading.comparisons["gates"].missing
    assert reading.comparisons["sections"].extra == ["Rollout Plan"]
    assert reading.comparisons["sections"].reworded == [("Risks", "Risk Assessment")]
    assert "Complexity Tracking" in reading.comparisons["sections"].missing


@pytest.mark.parametrize("label", ["Testing Framework", "Testing"])
def test_a_label_is_found_as_a_line_and_in_a_table(tmp_path: Path, label: str) -> None:
    line, row = tmp_path / "line.md", tmp_path / "row.md"
    line.write_text(f"## Technical Context\n\n**{label}**: pytest\n", "utf-8")
    row.write_text(f"## Technical Context\n\n| Aspect | Value |\n|---|---|\n| **{label}** | pytest |\n", "utf-8")
    # A table speaks for the style in which ours is a table too, where that row has seed 001's name.
    for path, ours in ((line, "Testing"), (row, "Testing Framework")):
        found = study(path).comparisons["labels"]
        assert (found.same, found.reworded) == ((1, []) if label == ours else (0, [(label, ours)]))


@pytest.mark.parametrize("name", [*SEEDS, "filled"])
def test_a_copy_takes_the_answers(template: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / "answers.yml"
    assert read_plan.main([str(PLANS / f"{name}.md"), "--answers", str(file)]) == 0
    options: list[str | Path] = ["--trust", "--defaults", "--quiet", "--data-file", file]
    run(tool("copier"), "copy", *options, template, tmp_path / "shop", cwd=tmp_path)
    stored = yaml.safe_load((tmp_path / "shop/.copier-answers.yml").read_text("utf-8"))
    answers = yaml.safe_load(file.read_text("utf-8"))
    assert {key: stored.get(key, value) for key, value in answers.items()} == answers


BAD: dict[str, tuple[bytes | None, str]] = {
    "missing": (None, "does not exist"),
    "empty": (b"", "is no plan: it has none of the headings Summary, Technical Context"),
    "binary": (b"\x89PNG\r\n\xff\xfe", "is no text file"),
    "another document": (b"# Shopping list\n\n- [ ] milk\n", "is no plan"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_plan_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    content, sentence = BAD[name]
    path = tmp_path / "plan.md"
    if content is not None:
        path.write_bytes(content)
    assert read_plan.main([str(path)]) == 2
    printed = capsys.readouterr()
    assert re.fullmatch(rf"groundplan: .*{re.escape(sentence)}.*\n", printed.err)
    assert printed.out == ""


def test_a_folder_is_refused_as_a_plan_and_as_a_place_for_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read_plan.main([str(tmp_path)]) == 2
    assert read_plan.main([str(PLANS / "filled.md"), "--answers", str(tmp_path)]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith("is no text file")
    assert "cannot be written" in second


def test_answers_that_no_copy_takes_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise SystemExit("groundplan: nothing fits")

    read_plan.skeletons()
    monkeypatch.setattr(copier, "run_copy", refuse)
    with pytest.raises(read_plan.NoPlanError, match="nothing fits"):
        read_plan.study(read_plan.read(PLANS / "filled.md"))


if __name__ == "__main__":
    before, _, _ = DOCUMENT.read_text("utf-8").partition("## Seed 000\n")
    DOCUMENT.write_text(before + "\n".join(map(section, SEEDS)), "utf-8")
