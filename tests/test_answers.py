"""Whatever is answered: what is rendered is formatted, free of lint and can be read by every program that reads it."""

import json
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest
import yaml
from conftest import ROOT, TEMPLATE_PARTS, run, tool
from drawing import SEED, Answers, Drawing, compile_once, data_files, render
from stacks import stack_of

STACKS = sorted(path.stem for path in (ROOT / "extensions/stacks").glob("*.yml"))
ORDINARY, DEEP = (4, 10), (12, 25)
"""How many projects of a stack, and how many features in each."""


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Copy the template into a folder without a history, which Copier need not clone each time."""
    folder = tmp_path_factory.mktemp("plain")
    for part in TEMPLATE_PARTS:
        source = ROOT / part
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, folder / part, ignore=ignored) if source.is_dir() else shutil.copy(source, folder)
    with pytest.MonkeyPatch.context() as patch:
        compile_once(patch)
        yield folder


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((stack, *size), id=f"{stack}-{label}", marks=marks)
        for label, size, marks in (("ordinary", ORDINARY, ()), ("deep", DEEP, pytest.mark.deep))
        for stack in STACKS
    ],
)
def drawing(request: pytest.FixtureRequest, plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Drawing:
    """Render projects of a stack with answers drawn at random; deep runs draw others each time, and say which."""
    stack, projects, features = request.param
    seed = SEED if (projects, features) == ORDINARY else SystemRandom().randrange(10**6)
    folder = tmp_path_factory.mktemp("answers")
    drawn = [render(plain, folder / str(number), Answers(stack, seed + number), features) for number in range(projects)]
    refused = [refusal for project in drawn for refusal in project.refused]
    print(f"{stack}, seed {seed}: {projects * features} sets rendered, {len(refused)} refused, in {folder}")
    return Drawing([path for project in drawn for path in project.projects], projects * features, refused)


def test_what_is_refused_is_refused_with_one_sentence(drawing: Drawing) -> None:
    for refusal in drawing.refused:
        assert refusal.sentence.startswith("groundplan: "), refusal
        assert "\n" not in refusal.sentence, refusal


def test_python_is_formatted_and_free_of_lint(drawing: Drawing) -> None:
    found = ""
    for folder in drawing.projects:
        for server in {path.parent for path in folder.rglob("pyproject.toml")}:
            for command in (("format", "--check", "--diff"), ("check", "--output-format=concise")):
                found += run(tool("ruff"), *command, "--no-cache", "--quiet", ".", cwd=server, check=False).stdout
    assert not found, found


def texts(value: Any) -> Iterator[str]:
    """List every text in a value read from a file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from texts(key)
            yield from texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from texts(entry)


def test_every_data_file_can_be_read(drawing: Drawing) -> None:
    readers = {".toml": tomllib.loads, ".json": json.loads, ".yaml": yaml.safe_load, ".yml": yaml.safe_load}
    unreadable = []
    for path in (path for folder in drawing.projects for path in data_files(folder)):
        try:
            content = path.read_text("utf-8")
            # A comment is none of JSON's, but TypeScript's own configuration may have one.
            documents = (
                list(yaml.safe_load_all(content)) if path.suffix in (".yaml", ".yml") else readers[path.suffix](content)
            )
            for text in texts(documents):
                text.encode()
        except (ValueError, yaml.YAMLError) as error:
            unreadable.append(f"{path}: {error}")
    assert not unreadable, "\n".join(unreadable)


def test_the_project_says_what_was_answered(drawing: Drawing) -> None:
    for folder in drawing.projects:
        answers = yaml.safe_load((folder / ".copier-answers.yml").read_text("utf-8"))
        assert answers["stack"] in STACKS
        for path in folder.rglob("pyproject.toml"):
            project = tomllib.loads(path.read_text("utf-8"))["project"]
            assert project["description"] == answers["description"]
            assert project["requires-python"] == f">={answers['python_version']}"
        assert stack_of(answers["stack"])
