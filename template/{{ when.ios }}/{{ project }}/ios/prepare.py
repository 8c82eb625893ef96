# Spec: .specify/memory/constitution.md
# /// script
# requires-python = ">=3.12"
# dependencies = ["pyyaml>=6,<7"]
# ///
"""Prepare what Swift's build needs of the features: contracts and their list (`uv run prepare.py`).

An entity's contract is beside the specification that the first line of its configuration names, and
the second line names its file. Some things are written differently for swift-openapi-generator, and mean the same:

- A property that may be null becomes one that may be left out: the generator leaves out a property
  whose schema is a choice between a reference and null (its issue 950). Swift reads null or
  nothing as `nil`, and the app sends null (ExplicitNulls).
- `additionalProperties: false` goes: a field that a newer server adds must not break an app that is
  installed.
- What stands beside a reference (a default) goes: the generator has no use for it.
"""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent


def simplified(entry: Any) -> Any:
    """Rewrite one part of a contract, and all parts below it."""
    if isinstance(entry, list):
        return [simplified(part) for part in entry]
    if not isinstance(entry, dict):
        return entry
    if isinstance(entry.get("$ref"), str):
        return {"$ref": entry["$ref"]}
    choices = entry.get("anyOf", [])
    if {"type": "null"} in choices:
        others = [choice for choice in choices if choice != {"type": "null"}]
        rest = {key: part for key, part in entry.items() if key != "anyOf"}
        return simplified((others[0] if len(others) == 1 else {"anyOf": others}) | rest)
    result = {
        key: part
        for key, part in entry.items()
        if key != "additionalProperties" or part is not False
    }
    if isinstance(properties := entry.get("properties"), dict):
        nullable = [
            name
            for name, schema in properties.items()
            if {"type": "null"} in schema.get("anyOf", [])
        ]
        result["required"] = [name for name in entry.get("required", []) if name not in nullable]
    return {key: simplified(part) for key, part in result.items()}


def contract(feature: Path) -> Path:
    """Find the contract of a feature.

    Raises:
        SystemExit: when its configuration names no specification, or it has no contract.
    """
    configuration = feature / "Sources" / "openapi-generator-config.yaml"
    text = configuration.read_text("utf-8") if configuration.exists() else ""
    match = re.match(r"# Spec: (.+)/spec\.md\n# Contract: (.+)\n", text)
    found = ROOT.parent / match[1] / "contracts" / match[2] if match else ROOT
    if not found.is_file():
        raise SystemExit(
            f"{feature.name}: {configuration.name} has to begin with the lines "
            "'# Spec: specs/…/spec.md' and '# Contract: openapi.yaml'"
        )
    return found


def write(path: Path, text: str) -> None:
    """Write a file, unless it holds the text already: what has not changed is not built again."""
    path.parent.mkdir(exist_ok=True)
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")


def main() -> None:
    features = sorted(path for path in (ROOT / "Features").iterdir() if path.is_dir())
    for feature in features:
        content = yaml.safe_load(contract(feature).read_text("utf-8"))
        text = yaml.safe_dump(simplified(content), sort_keys=False, allow_unicode=True)
        write(feature / "Sources" / "openapi.yaml", text)
    imports = "".join(f"import {feature.name}Feature\n" for feature in features)
    entries = "".join(f"    {feature.name}Entry(),\n" for feature in features)
    features_of_the_app = f"public let features: [any Feature] = [\n{entries}]\n"
    registry = f"import Core\n{imports}\n/// Every feature of the app.\n{features_of_the_app}"
    write(ROOT / "Registry" / "Registry.swift", registry)


if __name__ == "__main__":
    main()
