"""``make where``: for every path that a stack renders, the template file that it comes from.

A path of the template is made of conditions and real names, so that one stack is spread over several folders; this list is the way
from a file in a project to its room here.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from copier._main import Worker

ROOT = Path(__file__).parents[1]


def rendered(stack: str, **data: Any) -> Iterator[tuple[str, str]]:
    """Name what a first copy of a stack renders, each path with its template file, in the order of the paths.

    Args:
        stack: its name.
        data: answers other than the defaults.
    """
    with tempfile.TemporaryDirectory() as folder:
        answers = {"stack": stack, "project_name": "shop", **data}
        with Worker(
            str(ROOT), Path(folder) / "shop", data=answers, defaults=True, unsafe=True, quiet=True, pretend=True
        ) as worker:
            worker.run_copy()
            root = worker.template.local_abspath / "template"
            found = []
            for source in root.rglob("*"):
                path = source.is_file() and worker._render_path(source.relative_to(root))
                for target, _ in path or ():
                    found.append((target.as_posix(), source.relative_to(root.parent).as_posix()))
    return iter(sorted(found))


def main() -> None:
    """Print the list, in two columns."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("stack")
    rows = list(rendered(parser.parse_args().stack))
    width = max(len(target) for target, _ in rows)
    for target, source in rows:
        print(f"{target:<{width}}  {source}")


if __name__ == "__main__":
    main()
