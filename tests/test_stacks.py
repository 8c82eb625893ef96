"""The stacks' data files are complete, and answers that they have to fit into are checked."""

import re
from pathlib import Path
from typing import Any

import pytest
import stacks
import yaml
from conftest import ROOT
from entity import fields_error
from naming import class_name, entity_error, identifier_error, line_error, module_name
from stacks import SECTIONS, plan_value_error, python_versions, stack_names, stack_of, stack_profile, version_error

NAMES = stack_names()
ANSWERS = {
    "python_version": "3.12", "package": "shop", "PACKAGE": "SHOP", "slug": "shop", "server": "api", "fixtures": "conftest", "module": "job_postings", "feature_dir": "001-job-postings",
    "label": "job posting", "labels": "job postings", "a_label": "a job posting", "path": "job-postings", "variable": "job_posting", "version": "version",
}  # fmt: skip

DEFAULTS = {
    "description", "database", "plan_sections", "python_version", "feature_title", "feature_summary", "fields",
    "performance_goals", "constraints", "scale",
}  # fmt: skip
KEYS = {
    "title", "summary", "defaults", "names", "slice_paths", "databases", "contract", "owner", "context", "address", "docs",
    "structure", "properties", "caching", "retries", "decisions", "risks", "dependencies", "constitution", "gates", "make",
    "plan_check",
}  # fmt: skip
CONTEXT = {"language", "dependencies", "storage", "testing", "platform", "project_type"}
TARGETS = {"setup", "run", "test", "lint", "gates"}
UNSAFE = re.compile(r"[|&\\\n]")


def profile(name: str) -> dict[str, Any]:
    data = stack_of(name)
    return stack_profile(name, ANSWERS | {"database": data["defaults"]["database"]}, data.get("parts", {}))


def texts(entry: Any) -> list[str]:
    if isinstance(entry, dict):
        return [text for value in entry.values() for text in texts(value)] + [str(key) for key in entry]
    if isinstance(entry, list):
        return [text for value in entry for text in texts(value)]
    return [str(entry)]


def test_every_data_file_is_a_stack() -> None:
    assert sorted(path.stem for path in (ROOT / "extensions/stacks").iterdir()) == NAMES
    assert "fastapi" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_stack_has_all_that_templates_read(name: str) -> None:
    data = stack_of(name)
    assert set(data) >= KEYS
    assert set(data["defaults"]) >= DEFAULTS
    assert set(data["context"]) == CONTEXT
    assert set(data["make"]) >= TARGETS
    assert set(data["names"]) >= {
        "module", "placeholder", "camel", "datetime_suffix", "packages", "modules", "entities",
    }  # fmt: skip
    assert set(data["structure"]) >= {"decision", "project", "slice"}
    assert not data["owner"] or set(data["owner"]) >= {"type", "default", "rule", "mermaid"}
    assert set(data["caching"]) >= {"tool", "rows"}
    assert set(data["retries"]) >= {"rows", "idempotency"}
    assert all(set(row) == {"data", "ttl", "invalidation"} for row in data["caching"]["rows"])
    assert all(set(row) == {"operation", "attempts", "backoff", "retry_on"} for row in data["retries"]["rows"])
    keys = {"title", "context", "decision", "rationale", "alternatives"}
    assert all(set(entry) == keys for entry in data["decisions"])
    assert all(set(entry) == {"risk", "likelihood", "impact", "mitigation"} for entry in data["risks"])
    assert all(set(entry) == {"name", "text"} for entry in data["dependencies"])
    assert all(set(entry) == {"help", "run"} and entry["run"] for entry in data["make"].values())
    assert set(data["plan_check"]) - {"shared"} == {"modules", "models", "contract"}
    assert all("*" in pattern for pattern in data["plan_check"]["modules"])
    for database in data["databases"].values():
        assert set(database) >= {"title", "version", "driver", "requirement", "rationale", "alternatives"}


@pytest.mark.parametrize("name", NAMES)
def test_the_defaults_of_a_stack_are_answers_that_it_accepts(name: str) -> None:
    data = stack_of(name)
    defaults, names = data["defaults"], data["names"]
    module = module_name(defaults["feature_title"])
    entity = defaults.get("entity", class_name(module))
    assert identifier_error("module", module, names["modules"]) == ""
    assert entity_error(entity, names["entities"]) == ""
    assert fields_error(defaults["fields"], entity, names) == ""
    assert version_error(defaults["python_version"], defaults["python_version"]) == ""
    assert defaults["database"] in data["databases"]
    assert set(defaults["plan_sections"]) <= set(SECTIONS)
    for key in ("description", "feature_title", "feature_summary"):
        assert line_error(key, defaults[key]) == ""
    for key in ("performance_goals", "constraints", "scale"):
        assert plan_value_error(key, defaults[key]) == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_gate_is_checked_by_a_command_or_by_a_person(name: str) -> None:
    gates = profile(name)["gates"]
    assert gates
    for gate in gates:
        assert set(gate) - {"check", "human"} == {"id", "label", "rule", "reason", "statement"}, gate["id"]
        assert ("check" in gate) != ("human" in gate), gate["id"]
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", gate["id"])
        assert len(gate.get("check") or gate["human"]) > 10
        assert "MUST" in gate["rule"]
    for key in ("id", "label"):
        assert len({gate[key] for gate in gates}) == len(gates)


@pytest.mark.parametrize("name", NAMES)
def test_sed_can_read_the_technical_context(name: str) -> None:
    for database in stack_of(name)["databases"]:
        for value in stack_profile(name, ANSWERS | {"database": database})["context"].values():
            assert not UNSAFE.search(value), value
            assert "{" not in value


@pytest.mark.parametrize("name", NAMES)
def test_every_text_of_a_profile_is_filled(name: str) -> None:
    known = set(ANSWERS) | {"address", "database", "root"} | set(stack_of(name).get("texts", {}))
    known |= {f"database_{key}" for entry in stack_of(name)["databases"].values() for key in entry}
    for text in texts(profile(name)):
        assert not [found for found in re.findall(r"\{(\w+)\}", text) if found in known], text
        assert not re.search(r"(?<![{$])\{[a-z_]+(?<!_id)\}(?!\})", text), f"nothing fills a brace of {text!r}"


@pytest.mark.parametrize("name", NAMES)
def test_a_table_has_no_cell_with_a_bar(name: str) -> None:
    data = profile(name)
    for text in texts([data["caching"]["rows"], data["retries"]["rows"], data["risks"]]):
        assert "|" not in text


def test_a_profile_leaves_the_stack_as_it_is() -> None:
    before = yaml.safe_load((stacks.FOLDER / "fastapi.yml").read_text("utf-8"))
    first = profile("fastapi")
    assert stack_of("fastapi") == before
    assert profile("fastapi") == first
    assert "defaults" not in first
    assert first["database"]["title"] == "PostgreSQL"
    assert "PostgreSQL" in first["context"]["storage"]
    assert first["gates"][0]["statement"].count("src/job_postings/") == 1
    assert "src/job_postings/" in first["structure"]["slice"], "paths are filled as well"
    assert list(first["structure"]["project"])[-1] in stacks.SHARED["structure"]["project"]


def test_a_property_brings_data_and_the_stack_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    shared: dict[str, Any] = {"config": {"PORT": "8000", "LOG_LEVEL": "INFO"}, "steps": ["a", "b"]}
    monkeypatch.setitem(stacks.SHARED["properties"], "python_service", shared)
    monkeypatch.setitem(stacks._load("fastapi"), "config", {"PORT": "9000"})
    first = profile("fastapi")
    assert first["config"] == {"PORT": "9000", "LOG_LEVEL": "INFO"}
    assert first["steps"] == ["a", "b"]
    assert shared["config"]["PORT"] == "8000"


def test_a_part_is_added_only_when_it_is_chosen() -> None:
    values = ANSWERS | {"database": "postgresql"}
    alone = stack_profile("web-mobile", values)
    both = stack_profile("web-mobile", values, ["assistant", "web"])
    assert "Next.js" not in alone["context"]["dependencies"], "texts replace"
    assert "Next.js" in both["context"]["dependencies"]
    assert both["make"]["setup"]["run"][: len(alone["make"]["setup"]["run"])] == alone["make"]["setup"]["run"]
    assert len(both["make"]["setup"]["run"]) > len(alone["make"]["setup"]["run"]), "lists append"
    assert set(both["structure"]["project"]) > set(alone["structure"]["project"]), "mappings merge"
    assert "parts" not in both
    assert both == stack_profile("web-mobile", values, ["web", "assistant"]), "the data file sets the order"
    assert stack_profile("web-mobile", values) == alone


def test_the_python_project_stands_at_the_root_or_in_a_folder() -> None:
    values = {"database": "postgresql"}
    assert "Dockerfile" in stack_profile("fastapi", values)["structure"]["project"]
    assert "api/Dockerfile" in stack_profile("web-mobile", values | {"server": "api"})["structure"]["project"]


def test_what_features_share_is_a_part_of_the_project() -> None:
    for name in NAMES:
        structure = profile(name)["structure"]
        assert structure["shared"].items() <= structure["project"].items()
        assert bool(structure["shared"]) == ("adopting" in stack_of(name)), "code needs it, and nothing else does"


def test_what_has_no_value_stays_as_it_is() -> None:
    blank = stack_profile("fastapi", {"module": "[domain]", "database": "postgresql"})
    assert "src/[domain]/" in blank["structure"]["slice"]
    assert "{label}" in blank["decisions"][0]["context"]


def test_an_unknown_stack_gives_the_first_one() -> None:
    assert stack_of("no such stack") == stack_of(NAMES[0])


def test_a_new_data_file_is_a_new_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zig.yml").write_text("title: Zig\n", "utf-8")
    (tmp_path / "ada.yml").write_text("title: Ada\n", "utf-8")
    monkeypatch.setattr(stacks, "FOLDER", tmp_path)
    assert stack_names() == ["ada", "zig"]
    assert stack_of("zig") == {"title": "Zig"}


VERSIONS = [
    ("3.12", ""),
    ("3.13", ""),
    ("3.11", "does not run this stack: give 3.12 or a newer 3.x"),
    ("2.7", "does not run this stack"),
    ("4.0", "does not run this stack"),
    ("latest", "is no version: give major and minor, such as '3.12'"),
    ("", "is no version"),
    (">=3.12", "is no version"),
    ("3", "not in the form major.minor: write it as '3.12'"),
    *[(version, "not in the form") for version in ("3.12.1", "3.13rc1", "3.13.dev1", "3.13.post1", "3.13+x", "1!3.13")],
    *[(version, "not in the form") for version in ("3.12\n", " 3.12", "v3.12", "03.12", "3.012")],
]


@pytest.mark.parametrize(
    ("lowest", "versions"), [("3.12", ["3.12", "3.13", "3.14"]), ("3.14", ["3.14"]), ("3.16", ["3.16"])]
)
def test_a_package_is_tested_from_its_lowest_python_to_the_newest(lowest: str, versions: list[str]) -> None:
    assert python_versions(lowest) == versions


@pytest.mark.parametrize(("version", "message"), VERSIONS, ids=repr)
def test_a_python_version_is_major_and_minor(version: str, message: str) -> None:
    error = version_error(version, "3.12")
    assert message in error
    assert bool(error) == bool(message)


@pytest.mark.parametrize(
    "text", ["", " ", "a|b", "a & b", "a\\b", "a\nb", "a\rb", "a\n", "a\tb", "a\0b", "a\x85b", "a\u2028b"], ids=repr
)
def test_a_plan_value_that_breaks_sed_is_refused(text: str) -> None:
    assert plan_value_error("scale", text).startswith("scale must be one line of text without | & and backslash")


@pytest.mark.parametrize("text", ["10k users, p95 < 200 ms", "500\u00a0ms – größer", "100 % / [x] $HOME"])
def test_a_plan_value_of_one_line_is_accepted(text: str) -> None:
    assert plan_value_error("scale", text) == ""
