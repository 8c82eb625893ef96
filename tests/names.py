"""Features whose entities and fields have everyday names."""

from pathlib import Path
from typing import Any

import yaml
from conftest import ROOT, copy_into
from drawing import sample
from entity import fields_error
from naming import entity_names
from stacks import stack_of

NAMES: dict[str, Any] = yaml.safe_load((ROOT / "tests/names.yml").read_text("utf-8"))


def features(stack: str, nouns: list[str]) -> dict[str, str]:
    """Give every noun that the stack takes some fields, and add the entities whose fields have the names of the table."""
    rules = stack_of(stack)["names"]
    plain = "name:str(80) unique\nkind:enum(one,two)=one\nsize:int(1,9)?\nnote:text?"
    entities = {noun: plain for noun in nouns if noun not in NAMES["refused"][stack]}
    named = [name for name in NAMES["fields"] + NAMES["more_fields"] if not fields_error(f"{name}:str", "Post", rules)]
    for entity, kind in NAMES["alike"].items():
        entities[entity] = "\n".join([*(f"{name}:{kind}" for name in named), "label:str pii"])
    return entities


def add_features(template: Path, folder: Path, stack: str, nouns: list[str]) -> None:
    """Make a project, or add to one, a feature for each noun, in modules that are called unlike anything.

    Args:
        template: where it is copied from; the fixture ``plain`` is the quickest.
        folder: the project.
        stack: its stack.
        nouns: names of entities; those that the stack refuses are left out.
    """
    if not folder.exists():
        # The module of the first feature keeps the noun of the stack's own free.
        copy_into(template, folder, stack=stack, entity="Beginning")
    for entity, fields in features(stack, nouns).items():
        module = f"the_{entity_names(entity)['plural']}"
        copy_into(template, folder, feature_title=f"About {entity}", module=module, entity=entity, fields=fields)


def add_random_and_everyday(template: Path, folder: Path, stack: str, nouns: str, **project: Any) -> Path:
    """Make a project, or add to one, features drawn at random and those of a list of nouns in the table."""
    sample(template, folder, stack, **project)
    add_features(template, folder, stack, NAMES[nouns])
    return folder
