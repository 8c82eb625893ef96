"""A stack is added by files alone: its data, its columns of the types, its folder."""

import shutil
from pathlib import Path
from typing import Any

import copier
import pytest
from conftest import ROOT, answers, commit_all, git, make_template, replace, run, status, tool

OPTIONS: dict[str, Any] = {"defaults": True, "unsafe": True, "quiet": True}


@pytest.fixture(scope="module")
def with_mini(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a template with one stack more, in two versions."""
    template = make_template(tmp_path_factory.mktemp("mini") / "groundplan")
    before = git(template, "ls-files")
    shutil.copytree(ROOT / "tests/mini", template, dirs_exist_ok=True)
    assert not [line for line in status(template) if not line.startswith("?? ")], "files were only added"
    assert before
    commit_all(template, "v1.1.0")
    git(template, "tag", "v1.1.0")
    replace(
        template
        / "template/{{ when.mini }}/{% yield model from entities %}.{% endyield %}/lists/{{ model.module }}.mini.jinja",
        "{{ model.name }}\n",
        "{{ model.name }} (list)\n",
    )
    commit_all(template, "v1.2.0")
    git(template, "tag", "v1.2.0")
    return template


def test_it_renders_updates_and_takes_the_next_feature(with_mini: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    copier.run_copy(str(with_mini), folder, data={"stack": "mini"}, vcs_ref="v1.1.0", **OPTIONS)
    commit_all(folder)
    copier.run_copy(
        str(with_mini), folder, data={"feature_title": "Orders", "fields": "due:date"}, vcs_ref="v1.1.0", **OPTIONS
    )
    commit_all(folder)
    assert (folder / "DESK.md").read_text("utf-8") == "# shop\n"
    assert (folder / "lists/orders.mini").read_text("utf-8") == "Order\ndue: date on paper\n"
    plan = (folder / "specs/002-orders/plan.md").read_text("utf-8")
    assert "lists/" in plan
    assert "**Storage**: Paper" in plan
    copier.run_update(folder, answers_file="specs/002-orders/.copier-answers.feature.yml", overwrite=True, **OPTIONS)
    assert (folder / "lists/orders.mini").read_text("utf-8") == "Order (list)\ndue: date on paper\n"


def test_it_is_recognised_and_adopted(with_mini: Path, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("", "utf-8")
    (tmp_path / "old.mini").write_text("", "utf-8")
    commit_all(tmp_path)
    copier.run_copy(str(with_mini), tmp_path, data={"feature_title": "Orders", "slice": True}, **OPTIONS)
    assert answers(tmp_path)["stack"] == "mini"
    assert (tmp_path / "lists/orders.mini").is_file()
    assert not [line for line in status(tmp_path) if not line.startswith("?? ")]


def test_it_is_offered(with_mini: Path, tmp_path: Path) -> None:
    refused = run(
        tool("copier"),
        "copy",
        "--trust",
        "--defaults",
        "-d",
        "stack=mimi",
        with_mini,
        "shop",
        cwd=tmp_path,
        check=False,
    )
    assert "did you mean 'mini'?" in refused.stderr
