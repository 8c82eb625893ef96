"""The questions, answered by hand in a real terminal."""

import sys
from pathlib import Path

import pexpect
import pytest
from conftest import answers, commit_all, status, tool

TITLE = 'Jürgen\'s "Preisliste" 🎉'


class Terminal:
    """A pseudo terminal in which ``copier copy`` asks its questions."""

    def __init__(self, *arguments: str, cwd: Path) -> None:
        self.child = pexpect.spawn(
            tool("copier"),
            ["copy", "--trust", *arguments],
            cwd=str(cwd),
            encoding="utf-8",
            timeout=120,
            dimensions=(50, 160),
        )
        self.log = (cwd / "terminal.log").open("w", encoding="utf-8")
        self.child.logfile_read = self.log
        self.asked = 0

    def expect(self, text: str) -> None:
        """Wait for a text; the terminal answers the question where its cursor is, as a real one does."""
        while True:
            if self.child.expect_exact(["\x1b[6n", text]) == 1:
                return
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
        self.log.close()
        assert self.child.exitstatus is not None
        return self.child.exitstatus


def retype(old: str, new: str) -> str:
    """Delete what a prompt proposes, and type something else."""
    return "\x7f" * len(old) + new


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals are POSIX")
def test_a_first_copy_and_the_next_feature_by_hand(template: Path, tmp_path: Path) -> None:
    first = Terminal(str(template), "shop", cwd=tmp_path)
    first.answer("Name of the project", retype("shop", 'Shop "Ünïque"') + "\r")
    first.answer("Stack of the project")
    first.answer("Name in code", retype("shop_uenique", "class") + "\r")
    first.expect("is a Python keyword")
    first.child.send(retype("class", "corner_shop") + "\r")
    first.answer("in one sentence (README")
    first.answer("Database in production")
    first.answer("Optional sections", " \r")
    first.answer("Title of the first feature", retype("Posts", TITLE) + "\r")
    first.answer("What the feature is for")
    first.answer("Name of the feature's domain")
    first.answer("What the feature stores")
    first.answer("Fields of the", retype("name:str(120)", "name:strng") + "\x1b\r")
    first.expect("did you mean 'str'?")
    first.child.send("\x7f" * 5 + "str(80)\nprice:decimal(10,2)\x1b\r")
    assert first.finish() == 0
    assert first.asked <= 12

    project = tmp_path / "shop"
    stored = answers(project, next(project.glob("specs/*/.copier-answers.feature.yml")).relative_to(project).as_posix())
    assert stored["project_name"] == 'Shop "Ünïque"'
    assert stored["package"] == "corner_shop"
    assert stored["plan_sections"] == ["governance"]
    assert stored["feature_title"] == TITLE
    assert stored["feature_slug"] == "juergens-preisliste"
    assert stored["fields"] == "name:str(80)\nprice:decimal(10,2)"
    commit_all(project)

    following = Terminal(str(template), "shop", cwd=tmp_path)
    following.answer("Title of the next feature", "\r")
    following.expect("feature_title is missing")
    following.child.send("Orders\r")
    following.answer("What the feature is for")
    following.answer("Name of the feature's domain")
    following.answer("What the feature stores")
    following.answer("Fields of the", "\x1b\r")
    assert following.finish() == 0
    assert following.asked <= 5
    assert (project / "specs/002-orders/plan.md").is_file()
    assert all(line.startswith("?? ") for line in status(project))
