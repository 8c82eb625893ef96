"""Whatever is answered: what is rendered is formatted, free of lint and can be read by every program that reads it."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest
import yaml
from conftest import run, tool
from drawing import SEED, Answers, Drawing, render
from stacks import stack_names

ORDINARY, DEEP = (4, 10), (12, 25)
"""How many projects of a stack, and how many features in each."""


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((stack, *size), id=f"{stack}-{label}", marks=marks)
        for label, size, marks in (("ordinary", ORDINARY, ()), ("deep", DEEP, pytest.mark.deep))
        for stack in stack_names()
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


def lint(folder: Path) -> Iterator[str]:
    """Hold the Python of a project against ruff, with the project's own configuration."""
    for server in {path.parent for path in folder.rglob("pyproject.toml")}:
        for command in (("format", "--check"), ("check", "--output-format=concise")):
            found = run(tool("ruff"), *command, "--no-cache", "--quiet", ".", cwd=server, check=False)
            yield from (found.stdout + found.stderr).splitlines()


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


def read_yaml(text: str) -> list[Any]:
    """Read every document of a YAML file."""
    return list(yaml.safe_load_all(text))


READERS: dict[str, Callable[[str], Any]] = {
    ".toml": tomllib.loads, ".json": json.loads, ".yaml": read_yaml, ".yml": read_yaml,
}  # fmt: skip


def data(folder: Path) -> Iterator[str]:
    """Read every file that a program reads as data; no text in it may be half a character."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in READERS:
            continue
        try:
            for text in texts(READERS[path.suffix](path.read_text("utf-8"))):
                text.encode()
        except (ValueError, yaml.YAMLError) as error:
            yield f"{path}: {error}"


def answered(folder: Path) -> Iterator[str]:
    """Compare what the project's package says of itself with what was answered."""
    answers = yaml.safe_load((folder / ".copier-answers.yml").read_text("utf-8"))
    expected = (answers["description"], f">={answers['python_version']}")
    for path in folder.rglob("pyproject.toml"):
        try:
            project = tomllib.loads(path.read_text("utf-8"))["project"]
        except tomllib.TOMLDecodeError:
            continue  # `data` says so
        if (project["description"], project["requires-python"]) != expected:
            yield f"{path}: does not say {expected}"


def plans(folder: Path) -> Iterator[str]:
    """Hold the gates of every plan against what is there: none is ticked before it ran, and nothing stated without code."""
    for path in folder.glob("specs/*/plan.md"):
        plan = path.read_text("utf-8")
        sliced = yaml.safe_load((path.parent / ".copier-answers.feature.yml").read_text("utf-8"))["slice"]
        if "- [x] **" in plan:
            yield f"{path}: a gate is ticked before it was checked"
        if (path.parent / "contracts").exists() is not sliced:
            yield f"{path}: there is a contract without code, or code without one"
        if re.search(r"^- \[.\] .* (?:is there|makes what)", plan, re.MULTILINE) and not sliced:
            yield f"{path}: a gate states what is not there"


def test_whatever_is_answered_is_rendered_clean_or_refused_with_a_sentence(drawing: Drawing) -> None:
    found = [
        finding for folder in drawing.projects for check in (lint, data, answered, plans) for finding in check(folder)
    ]
    found += [
        f"not one sentence: {refusal}"
        for refusal in drawing.refused
        if not re.fullmatch(r"groundplan: [^\n]+", refusal.sentence)
    ]
    assert not found, "\n".join(found)
