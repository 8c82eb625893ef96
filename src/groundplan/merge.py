"""The three-way merge of a layer: the old version rendered, the new version rendered, and what a person made of it.

Git merges. Before that, the two renderings are brought into the project's shape: a file that a person renamed stands where
the person put it, one that was deleted is in neither, all have the line ends of the project's own, and a gate that `make gates` has
ticked is ticked in both. So git finds a renamed
file on the template's side only, among the files of the layer, and never takes another feature's file for it.
"""

import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from groundplan.git import Repository, Tree
from groundplan.refusal import RefusalError

SUBJECT = "groundplan: "
"""What the label of a conflict begins with, after the commit's short name."""

TICKED = re.compile(rb"^- \[x\] (\*\*.+) \(passed \d{4}-\d\d-\d\d\)\r?$", re.MULTILINE)
"""A gate's line as `make gates` writes it: the template's own is the same with an empty box and without the day."""


@dataclass
class Outcome:
    """What a merge did: sentences for the person, and the files that wait for one, each with the reason and what to do about it."""

    told: list[str] = field(default_factory=list)
    conflicts: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Merge:
    """A layer's merge.

    Args:
        repository: the project's.
        old: folder with the old version rendered.
        new: folder with the new version rendered.
        answers: path of the layer's answers file; it is the new version's, whatever was written into it.
        version: the new version, as people call it.
        settled: tells of a path whether an existing file is nobody's but the person's.
        foreign: tells of a path whether it is another layer's.
    """

    repository: Repository
    old: Path
    new: Path
    answers: str
    version: str
    settled: Callable[[str], bool]
    foreign: Callable[[str], bool]
    index: Path = field(init=False)
    followed: dict[str, dict[str, str]] = field(init=False, default_factory=dict)

    def run(self, scratch: Path) -> Outcome:
        """Merge into the work tree and the index.

        Args:
            scratch: folder for temporary files.

        Raises:
            RefusalError: before anything is written, when git cannot do it.
        """
        self.index = scratch / "index"
        trees = [self.repository.tree_of(folder, scratch / f"{folder.name}.index") for folder in (self.old, self.new)]
        base, theirs = (self._placed(self.repository.tree(tree)) for tree in trees)
        ours = self.repository.tree("HEAD")
        moves = self._moves(*trees)
        outcome = Outcome()
        answers = self.repository.prefix + self.answers
        if answers in ours:
            base[answers] = ours[answers]
        for path in [path for path in {**base, **theirs} if path in ours and self._is_settled(path)]:
            base.pop(path, None)
            theirs.pop(path, None)
        edited = {path for path in base if path in ours and ours[path] != base[path]}
        stays = theirs.keys() | moves.keys() | edited
        gone = [path for path in base if path in ours and path not in stays]
        outcome.told += [f"{self._shown(path)} is removed: {self.version} has it no longer" for path in gone]
        outcome.told += self._follow(base, theirs, ours, moves)
        self._keep_line_ends(base, theirs, ours, moves)
        self._keep_ticks(base, theirs, ours, moves)
        self._refuse_unknown(path for path in theirs if path not in ours)
        merged = self._pick(self.repository.write(base, self.index), self.repository.write(theirs, self.index))
        outcome.conflicts = {path: self._advice(path, sides) for path, sides in self.repository.unmerged().items()}
        if merged.returncode and not outcome.conflicts:
            said = merged.stderr.decode("utf-8", "replace").strip().splitlines()
            raise RefusalError(f"git could not merge: {said[0] if said else 'it does not say why'}")
        outcome.told += [
            f"{self._shown(new)} was {self._shown(old)}; your edits moved along"
            for old, new in moves.items()
            if old in edited and old not in outcome.conflicts and new not in outcome.conflicts
        ]
        return outcome

    def _placed(self, tree: Tree) -> Tree:
        """Put a rendering where the project stands in its repository."""
        return {self.repository.prefix + path: entry for path, entry in tree.items()}

    def _shown(self, path: str) -> str:
        """Write a path as the person sees it, from the project's folder."""
        return path.removeprefix(self.repository.prefix)

    def _is_settled(self, path: str) -> bool:
        return self.settled(self._shown(path))

    def _moves(self, base: str, theirs: str) -> dict[str, str]:
        """Find what the template moved, as git does."""
        return {
            self.repository.prefix + old: self.repository.prefix + new
            for old, new in renames(self.repository, base, theirs)
        }

    def _follow(self, base: Tree, theirs: Tree, ours: Tree, moves: dict[str, str]) -> Iterator[str]:
        """Take files that a person deleted out of both renderings, and put renamed ones where the person put them."""
        for path in [path for path in base if path not in ours]:
            target = path if path in theirs else moves.get(path, "")
            before, after = base.pop(path), theirs.pop(target, None)
            if after == before:
                continue
            place = self._renamed(path, ours)
            shown, whose = self._shown(place), self._shown(path)
            if place and after:
                base[place], theirs[place] = before, after
                yield f"{shown} was {whose} and got its changes"
            elif place:
                yield f"{shown} was {whose}, which {self.version} has no longer; it is kept"
            elif after:
                yield (
                    f"{whose} is not here any more, so its changes in {self.version} were not merged; "
                    "if you renamed it, make them by hand"
                )

    def _renamed(self, path: str, ours: Tree) -> str:
        """Follow a file through the history: the place that it has now, or nothing.

        Only a commit that takes a file away and brings a similar one counts.
        """
        seen: set[str] = set()
        while path not in ours:
            seen.add(path)
            commit = self.repository.line(
                "log", "-1", "--full-history", "--no-renames", "--diff-filter=D", "--format=%H", "--", path
            )
            path = self._renames_in(commit).get(path, "") if commit else ""
            if not path or path in seen:
                return ""
        return path

    def _renames_in(self, commit: str) -> dict[str, str]:
        """Find what a commit renamed; files of other features, as similar as they are, do not count."""
        if commit not in self.followed:
            before, after = self.repository.tree(f"{commit}^"), self.repository.tree(commit)
            sides = [
                self.repository.write(
                    {
                        path: entry
                        for path, entry in side.items()
                        if path not in other and not self.foreign(self._shown(path))
                    },
                    self.index,
                )
                for side, other in ((before, after), (after, before))
            ]
            self.followed[commit] = dict(renames(self.repository, *sides))
        return self.followed[commit]

    def _keep_line_ends(self, base: Tree, theirs: Tree, ours: Tree, moves: dict[str, str]) -> None:
        """Give both renderings of a file the line ends that it has in the project."""
        for path in [path for path in base if ours.get(path, base[path]) != base[path]]:
            target = path if path in theirs else moves.get(path, "")
            own = self.repository.content(ours[path]) if ours[path].mode != "120000" else b""
            if own.count(b"\r\n") * 2 <= own.count(b"\n") or b"\0" in own:
                continue
            for tree, place in ((base, path), (theirs, target)):
                if place in tree:
                    content = self.repository.content(tree[place]).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
                    tree[place] = self.repository.stored(tree[place], content)

    def _keep_ticks(self, base: Tree, theirs: Tree, ours: Tree, moves: dict[str, str]) -> None:
        """Tick in both renderings of a plan what is ticked in the project; a gate that is worded anew is open, as nothing has checked it."""
        for path in [path for path in base if path.endswith(".md") and ours.get(path, base[path]) != base[path]]:
            target = path if path in theirs else moves.get(path, "")
            ticked = {
                b"- [ ] " + line[1]: line[0].rstrip(b"\r")
                for line in TICKED.finditer(self.repository.content(ours[path]))
            }
            for tree, place in ((base, path), (theirs, target)):
                if ticked and place in tree:
                    lines = self.repository.content(tree[place]).splitlines(keepends=True)
                    new = [ticked.get(text := line.rstrip(b"\r\n"), text) + line[len(text) :] for line in lines]
                    tree[place] = self.repository.stored(tree[place], b"".join(new))

    def _refuse_unknown(self, paths: Iterator[str]) -> None:
        """Refuse to write over a file that git does not know: nothing could bring it back."""
        for path in paths:
            if (self.repository.top / path).is_file():
                raise RefusalError(
                    f"{self._shown(path)} comes with {self.version}, and a file of that name is here that git ignores: "
                    "move it away first"
                )

    def _pick(self, base: str, theirs: str) -> subprocess.CompletedProcess[bytes]:
        """Let git carry what differs between two trees over to the project."""
        parent = self.repository.commit_of(base, "base")
        change = self.repository.commit_of(theirs, f"{SUBJECT}{self.version}", parent)
        # No hook of the person's belongs between; directories that moved are none of git's guesses.
        settings = {
            "core.hooksPath": "/dev/null",
            "merge.directoryRenames": "false",
            "merge.renames": "true",
            "rerere.enabled": "false",
        }
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        return self.repository.run(*options, "cherry-pick", "--no-commit", change, check=False)

    def _advice(self, path: str, sides: str) -> tuple[str, str]:
        """Say of a file in conflict why it is, and what to do."""
        name = shlex.quote(path if not self.repository.prefix else f":/{path}")
        if sides == "12":
            return (
                f"you changed it, and {self.version} has it no longer",
                f"git add {name} keeps it, git rm {name} removes it",
            )
        if sides in ("123", "23"):
            return f"you and {self.version} changed the same lines", f"edit it, then git add {name}"
        return f"it is in the way of a file of {self.version}", "move one of both, then git add --all"


def renames(repository: Repository, old: str, new: str) -> Iterator[tuple[str, str]]:
    """Find the files that were renamed between two trees or commits: the old path and the new."""
    found = iter(repository.names("diff-tree", "-r", "-z", "-M", "-l0", "--diff-filter=R", "--name-status", old, new))
    for _, before, after in zip(found, found, found, strict=True):
        yield before, after
