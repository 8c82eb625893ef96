"""``groundplan change``: what changes of a feature's entities, said once; migration, code and documents follow."""

import datetime as dt
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import questionary

from groundplan.git import Repository
from groundplan.layer import LayerUpdate
from groundplan.project import Layer, Project
from groundplan.refusal import RefusalError
from groundplan.update import check_markers, say

COMMAND = "change"
HELP = """What changes, one a line; end with Esc, Enter:
  + subtitle:str(80)?    new, may be empty      + pages:int <- 1   required: rows that are there get 1
  title -> headline      another name           ~ pages:bigint     another type, or other options
  - subtitle             gone, with its values  + Tag.colour:str   of another entity of the feature
"""


@dataclass(frozen=True)
class Options:
    """What was typed.

    Args:
        feature: its number, folder or module; nothing to be asked.
        lines: the changes; nothing to be asked.
        why: the reason, in one line.
        approved: whether nothing is asked before it is written.
        rehearsal: whether nothing is written.
        as_json: whether a program reads what is printed.
        trusted: whether the template's extensions may run.
    """

    feature: str = ""
    lines: str = ""
    why: str = ""
    approved: bool = False
    rehearsal: bool = False
    as_json: bool = False
    trusted: bool = False


@dataclass(frozen=True)
class Proposal:
    """What a block of changes would make.

    Args:
        lines: the block, with its heading.
        said: each change in words.
        new: files that come.
        changed: files that are merged.
    """

    lines: str
    said: list[str]
    new: list[str]
    changed: list[str]


class _DeclinedError(Exception):
    """The person looked at what would be made, and did not want it; or it was only to be looked at."""


class Change:
    """Changes of one feature.

    Args:
        root: the project.
        options: what was typed.
    """

    def __init__(self, root: Path, options: Options) -> None:
        self.root = root
        self.options = options
        self.project = Project(root)
        self.repository = Repository(root)
        self.again = self.project.again(COMMAND)
        self.proposal: Proposal | None = None

    def run(self) -> int:
        """Ask for what is not given, show what would be made, make it, and return the exit status."""
        layer = self._layer()
        if self.repository.status():
            raise RefusalError(
                f"there are changes that are not committed. Commit or stash them first, then: {self.again}"
            )
        check_markers(self.repository, self.again)
        stored = layer.answers()
        lines = self.options.lines.strip() or self._asked(stored)
        why = " ".join((self.options.why or self._asked_why()).split())
        facts = self._known(layer, {})
        after = str(facts["newest"])
        _refuse_several(after)
        heading = f"@ {dt.datetime.now().astimezone().date().isoformat()}{f' after {after}' if after else ''}{f': {why}' if why else ''}"
        block = f"{heading}\n{lines}\n"
        changes = "\n".join(filter(None, [str(stored.get("changes") or "").rstrip("\n"), block]))
        try:
            return self._make(layer, block, changes)
        except _DeclinedError:
            if not self.options.as_json:
                say("Nothing was written.")
            return 0

    def _layer(self) -> Layer:
        """Find the feature that is meant, or ask for it."""
        layers = list(self.project.features())
        titles = [layer.title for layer in layers]
        if not layers:
            raise RefusalError("no feature has an answers file here, so none can be changed")
        wanted = self.options.feature.strip().rstrip("/").rpartition("/")[2]
        if not wanted and len(layers) == 1:
            return layers[0]
        if not wanted and sys.stdin.isatty() and not self.options.as_json:
            title = _answered(questionary.select("Which feature changes?", choices=titles, qmark=">"))
            return layers[titles.index(title)]
        found = [layer for layer in layers if wanted and self._is_called(layer, wanted)]
        if len(found) != 1:
            begin = f"there is no feature {wanted!r}" if wanted else "no feature is named"
            raise RefusalError(f"{begin}: choose one of {', '.join(titles)}")
        return found[0]

    @staticmethod
    def _is_called(layer: Layer, wanted: str) -> bool:
        number = layer.title.partition("-")[0]
        by_number = wanted.isdigit() and number.isdigit() and int(wanted) == int(number)
        return by_number or wanted in (layer.title, layer.said().get("module"), layer.said().get("entity"))

    def _asked(self, stored: Mapping[str, Any]) -> str:
        """Show what the feature has, and ask for the changes."""
        if not sys.stdin.isatty():
            raise RefusalError("nothing is said to change: give it as an argument, such as '+ subtitle:str(80)?'")
        say(f"{stored.get('entity')} began with:\n")
        for line in str(stored.get("fields", "")).rstrip().splitlines():
            say(f"  {line}")
        if stored.get("changes"):
            say("\nand since then:\n")
            for line in str(stored["changes"]).rstrip().splitlines():
                say(f"  {line}")
        say(f"\n{HELP}")
        typed = _answered(questionary.text("", multiline=True, qmark=">", instruction=" "))
        if not typed.strip():
            raise RefusalError("nothing is said to change, so nothing was written")
        return typed.strip()

    def _asked_why(self) -> str:
        """Ask for the reason, where somebody is there to be asked."""
        if self.options.approved or self.options.as_json or not sys.stdin.isatty():
            return ""
        return _answered(questionary.text("Why, in one line (for the plan; may be left out)?", qmark=">"))

    def _worker(self, layer: Layer, data: Mapping[str, Any]) -> LayerUpdate:
        commit = layer.answers().get("_commit")
        if commit is None:
            raise RefusalError(f"{self.project.source} is no git repository, so nothing can be merged from it")
        if commit != self.project.version:
            raise RefusalError(
                f"{layer.title} is at {commit} of the template and the project at {self.project.version}: "
                f"bring them together first, with {self.project.again('update')}"
            )
        worker = LayerUpdate(
            dst_path=self.root,
            answers_file=Path(layer.file),
            data={**data, "_groundplan": True},
            vcs_ref=str(commit),
            defaults=True,
            overwrite=True,
            quiet=True,
            skip_answered=True,
            unsafe=self.options.trusted,
        )
        worker.foreign = self.project.foreign(layer)
        return worker

    def _known(self, layer: Layer, data: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the template what it makes of a feature's answers."""
        with self._worker(layer, data) as worker:
            if "changes" not in worker.template.questions_data:
                raise RefusalError(
                    f"this version of the template knows no changes: {self.project.again('update')} brings a newer one"
                )
            return worker.computed()

    def _make(self, layer: Layer, block: str, changes: str) -> int:
        with self._worker(layer, {"changes": changes}) as worker:
            worker.approve = lambda old, new: self._approve(layer, block, worker.answers.combined, old, new)
            worker.run_update()
            outcome = worker.outcome
        conflicts = {path: {"reason": reason, "advice": advice} for path, (reason, advice) in outcome.conflicts.items()}
        if self.options.as_json and self.proposal:
            say(json.dumps({"feature": layer.title, **vars(self.proposal), "conflicts": conflicts}, indent=2))
            return 1 if conflicts else 0
        for line in outcome.told:
            say(f"  {line}")
        for path, conflict in conflicts.items():
            say(f"  {path}: {conflict['reason']}: {conflict['advice']}")
        if conflicts:
            say("Solve that and git add what is solved. Then, as without a conflict:")
        tests = "make test" if "test" in self.project.targets else "run the tests"
        say(f'Next: look at it (git diff --staged), {tests}, git commit -m "feat: change {layer.title}"')
        return 1 if conflicts else 0

    def _approve(self, layer: Layer, block: str, facts: Mapping[str, Any], old: Path, new: Path) -> None:
        """Show what would be made, and ask.

        Raises:
            _DeclinedError: when it is not wanted.
        """
        before, after = (_contents(folder) for folder in (old, new))
        there = {path for path in after if (self.root / path).exists()}
        self.proposal = Proposal(
            block,
            facts["told"]["blocks"][-1]["said"] if facts["told"]["blocks"] else [],
            sorted(path for path in after if path not in before and path not in there),
            sorted(path for path in after if path in before and before[path] != after[path]),
        )
        if not self.options.as_json:
            self._show(layer, self.proposal)
        if self.options.rehearsal:
            if self.options.as_json:
                say(json.dumps({"feature": layer.title, **vars(self.proposal)}, indent=2))
            raise _DeclinedError
        if self.options.approved:
            return
        if self.options.as_json or not sys.stdin.isatty():
            raise RefusalError("nobody can be asked here: add --yes to make it, or --dry-run to look at it only")
        if not _answered(questionary.confirm("Make this?", qmark=">", default=True)):
            raise _DeclinedError

    def _show(self, layer: Layer, proposal: Proposal) -> None:
        say(f"{layer.title}, {proposal.lines.splitlines()[0].lstrip('@ ')}")
        for line in proposal.said:
            say(f"  {line}")
        for path in proposal.new:
            say(f"  new      {path}")
        for path in proposal.changed:
            say(f"  changed  {path}")


def _contents(folder: Path) -> dict[str, bytes]:
    """Read a rendering."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _refuse_several(after: str) -> None:
    """Refuse to follow migrations of which none is the newest.

    Raises:
        RefusalError: with those that are.
    """
    ends = after.split(", ")
    apps = [end.rpartition(".")[0] for end in ends]
    if several := [end for end, app in zip(ends, apps, strict=True) if apps.count(app) > 1]:
        raise RefusalError(
            f"the migrations {' and '.join(several)} are both the newest: let one follow the other first"
        )


def _answered(question: questionary.Question) -> str:
    """Ask, and return what was answered; what stands for yes is not empty."""
    answer = question.unsafe_ask()
    return answer if isinstance(answer, str) else "yes" if answer else ""
