"""Run Copier's command line and kill it while it writes: ``killed.py FOLDER WRITE MOMENT SIGNAL SEED copy …``.

Copier writes in the order of the file system, which a seed shuffles here: any file can come first, and any last.
"""

import itertools
import os
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from copier import _main
from copier._cli import CopierApp

MOMENTS = ["before", "within", "after"]
"""When a file is about to be written, holds half of what it will, or is there."""


class Shuffled:
    """What ``os.scandir`` returns, in an order by chance."""

    order = random.Random()
    scan = staticmethod(os.scandir)

    def __init__(self, path: Any = ".") -> None:
        with self.scan(path) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        self.order.shuffle(entries)
        self.entries = iter(entries)

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        return self.entries

    def __next__(self) -> os.DirEntry[str]:
        return next(self.entries)

    def __enter__(self) -> "Shuffled":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def close(self) -> None:
        """Do nothing: the folder was closed when it was read."""


def main(folder: Path, number: int, moment: str, name: str, arguments: list[str]) -> None:
    """Run a command, and kill it at the write of a number below a folder, or else when the files of an old version go."""
    write, remove, writes = Path.write_bytes, _main._remove_old_files, itertools.count(1)

    def kill() -> None:
        os.kill(os.getpid(), getattr(signal, name))

    def write_bytes(path: Path, data: Any) -> int:
        if path.absolute().is_relative_to(folder) and next(writes) == number:
            if moment != "before":
                write(path, data if moment == "after" else data[: len(data) // 2])
            kill()
        return write(path, data)

    def remove_old_files(*arguments: Any) -> None:
        kill()
        remove(*arguments)

    # A shell that starts this in the background has it ignore what Ctrl-C sends.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.scandir, Path.write_bytes = Shuffled, write_bytes  # type: ignore[assignment, method-assign]
    _main._remove_old_files = remove_old_files  # type: ignore[assignment]
    CopierApp.run(["copier", *arguments])


if __name__ == "__main__":
    destination, number, moment, name, seed, *arguments = sys.argv[1:]
    Shuffled.order.seed(int(seed))
    main(Path(destination).absolute(), int(number), moment, name, arguments)
