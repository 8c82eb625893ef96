"""Bad input on the command line: one sentence, exit status 1, nothing written."""

from pathlib import Path

import pytest
from conftest import run, tool

REFUSALS = [
    ("project_name=", "project_name is missing"),
    ("project_name=a\nb", "line break"),
    ("package=class", "package 'class' is a Python keyword"),
    ("package=json", "standard library"),
    ("package=../x", "no module name"),
    ("stack=djngo", "stack 'djngo' is not offered"),
    ("stack=fastapo", "did you mean 'fastapi'"),
    ("database=oracle", "choose from postgresql, sqlite"),
    ("plan_sections=[risk]", "did you mean 'risks'"),
    ("python_version=3.11", "give 3.12 or a newer 3.x"),
    ("python_version=latest", "is no version"),
    ("feature_title=日本", "module is missing"),
    ("feature_slug=../../etc", "feature_slug '../../etc' is no folder name"),
    ("feature_slug=x\n", "is no folder name"),
    ("module=main", "that the project has or uses"),
    ("module=con:x", "no module name"),
    ("module=-rf", "no module name"),
    ("entity=post", "not in PascalCase"),
    ("entity=Settings", "is a plural: give the singular, 'Setting'"),
    ("fields=title", "fields, line 1: 'title' is no field"),
    ("fields=a:int\nb:strng", "fields, line 2: unknown type 'strng', did you mean 'str'?"),
    ("fields=a:str(0)", "1 to 500 characters"),
    ("fields=when:datetime", "ends in _at"),
    ("performance_goals=a | b", "without | & and backslash"),
    ("feature_number=0", "feature_number 0"),
    ("created_on=yesterday", "created_on 'yesterday' is no date"),
    ("migration_parent=a b", "no revision id"),
    ("titel=x", "no question 'titel'"),
]


@pytest.mark.parametrize(("data", "message"), REFUSALS, ids=[data for data, _ in REFUSALS])
def test_bad_input_is_refused_in_one_sentence(template: Path, tmp_path: Path, data: str, message: str) -> None:
    result = run(
        tool("copier"),
        "copy",
        "--trust",
        "--defaults",
        "--data",
        data,
        template,
        tmp_path / "shop",
        cwd=tmp_path,
        check=False,
    )
    assert result.returncode == 1
    (line,) = [line for line in result.stderr.splitlines() if line.strip()]
    assert line.startswith("groundplan: ")
    assert message in line
    assert not (tmp_path / "shop").exists()


def test_without_trust_nothing_runs(template: Path, tmp_path: Path) -> None:
    result = run(tool("copier"), "copy", "--defaults", template, tmp_path / "shop", cwd=tmp_path, check=False)
    assert result.returncode == 4
    assert "--trust" in result.stderr
    assert not (tmp_path / "shop").exists()
