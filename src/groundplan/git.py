"""A git repository, as far as an update needs it."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from groundplan.refusal import RefusalError

# Objects that no commit of the person's will ever name need an author all the same.
NOBODY = {
    f"GIT_{role}_{part}": value
    for role in ("AUTHOR", "COMMITTER")
    for part, value in (("NAME", "groundplan"), ("EMAIL", "groundplan@localhost"))
}


class Entry(NamedTuple):
    """A file in a tree: its mode and the name of its content."""

    mode: str
    blob: str


Tree = dict[str, Entry]


class Repository:
    """The repository that a folder belongs to.

    Args:
        folder: any folder in its work tree.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prefix = self.line("rev-parse", "--show-prefix")
        self.top = Path(self.line("rev-parse", "--show-toplevel"))
        self.private = self.top / self.line("rev-parse", "--git-dir")

    def run(
        self, *arguments: str, given: bytes = b"", check: bool = True, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git at the top of the work tree.

        Raises:
            RefusalError: with git's last line, when it ends with another status than 0 and ``check`` is set.
        """
        result = subprocess.run(
            ["git", *arguments],
            cwd=getattr(self, "top", self.folder),
            input=given,
            capture_output=True,
            check=False,
            env={**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", **(variables or {})},
        )
        if check and result.returncode:
            said = result.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"]
            raise RefusalError(f"git: {said[-1].removeprefix('fatal: ')}")
        return result

    def text(self, *arguments: str, given: bytes = b"", variables: Mapping[str, str] | None = None) -> str:
        """Run git and return what it printed."""
        return os.fsdecode(self.run(*arguments, given=given, variables=variables).stdout)

    def line(self, *arguments: str) -> str:
        """Run git and return its only line."""
        return self.text(*arguments).rstrip("\n")

    def names(self, *arguments: str) -> list[str]:
        """Run git with ``-z`` among the arguments and return the names that it printed."""
        return [name for name in self.text(*arguments).split("\0") if name]

    def status(self) -> list[str]:
        """List what differs from the last commit: two letters and a path each."""
        return self.names("status", "--porcelain", "-z", "--no-renames")

    def unmerged(self) -> dict[str, str]:
        """List the files in conflict, with the sides that have one: 1 the old version, 2 the project, 3 the new version."""
        found: dict[str, str] = {}
        for entry in self.names("ls-files", "--unmerged", "-z"):
            facts, _, path = entry.partition("\t")
            found[path] = found.get(path, "") + facts.split()[2]
        return found

    def tree(self, name: str) -> Tree:
        """Read a tree or a commit."""
        entries = (entry.partition("\t") for entry in self.names("ls-tree", "-r", "-z", "--full-tree", name))
        return {path: Entry(facts.split()[0], facts.split()[2]) for facts, _, path in entries}

    def tree_of(self, folder: Path, index: Path) -> str:
        """Write a folder's files as a tree.

        Args:
            folder: the files.
            index: where the temporary index may be written.
        """
        variables = {"GIT_INDEX_FILE": str(index), "GIT_WORK_TREE": str(folder), "GIT_DIR": str(self.private)}
        # What is rendered is what is stored: neither ignored nor with other line ends.
        options = ("-c", "core.autocrlf=false", "-c", "core.safecrlf=false", "-c", f"core.excludesFile={os.devnull}")
        self.run(*options, "-C", str(folder), "add", "--all", "--force", ".", variables=variables)
        return self.line_with("write-tree", variables={"GIT_INDEX_FILE": str(index)})

    def line_with(self, *arguments: str, given: bytes = b"", variables: Mapping[str, str]) -> str:
        """Run git with environment variables and return its only line."""
        return self.text(*arguments, given=given, variables=variables).rstrip("\n")

    def write(self, tree: Tree, index: Path) -> str:
        """Write a tree and return its name."""
        entries = "".join(f"{entry.mode} {entry.blob}\t{path}\0" for path, entry in tree.items())
        variables = {"GIT_INDEX_FILE": str(index)}
        index.unlink(missing_ok=True)
        self.run("update-index", "-z", "--index-info", given=os.fsencode(entries), variables=variables)
        return self.line_with("write-tree", variables=variables)

    def commit_of(self, tree: str, message: str, *parents: str) -> str:
        """Make a commit of a tree that no branch names."""
        options = [option for parent in parents for option in ("-p", parent)]
        return self.line_with("commit-tree", "--no-gpg-sign", tree, *options, "-m", message, variables=NOBODY)

    def content(self, entry: Entry) -> bytes:
        """Read a file of a tree."""
        return self.run("cat-file", "blob", entry.blob).stdout

    def stored(self, entry: Entry, content: bytes) -> Entry:
        """Store another content for a file of a tree."""
        blob = self.run("hash-object", "-w", "--stdin", given=content).stdout.decode().strip()
        return Entry(entry.mode, blob)
