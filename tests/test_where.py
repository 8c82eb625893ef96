"""The way from a file in a project to its template."""

from pathlib import Path

import pytest
from conftest import ROOT, Render, files, run, tool
from stacks import stack_names


@pytest.mark.parametrize("stack", stack_names())
def test_every_rendered_path_is_listed_with_a_template_that_exists(rendered: Render, stack: str) -> None:
    listed = run(tool("python"), "tools/where.py", stack, cwd=ROOT).stdout.splitlines()
    sources = dict(line.split(maxsplit=1) for line in listed)
    assert set(sources) == set(files(rendered(stack=stack)))
    assert not [source for source in sources.values() if not (ROOT / Path(source)).is_file()]
