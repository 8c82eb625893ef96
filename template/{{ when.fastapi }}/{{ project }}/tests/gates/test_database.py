"""Database Conventions: names follow the rules, and a migration stands for itself."""

import ast
import re

from sqlalchemy import DateTime

from src.database import Base
from src.discovery import domain_modules

from .source import calls, trees

SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
MIGRATIONS = "migrations/versions/*.py"


def test_a_table_is_named_as_its_class_is() -> None:
    domain_modules("models")
    wrong = [
        f"{mapper.class_.__module__}: the table of {mapper.class_.__name__} is called {mapper.class_.__tablename__}"
        for mapper in Base.registry.mappers
        if mapper.class_.__tablename__.replace("_", "") != mapper.class_.__name__.lower()
        or not SNAKE.fullmatch(mapper.class_.__tablename__)
    ]
    assert not wrong, "\n".join(wrong)


def test_columns_are_named_by_the_rules() -> None:
    domain_modules("models")
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    wrong = [
        f"{column} is not lower_case_snake"
        for column in columns
        if not SNAKE.fullmatch(column.name)
    ]
    wrong += [
        f"{column} is a point in time and does not end in _at"
        for column in columns
        if isinstance(getattr(column.type, "impl", column.type), DateTime)
        and not column.name.endswith("_at")
    ]
    assert not wrong, "\n".join(wrong)


def test_a_migration_is_static() -> None:
    found = []
    for place, tree in trees(MIGRATIONS):
        found += [
            f"{place}:{node.lineno} is computed: write it out"
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr | ast.For | ast.While | ast.ListComp)
        ]
    assert not found, "\n".join(found)


def test_a_migration_can_be_taken_back() -> None:
    found = []
    for place, tree in trees(MIGRATIONS):
        (downgrade,) = (
            node
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and node.name == "downgrade"
        )
        if not any(name.startswith(("op.", "batch_op.")) for name, _ in calls(downgrade)):
            found.append(f"{place}:{downgrade.lineno} downgrade does nothing")
    assert not found, "\n".join(found)
