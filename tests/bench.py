"""``make bench``: how long a copy and an update take, beside a template of as many trivial files, of which as many are rendered.

Absolute times differ from machine to machine; the ratio of one run is what to quote.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import copier
from conftest import commit_all, files, git, make_template
from stacks import stack_names

ROUNDS = 5
OPTIONS: dict[str, Any] = {"defaults": True, "unsafe": True, "quiet": True}


def median(action: Callable[[Path], object], folder: Path) -> float:
    """Time an action several times, each in a folder of its own, and return the median in seconds."""
    times = []
    for number in range(ROUNDS + 1):
        begun = time.perf_counter()
        action(folder / str(number))
        times.append(time.perf_counter() - begun)
    return statistics.median(times[1:])


def trivial_template(folder: Path, count: int, others: int) -> Path:
    """Make a template without a question, a condition or an extension, for Copier to clone and to render.

    Args:
        folder: its root.
        count: how many files it renders.
        others: how many more are in its repository.
    """
    places = [f"template/file{number}" for number in range(count)] + [f"other/file{number}" for number in range(others)]
    for place in places:
        file = folder / f"{place}.txt.jinja"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{place}\n" + "{{ _copier_conf.src_path }}\n" * 20, "utf-8")
    (folder / "copier.yml").write_text("_subdirectory: template\n", "utf-8")
    (folder / "template" / "{{ _copier_conf.answers_file }}.jinja").write_text("{{ _copier_answers | to_nice_yaml }}\n")
    commit_all(folder)
    git(folder, "tag", "v1.0.0")
    git(folder, "gc", "--quiet")
    return folder


def operations(template: Path, stack: str, work: Path) -> Iterator[tuple[str, int, float]]:
    """Time the copies of one stack: what is done, how many files it makes, and the median in seconds."""

    def copy_first(folder: Path) -> None:
        copier.run_copy(str(template), folder, data={"stack": stack, "package": "shop"}, **OPTIONS)

    def copy_next(folder: Path) -> None:
        copier.run_copy(str(template), project, data={"feature_title": f"Number {folder.name}"}, **OPTIONS)

    project = work / "project"
    copy_first(project)
    commit_all(project)
    first = len(files(project))
    yield f"{stack}: first feature", first, median(copy_first, work / "first")
    seconds = median(copy_next, work / "next")
    yield f"{stack}: next feature", (len(files(project)) - first) // (ROUNDS + 1), seconds


def main() -> None:
    """Print a line for each operation of each stack: files, median, floor, ratio."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        template = make_template(work / "groundplan")
        size = len(files(template))
        print(f"{'':<28}{'files':>6}{'median':>10}{'floor':>10}{'ratio':>8}")
        for stack in stack_names():
            for label, count, taken in operations(template, stack, work / stack):
                trivial = trivial_template(work / stack / f"trivial-{count}", count, size - count)
                floor = median(partial(copier.run_copy, str(trivial), **OPTIONS), work / label)
                print(f"{label:<28}{count:>6}{taken:>9.2f}s{floor:>9.2f}s{taken / floor:>8.2f}")


if __name__ == "__main__":
    main()
