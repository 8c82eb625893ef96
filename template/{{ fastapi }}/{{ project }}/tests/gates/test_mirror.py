"""Testing: the tests stand where the source stands, and go through the whole application."""

from .source import TESTS, domains, imports, trees

MIRRORED = ["test_router.py", "test_service.py", "test_integration.py"]


def test_every_domain_is_mirrored() -> None:
    missing = [
        f"tests/{domain.name}/{name} is missing"
        for domain in domains()
        for name in MIRRORED
        if not (TESTS / domain.name / name).is_file()
    ]
    assert not missing, "\n".join(missing)


def test_tests_are_asynchronous() -> None:
    found = [
        f"{place}:{line} uses the synchronous TestClient: use httpx.AsyncClient"
        for place, tree in trees("tests/*.py", "tests/*/*.py")
        for module, line in imports(tree)
        if module.endswith("testclient.TestClient")
    ]
    assert not found, "\n".join(found)
