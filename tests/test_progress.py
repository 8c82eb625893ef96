"""What the terminal shows while tests run, and at their end."""

import os
import re
import sys
from pathlib import Path

import pytest
from conftest import ROOT, run

SUITE = """
import progress

progress.SHORTEST = 0


def test_fails():
    assert "what is" == "what should be"


def test_goes_on():
    pass
"""


def reported(folder: Path, *options: str) -> str:
    """Run a suite of which one test fails, and return what the terminal shows."""
    (folder / "test_suite.py").write_text(SUITE, "utf-8")
    # Its temporary folders are none of this run's: pytest clears old ones away, which may take minutes.
    variables = {"PYTEST_ADDOPTS": "", "PYTEST_DEBUG_TEMPROOT": str(folder)}
    search = os.pathsep.join(str(ROOT / name) for name in ("tests", "extensions"))
    command = [sys.executable, "-m", "pytest", "-p", "progress", "-p", "no:cacheprovider", *options]
    return run(*command, cwd=folder, check=False, PYTHONPATH=search, **variables).stdout


@pytest.mark.parametrize("options", [[], ["-n", "1"]], ids=str)
def test_a_failure_is_shown_when_it_happens_and_once(tmp_path: Path, options: list[str]) -> None:
    output = reported(tmp_path, *options)
    assert output.index("AssertionError") < output.index("[100%]")
    assert output.count("call of test_suite.py::test_fails failed") == 1
    assert "= FAILURES =" not in output
    assert re.match(r"=+ 1 failed, 1 passed in [\d.]+s =+$", output.splitlines()[-1])


def test_minutes_are_told_by_file(tmp_path: Path) -> None:
    assert re.search(r"minutes by part.*\n +0\.0 test_suite\.py\n +0\.0 in all\n", reported(tmp_path))
