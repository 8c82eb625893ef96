"""``groundplan status``: the features of a project, their versions and changes, and which refers to which."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from groundplan.layer import LayerUpdate
from groundplan.project import Layer, Project
from groundplan.refusal import RefusalError
from groundplan.update import say

HEADINGS = ("FEATURE", "VERSION", "ENTITIES", "CHANGES", "REFERS TO")


@dataclass(frozen=True)
class Feature:
    """What there is to know of a feature.

    Args:
        name: its folder below ``specs/``.
        version: the template's version that it has.
        behind: whether the project has another one.
        entities: what it stores today, as ``module.Entity``.
        changes: the days on which it was changed.
        refers_to: the entities of other features that it refers to.
        referred_by: the features that refer to it.
    """

    name: str
    version: str
    behind: bool
    entities: list[str]
    changes: list[str]
    refers_to: list[str]
    referred_by: list[str]


def show(root: Path, as_json: bool, trusted: bool) -> int:
    """Print the features of a project, and return the exit status.

    Args:
        root: the project.
        as_json: whether a program reads what is printed.
        trusted: whether the template's extensions may run.
    """
    project = Project(root)
    layers = list(project.features())
    told = [_history(project, layer, trusted) for layer in layers]
    entities = [[f"{model['module']}.{model['name']}" for model in one["models"]] for one in told]
    refers = [
        sorted(
            {f"{field['target_module']}.{field['target']}" for model in one["models"] for field in model["referring"]}
        )
        for one in told
    ]
    features = [
        Feature(
            layer.title,
            str(layer.answers().get("_commit")),
            layer.answers().get("_commit") != project.version,
            entities[number],
            [block["date"] for block in told[number]["blocks"]],
            [name for name in refers[number] if name not in entities[number]],
            [
                other.title
                for place, other in enumerate(layers)
                if place != number and {*refers[place]} & {*entities[number]}
            ],
        )
        for number, layer in enumerate(layers)
    ]
    if as_json:
        say(json.dumps({"version": project.version, "features": [asdict(one) for one in features]}, indent=2))
        return 0
    say(f"{project.answers.get('project_name')}, {project.answers.get('stack')}, at {project.version} of the template")
    rows = [HEADINGS, *(_row(feature) for feature in features)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    for row in rows if features else []:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    if any(feature.behind for feature in features):
        say(f"Some are not at the project's version: {project.again('update')} brings them along.")
    return 0


def _row(feature: Feature) -> tuple[str, ...]:
    changes = f"{len(feature.changes)}, last {feature.changes[-1]}" if feature.changes else "none"
    version = f"{feature.version}{' (not the project’s)' if feature.behind else ''}"
    names = [name.rpartition(".")[2] for name in feature.entities]
    return feature.name, version, ", ".join(names), changes, ", ".join(feature.refers_to) or "none"


def _history(project: Project, layer: Layer, trusted: bool) -> dict[str, Any]:
    """Ask the template how the entities of a feature came to be what they are."""
    said = layer.answers()
    with LayerUpdate(
        dst_path=project.root, answers_file=Path(layer.file), vcs_ref=said.get("_commit"), quiet=True, unsafe=trusted
    ) as worker:
        worker._check_unsafe("update")
        functions: dict[str, Any] = worker.jinja_env.globals
        if "history" not in functions:
            raise RefusalError(f"{layer.title} is at a version that knows no changes: {project.again('update')}")
        stack = functions["stack_of"](said["stack"])
        known = (said[name] for name in ("entity", "fields"))
        facts = said["module"], said["feature_number"], said.get("migration_parent", ""), stack["migrations"]
        changes = said.get("changes", "")
        found: dict[str, Any] = functions["history"](worker.jinja_env, *known, changes, stack["names"], *facts)
        return found
