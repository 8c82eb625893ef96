"""Domains plug in by standing in a folder."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.discovery import SOURCE, BrokenDomain, domain_modules, domain_routers

ROUTER = "from fastapi import APIRouter\nrouter = APIRouter(prefix='/birds')\n"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a package with one domain, beside a folder that is none."""
    package = tmp_path / "plugged"
    for path, content in {
        "__init__.py": "",
        "shared.py": "",
        "birds/__init__.py": "",
        "birds/router.py": ROUTER,
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
    assert [router.prefix for router in domain_routers(source)] == ["/birds"]


def test_every_domain_of_this_project_is_found() -> None:
    folders = sorted(path.parent.name for path in SOURCE.glob("*/router.py"))
    assert [module.__name__.split(".")[1] for module in domain_modules("router")] == folders


def test_a_module_that_cannot_be_imported_is_named(source: Path) -> None:
    (source / "birds/router.py").write_text("import no_such_module\n", "utf-8")
    with pytest.raises(
        BrokenDomain, match=r"plugged/birds/router\.py cannot be imported.*no_such_module"
    ):
        domain_routers(source)


def test_a_router_module_without_a_router_is_named(source: Path) -> None:
    (source / "birds/router.py").write_text("routes = []\n", "utf-8")
    with pytest.raises(BrokenDomain, match=r"plugged\.birds\.router needs a variable 'router'"):
        domain_routers(source)
