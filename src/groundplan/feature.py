"""``groundplan feature``: the next feature, at the version that the project has."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import copier

from groundplan.project import POINTER, Project
from groundplan.update import say


def start(root: Path, data: Mapping[str, Any], defaults: bool, trusted: bool) -> None:
    """Copy the next feature into a project, and point spec-kit to it.

    Args:
        root: the project.
        data: answers given already.
        defaults: whether nothing is asked.
        trusted: whether the template's extensions may run.
    """
    project = Project(root)
    before = {layer.file for layer in project.features()}
    copier.run_copy(
        project.source,
        root,
        {**data, "_groundplan": True},
        vcs_ref=project.version,
        defaults=defaults,
        unsafe=trusted,
        quiet=defaults,
    )
    for layer in project.features():
        if layer.file not in before:
            pointer = root / POINTER
            folder = Path(layer.file).parent.as_posix()
            pointer.parent.mkdir(exist_ok=True)
            pointer.write_text(json.dumps({"feature_directory": folder}) + "\n", "utf-8")
            say(f"The feature is in {folder}, which {POINTER} now names.")
