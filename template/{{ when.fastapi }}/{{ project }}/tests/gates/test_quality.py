"""Code Quality: the tools are on, and an exception to them says why."""

import re
import tomllib

import yaml

from .source import ROOT

FAMILIES = {"ASYNC", "B", "DTZ", "E", "F", "I", "PLC0415", "S", "UP"}


def test_ruff_checks_what_the_constitution_asks_for() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    assert not FAMILIES - set(settings["ruff"]["lint"]["select"])
    assert settings["mypy"]["strict"] is True


def test_hooks_run_before_a_commit() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    hooks = {hook["id"] for repository in config["repos"] for hook in repository["hooks"]}
    assert not {"ruff-check", "ruff-format"} - hooks


def test_an_import_inside_a_function_says_why() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number} needs a reason in parentheses"
        for path in sorted(ROOT.glob("src/**/*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"noqa:.*PLC0415(?!.*\(.+\))", line)
    ]
    assert not found, "\n".join(found)
