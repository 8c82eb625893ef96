"""What the application says of itself is what specs/*/contracts/openapi.yaml promises, no less and no more."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from openapi_spec_validator import validate

ROOT = Path(__file__).parents[2]
CONTRACTS = sorted(ROOT.glob("specs/*/contracts/openapi.yaml"))
# Sign-in belongs to the project and not to a feature: its contract is the schema itself.
PROJECT_PATHS = "/api/auth/"


def normalised(document: dict[str, Any]) -> dict[str, Any]:
    """Put parameters into one order; it means nothing in OpenAPI."""
    for path in document["paths"].values():
        for operation in path.values():
            operation.get("parameters", []).sort(key=lambda entry: (entry["in"], entry["name"]))
    return document


@pytest.fixture(scope="module")
def served() -> dict[str, Any]:
    """The schema that the application serves at /api/schema/."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    # Rendered and read again, because the framework's own kinds of text do not compare.
    plain: dict[str, Any] = yaml.safe_load(OpenApiYamlRenderer().render(document))
    return normalised(plain)


def test_schema_is_valid(served: dict[str, Any]) -> None:
    validate(served)


def test_features_are_served_as_promised(served: dict[str, Any]) -> None:
    for path in CONTRACTS:
        contract = normalised(yaml.safe_load(path.read_text("utf-8")))
        validate(contract)
        for name, operations in contract["paths"].items():
            assert served["paths"].get(name) == operations, f"{path.parents[1].name}: {name}"
        for kind, entries in contract["components"].items():
            for name, entry in entries.items():
                assert served["components"][kind].get(name) == entry, (
                    f"{path.parents[1].name}: {name}"
                )


def test_nothing_is_served_that_no_contract_promises(served: dict[str, Any]) -> None:
    promised = {
        name for path in CONTRACTS for name in yaml.safe_load(path.read_text("utf-8"))["paths"]
    }
    features = {name for name in served["paths"] if not name.startswith(PROJECT_PATHS)}
    assert features - promised == set()
