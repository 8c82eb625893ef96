"""``make bench`` of a project: every kind of request, each beside the goal, and an exit status that says whether all are met."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import first
from generated import Project, install
from stacks import stack_of

pytestmark = pytest.mark.generated

FIELDS = """
code:str(12) unique
mail:email unique
number:int unique
price:decimal(12,2) unique
day:date unique
came_at:datetime unique
token:uuid unique
big:bigint unique
opens:time unique
length:duration unique
firm:str
home:url
extra:json
state:enum(new,open,done)
unique(state, firm)
"""
PARTS = """
[Scan]
parcel:ref(Parcel)
label:ref(Parcel)? unique
before:ref(self)?
"""
PROJECTS = [
    ("fastapi", "3.12", ".", {}),
    ("django", "3.12", ".", {}),
    ("contexts", "3.12", ".", {}),
    ("web-mobile", "3.13", "api", {"clients": ["ios"], "assistant": False}),
]
KINDS = ["first page", "last page", "filter", "read", "create"]


def bench(project: Project, goal: int) -> tuple[int, list[tuple[str, str]]]:
    """Hold the project against another goal; return how many lines miss it, and what each line is about."""
    file = project.folder / project.server / "tests/bench/__main__.py"
    file.write_text(re.sub(r"^GOAL = .*$", f"GOAL = {goal}", file.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    output = project.make("bench", check=False, ROWS="1500")
    lines = re.findall(r"^(/\S+) ([a-z ]+?) +[\d.]+ ms +[\d.]+ ms +\d+ ms", output, re.MULTILINE)
    assert ("Error 1" in output) == ("missed" in output), output
    return output.count("missed"), lines


def seeded(project: Project, path: str) -> None:
    """Make up rows twice: they are more each time, and refer to different ones of what is there."""
    rows = 0
    for _ in range(2):
        output = project.make("seed", ROWS="6")
        # What refers to something that nothing else may refer to is tried a few times.
        (more,) = re.findall(rf"^{path} +([3-6]) more$", output, re.MULTILINE)
        rows += int(more)
        (file,) = [*project.folder.glob(f"{project.server}/*.db"), *project.folder.glob("db.sqlite3")]
        with closing(sqlite3.connect(file)) as database:
            count, different = database.execute("SELECT count(*), count(DISTINCT parcel_id) FROM scan").fetchone()
        assert (count, different > 1) == (rows, True)


@pytest.mark.parametrize("made", first(PROJECTS), ids=lambda made: made[0])
def test_a_project_says_whether_it_meets_its_goals(
    template: Path, tmp_path: Path, made: tuple[str, str, str, dict[str, Any]]
) -> None:
    stack, python, server, data = made
    feature = {"feature_title": "Parcels", "fields": FIELDS + PARTS}
    project = install(template, tmp_path / "shop", python, server, stack=stack, **feature, **data)
    form = {"fastapi": "/{}", "web-mobile": "/api/{}"}.get(stack, "/api/{}/")
    timed = [(form.format("parcels"), kind) for kind in KINDS]
    # It has no filter but those by what it refers to.
    timed += [(form.format("scans"), kind) for kind in KINDS if kind != "filter"]
    file = project.folder / project.server / "tests/bench/__main__.py"
    assert f"\nGOAL = {stack_of(stack)['load']['p95_ms']}\n" in file.read_text("utf-8")
    assert bench(project, 10**6) == (0, timed)
    assert bench(project, 0) == (len(timed), timed)
    seeded(project, form.format("scans"))
    refused = project.make("bench", check=False, DATABASE_URL="sqlite:///data.db")
    assert "must name an empty database that is called bench" in refused
