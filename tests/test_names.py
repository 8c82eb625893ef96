"""Everyday names: what people call their entities and fields works, or is refused for a reason."""

import ast
from pathlib import Path

import pytest
from conftest import Render
from entity import fields_error
from generated import Project
from names import NAMES, add_features
from naming import entity_error, entity_names
from stacks import stack_of

STACKS = list(NAMES["refused"])
KINDS = ["str", "text", "bool", "int(1,5)", "enum(a,b)"]


def refused(stack: str) -> dict[str, str]:
    """Ask a stack for its opinion of every noun: those that it refuses, with what it says."""
    nouns = NAMES["hard"] + NAMES["everyday"]
    errors = {name: entity_error(name, stack_of(stack)["names"]["entities"]) for name in nouns}
    return {name: error for name, error in errors.items() if error}


@pytest.mark.parametrize("stack", STACKS)
def test_what_people_call_things_is_accepted(stack: str) -> None:
    found = refused(stack)
    assert len(set(found) & set(NAMES["hard"])) <= 3, found
    assert set(found) == set(NAMES["refused"][stack])
    for name, reason in NAMES["refused"][stack].items():
        assert found[name].startswith(f"entity '{name}' {reason}")


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_people_call_fields_is_accepted(stack: str, kind: str) -> None:
    rules = stack_of(stack)["names"]
    errors = {name: fields_error(f"{name}:{kind}\nlabel:str", "Post", rules) for name in NAMES["fields"]}
    assert not [error for error in errors.values() if error]
    for name in NAMES["more_fields"]:
        error = fields_error(f"{name}:{kind}\nlabel:str", "Post", rules)
        reasons = [reason for reason, names in rules.get("fields", {}).items() if name in names]
        assert [reason for reason in reasons if reason in error] == reasons
        assert bool(error) == bool(reasons)


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("name", ["id", "created_at", "updated_at", "owner_id", "row_version"])
def test_what_every_row_has_is_no_field_of_its_own(stack: str, name: str) -> None:
    assert "every entity has" in fields_error(f"{name}:str", "Post", stack_of(stack)["names"])


def names_in(file: Path) -> set[str]:
    """Collect every name that a module uses, binds or imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name):
                found.add(name)
            case ast.alias(name=name, asname=other):
                found.add(other or name)
    return found


@pytest.mark.parametrize("stack", STACKS)
def test_no_noun_hides_a_name_of_the_code(rendered: Render, stack: str) -> None:
    """Every module that names the entity is looked at, with an entity that nothing else is called like."""
    folder = rendered(stack=stack, feature_title="Zebras", module="the_zebras", entity="Zebra", fields="label:str pii")
    mentions = [path for path in folder.rglob("*.py") if "Zebra" in path.read_text("utf-8")]
    modules = [names for names in map(names_in, mentions) if {"Zebra", "zebra"} & names]
    assert len(modules) >= 3
    classes = set().union(*(names for names in modules if "Zebra" in names))
    variables = set().union(*(names for names in modules if "zebra" in names))
    nouns = [noun for noun in NAMES["hard"] + NAMES["everyday"] if noun not in NAMES["refused"][stack]]
    hidden = {noun: {noun} & classes | {entity_names(noun)["instance"]} & variables for noun in nouns}
    assert not {noun: names for noun, names in hidden.items() if names}


@pytest.mark.deep
@pytest.mark.generated
@pytest.mark.parametrize("stack", STACKS)
def test_every_name_makes_a_feature_that_is_clean(plain: Path, tmp_path: Path, stack: str) -> None:
    add_features(plain, tmp_path / "shop", stack, NAMES["hard"] + NAMES["everyday"])
    server = "backend" if stack == "web-mobile" else "."
    project = Project(tmp_path / "shop", stack_of(stack)["defaults"]["python_version"], server)
    project.check()
