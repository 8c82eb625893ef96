"""Gate: processes keep nothing on their disk, and reach every service by a URL. test_configuration.py checks the rest."""

import ast
import re

from django.apps import apps
from django.db.models import FileField

from core.environment import OPTIONAL, REQUIRED, ROOT

from .source import modules, nodes, place

WRITES = {"mkdir", "rename", "symlink_to", "touch", "unlink", "write_bytes", "write_text"}
MODES = re.compile("[wax+]")
# What a probe looks at, in memory, and what `make docs` writes on a laptop.
ALLOWED = ("core/celery.py", "core/reference.py")
SERVICE = re.compile(r"(amqp|mariadb|mysql|postgres|postgresql|redis|rediss)://\S+")
CODE = [
    path
    for path in modules("apps/**/*.py", "core/**/*.py")
    if str(path.relative_to(ROOT)) not in ALLOWED
]


def writes(call: ast.Call) -> bool:
    """Tell whether a call writes to a disk."""
    function = call.func
    name = getattr(function, "attr", getattr(function, "id", ""))
    if name == "open":
        modes = [*call.args, *(keyword.value for keyword in call.keywords)]
        texts = [mode.value for mode in modes if isinstance(mode, ast.Constant)]
        return any(
            isinstance(text, str) and len(text) <= 3 and MODES.search(text) for text in texts
        )
    return isinstance(function, ast.Attribute) and name in WRITES


def test_nothing_is_kept_on_disk() -> None:
    found = [
        place(path, node.lineno)
        for path in CODE
        for node in nodes(path)
        if isinstance(node, ast.Call) and writes(node)
    ]
    assert found == []


def test_no_table_names_files_of_a_disk() -> None:
    found = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, FileField)
    ]
    assert found == []


def test_services_are_named_by_the_environment_only() -> None:
    found = [
        place(path, node.lineno)
        for path in CODE
        for node in nodes(path)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and SERVICE.search(node.value)
    ]
    assert found == []
    assert {"DATABASE_URL", "DATABASE_REPLICA_URL", "REDIS_URL"} <= {*REQUIRED, *OPTIONAL}
