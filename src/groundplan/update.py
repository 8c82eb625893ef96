"""``groundplan update``: the project, then each feature, a commit each, stopping where a person has to decide."""

import difflib
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from copier._template import Template

from groundplan.git import Repository
from groundplan.layer import LayerUpdate, template_at
from groundplan.merge import SUBJECT, Outcome
from groundplan.project import Layer, Project
from groundplan.refusal import RefusalError

COMMAND = "update"
MARKERS = rf"^(<<<<<<< before updating|>>>>>>> (after updating|[0-9a-f]+ \({SUBJECT}))"
"""The markers of a conflict that an update made, Copier's and those of this command; other text may look like others."""


@dataclass(frozen=True)
class Options:
    """What was typed.

    Args:
        data: answers to change.
        defaults: whether new questions take their default instead of being asked.
        trusted: whether the template's extensions may run.
        version: the template's version to come to, instead of the newest.
    """

    data: Mapping[str, Any]
    defaults: bool = False
    trusted: bool = False
    version: str | None = None


class Update:
    """An update of a whole project.

    Args:
        root: the project.
        options: what was typed.
    """

    def __init__(self, root: Path, options: Options) -> None:
        self.root = root
        self.options = options
        self.project = Project(root)
        self.repository = Repository(root)
        self.begun = self.repository.private / "groundplan-update"
        """Holds the message of a commit that is still to be made."""

    @property
    def again(self) -> str:
        """Say what to type to go on."""
        return self.project.again(COMMAND)

    def run(self) -> int:
        """Update, and return the exit status."""
        self._resume()
        self._check_work_tree()
        return self._update_layers(rehearsal=False)

    def _update_layers(self, rehearsal: bool) -> int:
        """Update what is older than the target.

        Args:
            rehearsal: whether this is a copy of the project, where a conflict ends nothing.
        """
        target = template_at(self.project.source, self.options.version)
        self._check_data(target)
        layers = [self.project.layer, *self.project.features()]
        wanted = {**self.project.layer.said(), **self.options.data}
        pending = [layer for layer in layers if self._is_pending(layer, target, wanted)]
        if not pending:
            say(
                f"Nothing to do: the project and its features are at {self.project.version}, and nothing newer is there."
            )
            return 0
        for layer in pending:
            outcome = self._update(layer, target)
            if self._report(layer, outcome, rehearsal) and not rehearsal:
                return 1
        return 0

    def rehearse(self) -> int:
        """Update a copy of the project that is thrown away, so that what is said is what would happen."""
        if self.begun.exists():
            raise RefusalError(f"an update is not finished yet: {self.again} goes on with it")
        self._check_work_tree()
        with TemporaryDirectory(prefix="groundplan-") as name:
            copy = Path(name) / self.repository.top.name
            self.repository.run("clone", "--quiet", "--shared", "--", str(self.repository.top), str(copy))
            options = Options(self.options.data, True, self.options.trusted, self.options.version)
            status = Update(copy / self.repository.prefix, options)._update_layers(rehearsal=True)
        say("Nothing was written.")
        return status

    def _resume(self) -> None:
        """Make the commit that an update was stopped before, by a conflict or by a hook."""
        unmerged = self.repository.unmerged()
        if unmerged:
            names = ", ".join(sorted(unmerged))
            raise RefusalError(f"still in conflict: {names}. Solve that, git add what is solved, then: {self.again}")
        if not self.begun.exists():
            return
        self._check_markers()
        message = self.begun.read_text("utf-8")
        lines = self.repository.status()
        if any(line[1] != " " for line in lines):
            raise RefusalError(
                f"an update waits to be committed, and not all is staged: git add --all, then: {self.again}"
            )
        if lines:
            self._commit(message)
        self.begun.unlink()

    def _check_work_tree(self) -> None:
        """Refuse to begin where something could get mixed up."""
        if self.repository.status():
            raise RefusalError(
                f"there are changes that are not committed. Commit or stash them first, then: {self.again}"
            )
        self._check_markers()

    def _check_markers(self) -> None:
        check_markers(self.repository, self.again)

    def _check_data(self, target: Template) -> None:
        """Refuse what is no answer of the project's: a feature has its own, and some are nobody's."""
        if not self.options.data:
            return
        stored = self.project.layer.said()
        questions = {name for name, facts in target.questions_data.items() if facts.get("when") is not False}
        features = {name for layer in self.project.features() for name in layer.said()}
        for name in self.options.data:
            if name in stored or (name in questions and name not in features):
                continue
            if name in features:
                raise RefusalError(
                    f"{name} belongs to a feature, and an update is of all of them: it cannot be given here"
                )
            close = difflib.get_close_matches(name, sorted(questions & stored.keys()), 1)
            raise RefusalError(f"there is no question {name!r}" + (f", did you mean {close[0]!r}?" if close else ""))

    def _is_pending(self, layer: Layer, target: Template, wanted: Mapping[str, Any]) -> bool:
        """Tell whether a layer is older than the target, or does not say what the whole project is to say."""
        stored = layer.answers()
        commit = stored.get("_commit")
        if commit is None or target.commit is None:
            raise RefusalError(f"{self.project.source} is no git repository, so it has no versions to update to")
        if commit != target.commit:
            before = template_at(self.project.source, str(commit))
            if before.version is None or target.version is None:
                raise RefusalError(
                    f"{commit} and {target.commit} are no versions that can be compared: tag the template"
                )
            if before.version < target.version:
                return True
        news = self.options.data if layer.is_project else {}
        return any(name not in stored for name in news) or any(
            stored.get(name, value) != value for name, value in wanted.items()
        )

    def _update(self, layer: Layer, target: Template) -> Outcome:
        """Merge a layer; a feature takes the project's answers, so that both say the same."""
        stored = layer.said()
        shared = {} if layer.is_project else self.project.layer.said()
        data = {name: value for name, value in shared.items() if stored.get(name) != value}
        if layer.is_project:
            data |= self.options.data
        with LayerUpdate(
            dst_path=self.root,
            answers_file=Path(layer.file),
            data={**data, "_groundplan": True},
            vcs_ref=self.options.version,
            defaults=self.options.defaults,
            overwrite=True,
            quiet=True,
            skip_answered=True,
            unsafe=self.options.trusted,
        ) as worker:
            worker.foreign = self.project.foreign(layer)
            worker.run_update()
            return worker.outcome

    def _report(self, layer: Layer, outcome: Outcome, rehearsal: bool) -> bool:
        """Say what a merge did, or would do, and commit it; tell whether a person has to decide something."""
        say(f"{layer.title}: {layer.answers().get('_commit')}, {self._counted()}")
        for line in outcome.told:
            say(f"  {line}")
        for path, (reason, advice) in outcome.conflicts.items():
            say(f"  {path}: {reason}" if rehearsal else f"  {path}: {reason}: {advice}")
        message = f"chore: update {layer.title} to {layer.answers().get('_commit')} of the template"
        if rehearsal:
            self.repository.run("add", "--all")
            self.repository.run("commit", "--quiet", "--no-verify", "--allow-empty", "--message", message)
            return bool(outcome.conflicts)
        self.begun.write_text(message, "utf-8")
        if outcome.conflicts:
            say(f"Then type: {self.again}")
            return True
        if self.repository.status():
            self._commit(message)
        self.begun.unlink()
        return False

    def _counted(self) -> str:
        """Count what differs from the last commit."""
        count = len({line[3:] for line in self.repository.status()})
        return f"{count} file{'' if count == 1 else 's'} changed"

    def _commit(self, message: str) -> None:
        """Commit what is staged, with the person's own hooks."""
        command = ["git", "commit", "--quiet", "--message", message]
        result = subprocess.run(command, cwd=self.root, check=False, stdout=sys.stderr)
        if result.returncode:
            raise RefusalError(
                f"git commit was refused, its reasons stand above. Mend that, git add --all, then: {self.again}"
            )


def check_markers(repository: Repository, again: str) -> None:
    """Refuse to build on a conflict that was staged or committed as it was.

    Args:
        repository: the project's.
        again: what to type to go on.
    """
    found = repository.run("grep", "-lzE", MARKERS, "--", ":/", check=False).stdout
    names = sorted(name for name in found.decode("utf-8", "replace").split("\0") if name)
    if names:
        raise RefusalError(
            f"conflict markers (<<<<<<<, >>>>>>>) are left in {', '.join(names)}: solve that, commit, then: {again}"
        )


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    print(line, flush=True)
