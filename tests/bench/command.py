"""The command line of a package, on SQLite: what one command costs, beside the same on a file of a thousand rows.

What is told is the processor's time of the whole process, start included: that is what a person waits for.
"""

import itertools
import json
import os
import shutil
import sqlite3
import statistics
from pathlib import Path

from conftest import run
from generated import Project, install

from bench.apis import COMMAND, FEATURE
from bench.growth import FEATURES, multiply

SIZES = (60, 1_000, 1_000_000)
ROUNDS = int(os.environ.get("ROUNDS", "100")) // 5
SLICES = ("src/shop/cli/things.py", "src/shop/models/things.py", "src/shop/services/things.py")
FILL = """
WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {rows})
INSERT INTO thing (id, created_at, updated_at, version, title, state, price, due, note)
SELECT lower(hex(randomblob(16))), datetime('2026-01-01', n || ' seconds') || '.000000', '2026-01-01 00:00:00.000000', 1,
       'Title ' || n * 7919 % {rows}, CASE n % 3 WHEN 0 THEN 'new' WHEN 1 THEN 'open' ELSE 'done' END, n % 1000 * 100,
       CASE WHEN n % 4 > 0 THEN date('2026-01-01', n % 1000 || ' days') END, 'Something to read.'
FROM counted;
"""
ADD = ("things", "add", "--title", "Created", "--state", "new", "--price", "1.00", "--note", "Something to read.")


def spent(project: Project, data: Path, *arguments: str) -> tuple[float, str]:
    """Run a command, and tell how many milliseconds of a processor it took, and what it printed."""
    before = os.times()
    result = run(*project.program("shop"), *arguments, cwd=data, SHOP_DATA_DIR=str(data), PYTHONDONTWRITEBYTECODE="")
    after = os.times()
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds * 1000, result.stdout


def report(template: Path, folder: Path) -> None:
    """Print the table of the command line."""
    project = install(template, folder / "shop", stack=COMMAND, package="shop", **FEATURE)
    print(
        f"\n{COMMAND:<28}" + "".join(f"{size:>11,}" for size in SIZES) + f"{'rate':>8}   (processor time of a process)"
    )
    places = {size: folder / f"rows{size}" for size in SIZES}
    for size, data in places.items():
        data.mkdir()
        spent(project, data, *ADD)
        with sqlite3.connect(data / "shop.db") as database:
            database.execute("DELETE FROM thing")
            database.execute(FILL.format(rows=size))
            database.execute("ANALYZE")
        database.close()
    listed = ("things", "list")
    kinds: dict[str, tuple[str, ...]] = {
        "first page": listed,
        "last page": (*listed, "--cursor", cursor(project, places[SIZES[0]], "--limit", "20")),
        "filter": (*listed, "--state", "open"),
        "sort": (*listed, "--sort", "title"),
        "sort by what may be empty": (*listed, "--sort", "-due"),
        "total": (*listed, "--total"),
        "create": ADD,
        "--version": ("--version",),
    }
    for kind, arguments in kinds.items():
        taken: dict[int, list[float]] = {size: [] for size in SIZES}
        for _, size in itertools.product(range(ROUNDS), SIZES):
            taken[size].append(spent(project, places[size], *arguments)[0])
        times = {size: statistics.quantiles(values, n=4)[0] for size, values in taken.items()}
        ratio = times[SIZES[1]] / times[SIZES[-1]]
        print(f"{kind:<28}" + "".join(f"{times[size]:>8.0f} ms" for size in SIZES) + f"{ratio:>8.2f}", flush=True)
    report_start(project, folder, places[SIZES[0]])


def cursor(project: Project, data: Path, *options: str) -> str:
    """Follow the pages of the smallest list to the cursor of the last one."""
    found = ""
    while True:
        given = ("--cursor", found) if found else ()
        page = json.loads(spent(project, data, "things", "list", "--json", *options, *given)[1])
        if not page["next"]:
            return found
        found = page["next"]


def report_start(project: Project, folder: Path, data: Path) -> None:
    """Print what a command costs among many features."""
    many = Project(folder / "many", project.python, project.server)
    shutil.copytree(project.folder, many.folder, ignore=shutil.ignore_patterns(".venv", ".git"))
    multiply(many.folder, SLICES, FEATURES)
    run("uv", "sync", cwd=many.folder, check=True, **many.variables)
    times = [min(spent(place, data, "things", "list")[0] for _ in range(ROUNDS + 1)) for place in (project, many)]
    print(
        f"start: {times[0]:.0f} ms with 1 feature, {times[1]:.0f} ms with {FEATURES} ({times[1] / times[0]:.2f} times)"
    )
