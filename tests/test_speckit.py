"""spec-kit's own command and scripts on what a copy rendered."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from conftest import Render, commit_all, files, git, run, tool
from stacks import stack_names

OPTIONS = ["--here", "--force", "--non-interactive", "--integration", "claude", "--ignore-agent-tools"]
OWN = ("specs/", ".specify/memory/", ".specify/templates/overrides/", ".specify/plan_check")


@pytest.fixture(scope="module", params=stack_names())
def project(request: pytest.FixtureRequest, rendered: Render) -> Path:
    return rendered(stack=request.param)


@pytest.fixture(scope="module", params=["sh", "py"])
def initialised(request: pytest.FixtureRequest, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run `specify init` in a rendered project, with one flavour of its scripts."""
    folder = shutil.copytree(project, tmp_path_factory.mktemp("speckit") / "shop")
    commit_all(folder)
    run(tool("specify"), "init", *OPTIONS, "--script", request.param, cwd=folder)
    return folder


def script(folder: Path, name: str, *arguments: str) -> str:
    """Run one of spec-kit's scripts, whichever flavour is there."""
    if (folder / ".specify/scripts/bash").is_dir():
        return run("bash", f".specify/scripts/bash/{name}.sh", *arguments, cwd=folder).stdout
    path = f".specify/scripts/python/{name.replace('-', '_')}.py"
    return run(sys.executable, path, *arguments, cwd=folder).stdout


def test_init_keeps_what_is_ours(initialised: Path, project: Path) -> None:
    ours = {path: text for path, text in files(project).items() if path.startswith(OWN)}
    now = files(initialised)
    assert {path: now.get(path) for path in ours} == ours
    assert not [line for line in git(initialised, "status", "--porcelain").splitlines() if not line.startswith("??")]


def test_the_feature_its_plan_and_its_documents_are_found(initialised: Path) -> None:
    found = json.loads(script(initialised, "check-prerequisites", "--json"))
    (feature,) = initialised.glob("specs/*")
    assert found["FEATURE_DIR"].endswith(f"specs/{feature.name}")
    assert set(found["AVAILABLE_DOCS"]) == {"research.md", "data-model.md", "contracts/", "quickstart.md"}


def test_the_plan_is_left_as_it_is(initialised: Path) -> None:
    (plan,) = initialised.glob("specs/*/plan.md")
    before = plan.read_text("utf-8")
    script(initialised, "setup-plan", "--json")
    assert plan.read_text("utf-8") == before


def test_the_skeleton_is_ours(initialised: Path) -> None:
    skeleton = (initialised / ".specify/templates/overrides/plan-template.md").read_text("utf-8")
    assert script(initialised, "resolve-template", "plan-template").strip() in (
        skeleton.strip(),
        str(initialised / ".specify/templates/overrides/plan-template.md"),
    )


def test_the_next_number_is_the_one_that_a_copy_would_take(initialised: Path) -> None:
    proposed = json.loads(script(initialised, "create-new-feature", "--json", "--dry-run", "Add tags"))
    assert proposed["FEATURE_NUM"] == "002"
