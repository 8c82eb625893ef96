"""Async-First: nothing blocks the event loop."""

import ast

from .source import calls, imports, routes, trees

BLOCKING_CALLS = ("open", "input", "time.sleep", "os.system", "os.popen")
BLOCKING_METHODS = (".read_text", ".write_text", ".read_bytes", ".write_bytes")
BLOCKING_MODULES = (
    "requests",
    "urllib.request",
    "http.client",
    "subprocess",
    "psycopg2",
    "sqlite3",
)
DOMAINS = "src/*/*.py"
SESSIONS = {"src.database.Session", "sqlalchemy.ext.asyncio.AsyncSession"}


def test_every_route_is_asynchronous() -> None:
    found = [
        f"{place}:{function.lineno} route {function.name} is not async"
        for place, tree in trees("src/*.py", DOMAINS)
        for function, _ in routes(tree)
        if not isinstance(function, ast.AsyncFunctionDef)
    ]
    assert not found, "\n".join(found)


def test_whatever_takes_a_session_is_asynchronous() -> None:
    found = []
    for place, tree in trees(DOMAINS):
        imported = {name for name, _ in imports(tree)}
        sessions = {"database.Session"} | {name.split(".")[-1] for name in SESSIONS & imported}
        found += [
            f"{place}:{node.lineno} {node.name} takes a session and is not async"
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
            and any(
                ast.unparse(argument).split(": ")[-1] in sessions for argument in node.args.args
            )
        ]
    assert not found, "\n".join(found)


def test_no_domain_blocks() -> None:
    found = [
        f"{place}:{line} {name} blocks the event loop: run it in a thread"
        for place, tree in trees(DOMAINS)
        for name, line in calls(tree)
        if name in BLOCKING_CALLS or name.endswith(BLOCKING_METHODS)
    ]
    found += [
        f"{place}:{line} {module} does blocking input and output: use an asynchronous library"
        for place, tree in trees(DOMAINS)
        for module, line in imports(tree)
        if module.startswith(BLOCKING_MODULES)
    ]
    assert not found, "\n".join(found)
