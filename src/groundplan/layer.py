"""Copier's update of one layer, with git's merge in place of Copier's own.

Copier applies a patch: it deletes what the new version lacks, edited or not, and does not see a file that was renamed.
Everything else is Copier's: checks, questions, rendering.
"""

import atexit
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from copier._jinja_ext import SandboxedEnvironment
from copier._main import Worker
from copier._subproject import Subproject
from copier._template import Template
from copier._types import Phase

from groundplan.git import Repository
from groundplan.merge import Merge, Outcome


@cache
def template_at(url: str, ref: str | None) -> Template:
    """Clone a version of a template, once for all layers.

    Args:
        url: as it stands in answers files.
        ref: tag or commit; nothing for the newest tag.
    """
    template = Template(url=url, ref=ref)
    atexit.register(template._cleanup)
    return template


@cache
def _environment(url: str, ref: str | None) -> dict[str, SandboxedEnvironment]:
    """Keep what was compiled of a version of a template."""
    return {}


class LayerUpdate(Worker):
    """Updates one layer.

    ``foreign`` has to be set before: it tells of a path whether it is another layer's. ``approve`` looks at both renderings before
    anything is written, and may raise. What was done stands in ``outcome``.
    """

    foreign: Callable[[str], bool]
    approve: Callable[[Path, Path], None] = staticmethod(lambda old, new: None)
    outcome: Outcome

    @cached_property
    def template(self) -> Template:
        """Share clones with the other layers."""
        url = self.src_path or str(self.subproject.last_answers["_src_path"])
        return template_at(url, self.resolved_vcs_ref)

    @cached_property
    def subproject(self) -> Subproject:
        """Share the clone of the old version, too."""
        subproject = Subproject(
            local_abspath=self.dst_path.absolute(), answers_relpath=self.answers_file or Path(".copier-answers.yml")
        )
        last = subproject.last_answers
        if "_src_path" in last:
            subproject.__dict__["template"] = template_at(str(last["_src_path"]), last.get("_commit"))
        return subproject

    @cached_property
    def jinja_env(self) -> SandboxedEnvironment:
        """Share what was compiled."""
        shared = _environment(self.template.url, self.template.ref)
        if not shared:
            shared["environment"] = Worker.jinja_env.func(self)  # type: ignore[attr-defined]
        return shared["environment"]

    def _sync_git_index_executable_bit(self, dst_relpath: Path, src_mode: int) -> None:
        """Nothing is rendered into a work tree, so no index needs to know."""

    def _apply_update(self) -> None:
        """Render both versions beside the project, and merge them into it."""
        with TemporaryDirectory(prefix="groundplan-") as name:
            scratch = Path(name)
            old, new = scratch / "old", scratch / "new"
            with Phase.use(Phase.PROMPT):
                self._ask()
            before = self.subproject.template
            assert before
            self._render(old, self.subproject.last_answers, before.commit)
            self._render(new, self._known(), self.resolved_vcs_ref)
            self.approve(old, new)
            repository = Repository(self.subproject.local_abspath)
            self.outcome = Merge(
                repository,
                old,
                new,
                self.answers_relpath.as_posix(),
                str(self.template.commit),
                settled=lambda path: self.match_skip(Path(path)),
                foreign=self.foreign,
            ).run(scratch)

    def _render(self, folder: Path, data: Mapping[str, Any], ref: Any) -> None:
        """Render a version with answers that are there already."""
        with replace(
            self,
            dst_path=folder,
            data=dict(data),
            defaults=True,
            quiet=True,
            src_path=self.template.url,
            vcs_ref=ref,
            ask=(),
        ) as worker:
            worker.run_copy()

    def computed(self) -> dict[str, Any]:
        """List every answer, with those that the template computes."""
        with Phase.use(Phase.PROMPT):
            self._ask()
        return dict(self.answers.combined)

    def _known(self) -> dict[str, Any]:
        """List the answers that the new version's answers file will hold."""
        return {name: value for name, value in self._answers_to_remember().items() if not name.startswith("_")}
