"""Gate: every use case is run by a unit test, without Django. Coverage as a whole is checked by `make test`."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

from core.environment import ROOT

from .source import place, use_cases


def lines(function: ast.FunctionDef) -> set[int]:
    """Number the lines of a function's statements, its docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return {statement.lineno for statement in body}


def test_every_use_case_has_a_unit_test(tmp_path: Path) -> None:
    report = tmp_path / "coverage.json"
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "tests/unit"),
            *("--cov=apps", f"--cov-report=json:{report}", "--cov-config=/dev/null"),
        ],
        cwd=ROOT,
        env={**os.environ, "COVERAGE_FILE": str(tmp_path / "coverage")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    files = json.loads(report.read_text("utf-8"))["files"]
    untested = []
    for path, use_case, call in use_cases():
        executed = files.get(str(path.relative_to(ROOT)), {"executed_lines": []})["executed_lines"]
        if not lines(call) & set(executed):
            untested.append(f"{place(path, use_case.lineno)} {use_case.name}")
    assert untested == []


def test_there_are_use_cases() -> None:
    assert "Register" in [use_case.name for _, use_case, _ in use_cases()]
