"""What a contract in specs/ promises is what the application describes, neither more nor less."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI

ROOT = Path(__file__).parents[2]
CONTRACTS = sorted(ROOT.glob("specs/*/contracts/openapi.yaml"))


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return content


def without_titles(entry: Any) -> Any:
    """Drop the titles that Pydantic makes of the names."""
    if isinstance(entry, list):
        return [without_titles(item) for item in entry]
    if not isinstance(entry, dict):
        return entry
    return {
        key: without_titles(value)
        for key, value in entry.items()
        if not (key == "title" and isinstance(value, str))
    }


def differences(promised: Any, served: Any, place: str) -> Iterator[str]:
    """Name every place where the two do not say the same."""
    if isinstance(promised, dict) and isinstance(served, dict):
        for key in sorted({*promised, *served}):
            yield from differences(promised.get(key), served.get(key), f"{place} > {key}")
    elif promised != served:
        yield f"{place}: the contract has {promised!r}, the application {served!r}"


@pytest.fixture(scope="module")
def served(app: FastAPI) -> dict[str, Any]:
    contract: dict[str, Any] = without_titles(app.openapi())
    return contract


def test_the_application_keeps_its_contracts(served: dict[str, Any]) -> None:
    found: list[str] = []
    for path in CONTRACTS:
        contract = without_titles(read(path))
        parts = [("paths", contract["paths"], served["paths"])]
        parts += [
            (kind, entries, served["components"][kind])
            for kind, entries in contract["components"].items()
        ]
        for kind, promised, offered in parts:
            for name, entry in promised.items():
                place = f"{path.parts[-3]}: {kind} > {name}"
                found += differences(entry, offered.get(name), place)
    assert not found, "\n".join(found)


def test_the_application_serves_nothing_without_a_contract(served: dict[str, Any]) -> None:
    promised = {route for path in CONTRACTS for route in read(path)["paths"]}
    assert set(served["paths"]) == promised
