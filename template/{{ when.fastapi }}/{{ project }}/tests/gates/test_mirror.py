"""Testing: the tests stand where the source stands, and go through the whole application."""

import tomllib

from .source import ROOT, TESTS, domains, imports, trees

MIRRORED = ["test_router.py", "test_service.py", "test_integration.py"]


def test_every_domain_is_mirrored() -> None:
    missing = [
        f"tests/{domain.name}/{name} is missing"
        for domain in domains()
        for name in MIRRORED
        if not (TESTS / domain.name / name).is_file()
    ]
    assert not missing, "\n".join(missing)


def test_routes_are_tested_through_the_whole_application() -> None:
    used = {
        place: [module for module, _ in imports(tree)]
        for place, tree in trees("tests/*/test_router.py")
    }
    found = [
        f"{place} does not use httpx.AsyncClient"
        for place, names in used.items()
        if "httpx.AsyncClient" not in names
    ]
    assert not found, "\n".join(found)


def test_tests_are_asynchronous() -> None:
    found = [
        f"{place}:{line} uses the synchronous TestClient: use httpx.AsyncClient"
        for place, tree in trees("tests/*.py", "tests/*/*.py")
        for module, line in imports(tree)
        if module.endswith("testclient.TestClient")
    ]
    assert not found, "\n".join(found)


def test_coverage_is_asked_for() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    assert "--cov" in tools["pytest"]["addopts"]
    assert tools["coverage"]["report"]["fail_under"] >= 90
