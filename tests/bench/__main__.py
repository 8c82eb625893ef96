"""What rendered projects cost as they grow, a table a stack: ``python -m bench [STACK…]``.

Absolute times differ from machine to machine; the ratio of one run is what to quote. Requests of the sizes take turns, so that
whatever else the machine does slows all of them down.
"""

import sys
import tempfile
from pathlib import Path

from conftest import make_template

from bench import command, lists
from bench.apis import APIS, COMMAND


def main() -> None:
    """Measure the stacks that are named, or all of them."""
    wanted = sys.argv[1:] or [*APIS, COMMAND]
    unknown = [name for name in wanted if name not in {*APIS, COMMAND}]
    if unknown:
        raise SystemExit(f"no such stack: {', '.join(unknown)} (there are {', '.join([*APIS, COMMAND])})")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        template = make_template(work / "groundplan")
        for stack in wanted:
            if stack == COMMAND:
                command.report(template, work / stack)
            else:
                lists.report(stack, APIS[stack], template, work / stack)


if __name__ == "__main__":
    main()
