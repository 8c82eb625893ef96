"""Domains plug in by standing in a folder."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

from src.discovery import SOURCE, BrokenDomain, domain_modules, domain_routers
from src.late import Application

ROUTER = """
from fastapi import APIRouter
router = APIRouter(prefix="/birds")

@router.get("")
async def birds() -> list[str]:
    return []
"""

NESTED = """
from fastapi import APIRouter
router = APIRouter()

@router.get("/trees/{tree}/birds")
async def birds_of_tree(tree: str) -> list[str]:
    return [tree]
"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a package with one domain, beside a folder that is none."""
    package = tmp_path / "plugged"
    for path, content in {
        "__init__.py": "",
        "shared.py": "",
        "birds/__init__.py": "",
        "birds/router.py": ROUTER,
        "birds/constants.py": "PREFIX = '/birds'\n",
        "birds/models.py": "",
        "data/names.txt": "",
    }.items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_text(content, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield package
    for name in [name for name in sys.modules if name.split(".")[0] == "plugged"]:
        del sys.modules[name]


def test_a_domain_is_found_by_its_folder(source: Path) -> None:
    assert [module.__name__ for module in domain_modules("models", source)] == [
        "plugged.birds.models"
    ]
    assert [router.load().prefix for router in domain_routers(source)] == ["/birds"]


def test_every_domain_of_this_project_is_found() -> None:
    folders = sorted(path.parent.name for path in SOURCE.glob("*/router.py"))
    assert [module.__name__.split(".")[1] for module in domain_modules("router")] == folders
    routers = domain_routers()
    assert [router.load().prefix for router in routers] == [router.below for router in routers]


@pytest.mark.parametrize("constants", ["PREFIX = '/birds'\n", None])
async def test_a_router_is_imported_when_it_is_asked_for(
    source: Path, constants: str | None
) -> None:
    if constants is None:
        (source / "birds/constants.py").unlink()
    app = Application()
    app.include_late(domain_routers(source))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/birdseed")).status_code == 404
        assert ("plugged.birds.router" in sys.modules) is (constants is None)
        assert (await client.get("/birds")).json() == []
        assert (await client.get("/birds/")).status_code == 307
        assert (await client.get("/birds/1")).status_code == 404


async def test_routes_below_another_domain_are_imported_when_they_are_asked_for(
    source: Path,
) -> None:
    (source / "birds/nested.py").write_text(NESTED, "utf-8")
    app = Application()
    app.include_late(domain_routers(source))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/trees/oak")).status_code == 404
        assert (await client.get("/birds")).json() == []
        assert "plugged.birds.nested" not in sys.modules
        assert (await client.get("/trees/oak/birds")).json() == ["oak"]


def test_the_contract_describes_what_nobody_asked_for(source: Path) -> None:
    app = Application()
    app.include_late(domain_routers(source))
    assert list(app.openapi()["paths"]) == ["/birds"]


def test_a_module_that_cannot_be_imported_is_named(source: Path) -> None:
    (source / "birds/router.py").write_text("import no_such_module\n", "utf-8")
    with pytest.raises(
        BrokenDomain, match=r"plugged/birds/router\.py cannot be imported.*no_such_module"
    ):
        domain_routers(source)[0].load()


def test_a_router_module_without_a_router_is_named(source: Path) -> None:
    (source / "birds/router.py").write_text("routes = []\n", "utf-8")
    with pytest.raises(BrokenDomain, match=r"plugged\.birds\.router needs a variable 'router'"):
        domain_routers(source)[0].load()


def test_a_router_that_serves_other_paths_is_named(source: Path) -> None:
    (source / "birds/constants.py").write_text("PREFIX = '/bees'\n", "utf-8")
    with pytest.raises(BrokenDomain, match=r"plugged\.birds\.router: .* has to be PREFIX, /bees"):
        domain_routers(source)[0].load()


def test_a_nested_router_whose_paths_end_otherwise_is_named(source: Path) -> None:
    (source / "birds/nested.py").write_text(NESTED.replace("/birds", "/nests"), "utf-8")
    with pytest.raises(
        BrokenDomain, match=r"plugged\.birds\.nested: the paths .* have to end with /birds"
    ):
        domain_routers(source)[1].load()
