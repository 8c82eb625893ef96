"""External Services: other systems stand behind services, and secrets outside the source."""

import ast
import re

from .source import ROOT, imports, trees

CLIENTS = (
    "aiohttp",
    "boto3",
    "httpx",
    "openai",
    "requests",
    "smtplib",
    "urllib.request",
    "websockets",
)
SECRET = re.compile(r"(api_?key|password|secret|token)$", re.IGNORECASE)
MADE_UP = "DEVELOPMENT_"


def test_no_route_calls_another_system() -> None:
    found = [
        f"{place}:{line} imports {module}: call other systems from a service"
        for place, tree in trees("src/*/router.py", "src/*/dependencies.py")
        for module, line in imports(tree)
        if module.startswith(CLIENTS)
    ]
    assert not found, "\n".join(found)


def test_no_secret_stands_in_the_source() -> None:
    found = [
        f"{place}:{node.lineno} {ast.unparse(target)} holds a secret: read it from the environment"
        for place, tree in trees("src/*.py", "src/*/*.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if SECRET.search(name := ast.unparse(target))
        and not name.startswith(MADE_UP)
        # The value of an enum may be called like a secret.
        and re.sub(r"\W", "_", node.value.value).lower() != name.lower()
    ]
    assert not found, "\n".join(found)


def test_the_file_with_secrets_is_ignored() -> None:
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").split()
