"""A project as its answers files tell of it."""

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from groundplan.refusal import RefusalError

# LibYAML reads the same ten times as fast; where PyYAML was built without it, its own loader does.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PROJECT_ANSWERS = ".copier-answers.yml"
FEATURE_ANSWERS = ".copier-answers.feature.yml"
POINTER = Path(".specify/feature.json")


@dataclass(frozen=True)
class Layer:
    """The project's own files, or those of one feature: what one answers file stands for.

    Args:
        root: the project.
        file: the answers file, from there.
    """

    root: Path
    file: str

    @property
    def is_project(self) -> bool:
        """Tell the project's own layer from a feature's."""
        return self.file == PROJECT_ANSWERS

    @property
    def title(self) -> str:
        """Name the layer for people."""
        return "project" if self.is_project else Path(self.file).parent.name

    def answers(self) -> dict[str, Any]:
        """Read the answers, with ``_commit`` and ``_src_path`` among them.

        Raises:
            RefusalError: when the file cannot be read.
        """
        try:
            content = yaml.load((self.root / self.file).read_text("utf-8"), LOADER)
        except FileNotFoundError:
            above = [folder for folder in self.root.resolve().parents if (folder / PROJECT_ANSWERS).is_file()]
            go = f"cd {shlex.quote(str(above[0]))}" if above else "go to the folder of a project"
            raise RefusalError(f"there is no {self.file} here: {go} first") from None
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            place = getattr(error, "problem_mark", None)
            where = f", line {place.line + 1}" if place else ""
            raise RefusalError(
                f"{self.file}{where} cannot be read: bring it back with git restore {self.file}"
            ) from None
        if not isinstance(content, dict) or not content.get("_src_path"):
            raise RefusalError(f"{self.file} names no template (_src_path): bring it back with git restore {self.file}")
        return content

    def said(self) -> dict[str, Any]:
        """Read the answers to questions alone."""
        return {name: value for name, value in self.answers().items() if not name.startswith("_")}


def _plain(name: str) -> str:
    """Reduce a name to what is common to job_offers, job-offers and JobOffers."""
    return re.sub(r"[\W_]", "", name).lower()


class Project:
    """A project in a folder.

    Args:
        root: its folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.layer = Layer(root, PROJECT_ANSWERS)
        self.answers = self.layer.answers()

    def features(self) -> Iterator[Layer]:
        """List the features that still have their answers file, in the order of their numbers."""
        files = [path.relative_to(self.root).as_posix() for path in self.root.glob(f"specs/*/{FEATURE_ANSWERS}")]
        yield from (Layer(self.root, file) for file in sorted(files, key=lambda file: (len(file.split("-")[0]), file)))

    def foreign(self, layer: Layer) -> Callable[[str], bool]:
        """Return what tells of a path whether it is another feature's: it stands in its specs, or its module's name is in it.

        Args:
            layer: the layer whose paths are not foreign.
        """
        modules = {_plain(str(other.said().get("module", ""))): other for other in self.features()}

        def is_foreign(path: str) -> bool:
            parts = path.split("/")
            if parts[0] == "specs" and len(parts) > 2:
                return parts[1] != Path(layer.file).parent.name
            found = [name for part in parts for name in modules if name and name in _plain(part)]
            return bool(found) and modules[max(found, key=len)] != layer

        return is_foreign

    @property
    def source(self) -> str:
        """Where the template comes from, as Copier stored it."""
        return str(self.answers["_src_path"])

    @property
    def version(self) -> str | None:
        """The template's version; nothing where the template is in no repository."""
        commit = self.answers.get("_commit")
        return None if commit is None else str(commit)

    @cached_property
    def targets(self) -> set[str]:
        """The targets of the project's Makefile."""
        makefile = self.root / "Makefile"
        lines = makefile.read_text("utf-8", "replace").splitlines() if makefile.is_file() else []
        return {line.partition(":")[0] for line in lines if ":" in line and not line.startswith(("\t", "#", "."))}

    def again(self, command: str) -> str:
        """Say how a person calls a command of this project again."""
        return f"make {command}" if command in self.targets else "the same command"
