"""Dependency Injection: what is shared is asked for, not made."""

from .source import calls, trees

MADE_ONCE = (
    "create_async_engine",
    "create_engine",
    "async_sessionmaker",
    "sessionmaker",
    "AsyncSession",
    "get_engine",
    "get_session",
    "get_settings",
    "httpx.AsyncClient",
    "AsyncClient",
)


def test_no_domain_makes_what_it_should_ask_for() -> None:
    found = [
        f"{place}:{line} calls {name}: take it as a dependency"
        for place, tree in trees("src/*/*.py", "src/health.py")
        for name, line in calls(tree)
        if name in MADE_ONCE
    ]
    assert not found, "\n".join(found)
