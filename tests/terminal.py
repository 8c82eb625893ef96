"""A terminal in which a person types commands, and what the person sees in it."""

import os
import re
import time
from pathlib import Path

import pexpect
import pyte
from conftest import tool


class Terminal:
    """A pseudo terminal in which one command runs.

    The screen is kept by a terminal emulator, so that what is read is what is seen: lines as wide as the terminal, and nothing that
    was overwritten.

    Args:
        command: program and arguments; the programs of this repository's environment are found by their name.
        cwd: folder to run it in.
        columns: width of the terminal.
        variables: environment variables to add.
    """

    def __init__(self, *command: str, cwd: Path, columns: int = 80, **variables: str) -> None:
        program = tool(command[0]) if Path(tool(command[0])).exists() else command[0]
        environment = {name: value for name, value in os.environ.items() if name != "CI"}
        self.child = pexpect.spawn(
            program,
            list(command[1:]),
            cwd=str(cwd),
            encoding="utf-8",
            timeout=180,
            dimensions=(50, columns),
            env={**environment, "TERM": "xterm-256color", **variables},
        )
        self.screen = pyte.HistoryScreen(columns, 50, history=1000)
        self.stream = pyte.Stream(self.screen)
        self.child.logfile_read = self
        self.asked = 0

    def write(self, text: str) -> None:
        """Show what the command printed."""
        self.stream.feed(text)

    def flush(self) -> None:
        """Have nothing left to show."""

    @property
    def seen(self) -> str:
        """Everything on the screen and above it, a line a line, without the space at its end."""
        past = ["".join(line[column].data for column in range(self.screen.columns)) for line in self.screen.history.top]
        return "\n".join(line.rstrip() for line in [*past, *self.screen.display])

    def expect(self, text: str) -> None:
        """Wait for a text; the terminal answers the question where its cursor is, as a real one does."""
        while True:
            if self.child.expect_exact(["\x1b[6n", text]) == 1:
                return
            self.child.send("\x1b[1;1R")

    def see(self, sentence: str) -> None:
        """Wait for a sentence to stand on the screen, in however many lines."""
        end = time.monotonic() + 60
        while sentence not in re.sub(r"\s*\n\s*", " ", self.seen):
            assert time.monotonic() < end, self.seen
            if self.child.expect_exact(["\x1b[6n", pexpect.TIMEOUT], timeout=1) == 0:
                self.child.send("\x1b[1;1R")

    def answer(self, question: str, keys: str = "\r") -> None:
        """Wait for a question and type the answer."""
        self.expect(question)
        self.asked += 1
        self.child.send(keys)

    def finish(self) -> int:
        """Wait for the end and return the exit status."""
        while self.child.expect_exact(["\x1b[6n", pexpect.EOF]) == 0:
            self.child.send("\x1b[1;1R")
        self.child.close()
        assert self.child.exitstatus is not None, self.seen
        return self.child.exitstatus


def retype(old: str, new: str) -> str:
    """Delete what a prompt proposes, and type something else."""
    return "\x7f" * len(old) + new
