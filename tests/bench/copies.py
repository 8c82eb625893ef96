"""``make bench-copy``: how long a copy and an update take, beside a template of as many trivial files, of which as many are rendered.

Absolute times differ from machine to machine; the ratio of one run is what to quote.
"""

import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import copier
from conftest import commit_all, files, git, make_template
from stacks import stack_names

ROUNDS = 8
OPTIONS: dict[str, Any] = {"defaults": True, "unsafe": True, "quiet": True}


def fastest(folder: Path, *actions: Callable[[Path], object]) -> list[float]:
    """Time actions in turn, each several times in a folder of its own, and return the least of each in seconds.

    Whatever else the machine does only adds to a time, and does so to all of them.
    """
    least = [float("inf")] * len(actions)
    for round_, (number, action) in itertools.product(range(ROUNDS), enumerate(actions)):
        begun = time.perf_counter()
        action(folder / f"{number}-{round_}")
        least[number] = min(least[number], time.perf_counter() - begun)
    return least


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


def operations(template: Path, stack: str, work: Path) -> Iterator[tuple[str, int, Callable[[Path], object]]]:
    """Name the copies of one stack: what is done, how many files it makes, and how."""

    def copy_first(folder: Path) -> None:
        copier.run_copy(str(template), folder, data={"stack": stack, "package": "shop"}, **OPTIONS)

    def copy_next(folder: Path) -> None:
        copier.run_copy(str(template), project, data={"feature_title": f"Number {folder.name}"}, **OPTIONS)

    project = work / "project"
    copy_first(project)
    commit_all(project)
    first = len(files(project))
    copy_next(Path("zero"))
    yield "first feature", first, copy_first
    yield "next feature", len(files(project)) - first, copy_next


def main() -> None:
    """Print a line for each operation of each stack: files, time, floor, ratio."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        template = make_template(work / "groundplan")
        size = len(files(template))
        print(f"{'':<28}{'files':>6}{'fastest':>10}{'floor':>10}{'ratio':>8}")
        for stack in stack_names():
            for label, count, copy in list(operations(template, stack, work / stack)):
                trivial = trivial_template(work / stack / f"trivial-{count}", count, size - count)
                taken, floor = fastest(work / stack / label, copy, partial(copier.run_copy, str(trivial), **OPTIONS))
                print(f"{f'{stack}: {label}':<28}{count:>6}{taken:>9.2f}s{floor:>9.2f}s{taken / floor:>8.2f}")


if __name__ == "__main__":
    main()
