"""What a copy renders, before anything of it is run."""

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from conftest import ROOT, Render, answers, copy_into, files, run
from jinja2 import Undefined
from packaging.requirements import Requirement
from stacks import conditions, stack_of

STACKS = sorted(path.stem for path in (ROOT / "extensions/stacks").glob("*.yml"))
KNOWN_KEYS = {
    "type", "help", "when", "ask", "default", "choices", "multiselect", "multiline", "validator", "placeholder",
    "qmark", "secret",
}  # fmt: skip
AWKWARD = {
    "project_name": 'O\'Brien & "Söhne" {{ 7*7 }}',
    "package": "shop",
    "description": "Say \"hi\" & <b>go</b> | 100 % \\ `code` #1 'x' $HOME",
    "feature_title": 'Jürgen\'s "Preisliste" — 100 % 🎉 <x> [y](z) | *a*',
    "feature_summary": 'Über `alles`: {{ 7*7 }} "quoted" \\ $(id) # & | ends with \'\'\' and """',
    "module": "prices",
    "entity": "Price",
}


YIELDS = {
    f"{{% yield model from {entities} %}}.{{% endyield %}}"
    for entities in ("entities", "linked", "nested", "originals", "origins", "related", "whole")
} | {"{% yield block from altering %}.{% endyield %}", "{% yield step from steps %}.{% endyield %}"}
"""Folders whose content is made for each entity of a feature, or for each block of its changes and each module that it changes."""

LAYERS = {
    "{{ project }}", "{{ shared }}", "{{ own_constitution }}", "{{ own_skeleton }}",
    "{{ feature }}", "{{ code }}", "{{ refers }}", *YIELDS, "{{ first }}", "{{ own_spec }}", "{{ substitute }}", "{{ included }}",
}  # fmt: skip


@pytest.fixture(params=STACKS)
def stack(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def questions() -> dict[str, dict[str, object]]:
    content = yaml.safe_load((ROOT / "copier.yml").read_text("utf-8"))
    return {key: value for key, value in content.items() if not key.startswith("_")}


def test_every_key_of_a_question_is_one_that_copier_reads() -> None:
    unknown = [f"{name}: {key}" for name, entry in questions().items() for key in entry if key not in KNOWN_KEYS]
    assert not unknown


def test_every_question_has_a_default_and_what_is_asked_has_help() -> None:
    for name, entry in questions().items():
        assert "default" in entry, name
        if entry.get("ask") is not False and entry.get("when") is not False:
            assert len(str(entry["help"])) > 20, name


def test_no_project_is_named_like_a_distribution_that_it_depends_on(stack: str, rendered: Render) -> None:
    for database in stack_of(stack)["databases"]:
        for path in rendered(stack=stack, database=database).rglob("pyproject.toml"):
            project = tomllib.loads(path.read_text("utf-8"))
            groups = [project["project"]["dependencies"], *project["dependency-groups"].values()]
            listed = [Requirement(entry).name for group in groups for entry in group if isinstance(entry, str)]
            names = {re.sub(r"[-.]", "_", name).lower() for name in listed}
            assert not names - set(stack_of(stack)["names"]["packages"])


def test_file_names_suit_every_system() -> None:
    names = [path.name for path in (ROOT / "template").rglob("*")]
    assert not [name for name in names if re.search(r'["|:<>*?\\]', name)]
    assert {name for name in names if "{%" in name} <= YIELDS, "a condition is a folder, not a file name"


def test_every_template_stands_below_the_layer_it_belongs_to() -> None:
    root_file = "{{ _copier_conf.answers_file }}.jinja"
    for path in (ROOT / "template").rglob("*"):
        if path.is_file() and path.name != root_file:
            assert len(LAYERS & set(path.relative_to(ROOT / "template").parts)) == 1, path


CONDITION = re.compile(r"\{\{ when\.(\w+) \}\}")


def test_every_condition_is_met_by_a_stack_and_there_are_at_most_two_above_a_path() -> None:
    met: set[str] = set()
    for name in STACKS:
        data = stack_of(name)
        for database in data["databases"]:
            met |= set(conditions(name, database, data.get("parts", {})))
    for path in (ROOT / "template").rglob("*"):
        parts = path.relative_to(ROOT / "template").parts
        assert {match for part in parts for match in CONDITION.findall(part)} <= met, path
        assert sum(part in LAYERS or bool(CONDITION.fullmatch(part)) for part in parts) <= 2, path


def test_nothing_of_the_template_shows_through(rendered: Render, stack: str) -> None:
    for path, text in files(rendered(stack=stack)).items():
        # What stands in a folder of Django's templates is one.
        of_django = "/templates/" in path
        assert of_django or "{%" not in text, path
        # ${{ … }} is GitHub's, Python writes a brace of an f-string twice, JSX an object in an expression.
        assert of_django or path.endswith((".py", ".tsx")) or not re.search(r"(?<!\$)\{\{", text), path
        assert "Undefined" not in text, path
        assert not re.search(r"[ \t]$", text, re.MULTILINE), f"{path} has white space at the end of a line"
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n") or path.endswith(".mako"), path


def test_templates_name_nothing_that_is_not_there(
    copy: Render, stack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jinja prints an unknown name as nothing at all; an `if` without `else` has no name, and is meant so, like a folder's condition."""
    unknown: list[str] = []

    def printed(self: Undefined) -> str:
        if self._undefined_name is not None:
            unknown.append(self._undefined_message)
        return ""

    monkeypatch.setattr(Undefined, "__str__", printed)
    every = ["caching", "retries", "decisions", "risks", "dependencies", "next_steps"]
    copy(tmp_path / "shop", stack=stack, plan_sections=every)
    folders = {f"'{name}'" for path in (ROOT / "template").rglob("*") for name in CONDITION.findall(path.name)}
    meant = {"'feature_dir'", "'scope'", *folders}
    assert [message for message in unknown if not meant & set(message.split())] == []


def test_the_project_file_holds_no_answer_of_the_feature(rendered: Render, stack: str) -> None:
    folder = rendered(stack=stack)
    project = answers(folder)
    (file,) = folder.glob("specs/*/.copier-answers.feature.yml")
    feature = answers(folder, str(file.relative_to(folder)))
    of_feature = {name for name, entry in questions().items() if "scope != 'project'" in str(entry.get("when"))}
    assert not of_feature & set(project)
    # Where nobody is known, nobody is asked who may read.
    assert of_feature - set(feature) == ({"access"} if not stack_of(stack)["access"] else set())
    assert project.items() <= feature.items()


def test_awkward_texts_break_no_file(rendered: Render, stack: str) -> None:
    folder = rendered(stack=stack, **AWKWARD)
    for path, text in files(folder).items():
        match Path(path).suffix:
            case ".toml":
                tomllib.loads(text)
            case ".json":
                json.loads(text)
            case ".yml" | ".yaml" if "{{" not in text or ".github" in path or path.endswith("openapi.yaml"):
                list(yaml.safe_load_all(text))
    (manifest,) = folder.rglob("pyproject.toml")
    run(sys.executable, "-m", "ruff", "check", "--quiet", "--config", manifest, ".", cwd=manifest.parent)
    run(sys.executable, "-m", "ruff", "format", "--check", "--quiet", ".", cwd=manifest.parent)
    assert "49" not in (folder / "README.md").read_text("utf-8")
    stored = answers(folder, next(folder.glob("specs/*/.copier-answers.feature.yml")).relative_to(folder).as_posix())
    assert {key: stored[key] for key in AWKWARD} == AWKWARD


def tree_of(document: str) -> dict[str, str]:
    """Read the paths of the Source Code block of a plan or of the constitution, with their captions."""
    block = re.split("^##+ Source Code", document, flags=re.MULTILINE)[1].split("```text\n")[1].split("\n```")[0]
    found: dict[str, str] = {}
    parents: list[str] = []
    for line in block.splitlines():
        drawn, _, caption = line.partition("# ")
        match = re.fullmatch(r"((?:│   |    )*)(├── |└── )?(\S+)\s*", drawn)
        assert match, line
        depth = len(match[1]) // 4 + (1 if match[2] else 0)
        parents[depth:] = [match[3]]
        found["".join(parents)] = caption
    return found


@pytest.mark.parametrize("data", [{}, {"slice": False}, {"database": "sqlite"}], ids=str)
def test_plan_and_constitution_draw_the_tree_of_the_files(
    rendered: Render, stack: str, data: dict[str, object]
) -> None:
    folder = rendered(stack=stack, **data)
    (plan,) = folder.glob("specs/*/plan.md")
    own, shared = (tree_of(path.read_text("utf-8")) for path in (plan, folder / ".specify/memory/constitution.md"))
    drawn = own | shared
    missing = [path for path in drawn if not (folder / path).exists()]
    assert not missing, "what is drawn is not there"
    assert not [path for path in own if path in shared and not path.endswith("/")], "a file is drawn twice"
    leaves = {
        path
        for tree in (own, shared)
        for path in tree
        if not any(other != path and other.startswith(path) for other in tree)
    }
    for path in files(folder):
        if not path.startswith(("specs/", ".specify/")):
            assert path in drawn or any(leaf.endswith("/") and path.startswith(leaf) for leaf in leaves), path


SEEDS = yaml.safe_load((ROOT / "tests/seeds.yml").read_text("utf-8"))
EVERY = SEEDS.pop("every")


@pytest.mark.parametrize("name", SEEDS)
def test_the_blank_skeleton_has_everything_of_the_seed(rendered: Render, name: str) -> None:
    seed = SEEDS[name]
    skeleton = rendered(**seed["answers"]) / ".specify/templates/overrides/plan-template.md"
    text = skeleton.read_text("utf-8")
    prefix = seed["answers"].get("command_prefix", "speckit")
    for line in [line.replace("%s", prefix) for line in EVERY["lines"]] + seed.get("lines", []):
        assert line in text.splitlines(), line
    for label in EVERY["labels"] + seed["labels"]:
        assert re.search(rf"^\*\*{re.escape(label)}\*\*: \[.+\]$", text, re.MULTILINE), label
    for label in seed.get("rows", []):
        assert re.search(rf"^\| \*\*{re.escape(label)}\*\* \| \[.+\] \|$", text, re.MULTILINE), label
    for gate in seed["gates"]:
        assert re.search(rf"^- \[ \] \*\*{re.escape(gate)}\*\*: .{{20,}}$", text, re.MULTILINE), gate
    drawn = tree_of(text)
    assert not [path for path in seed["tree"] if path not in drawn]


def value_of(plan: str, label: str) -> str:
    (value,) = re.findall(rf"^\*\*{label}\*\*: (.+)$", plan, re.MULTILINE)
    return str(value)


@pytest.mark.parametrize("label", ["Performance Goals", "Constraints", "Scale/Scope"])
def test_a_figure_that_nobody_measured_is_a_goal_of_the_default_feature_alone(
    rendered: Render, stack: str, label: str
) -> None:
    default, other = (
        value_of(next(rendered(stack=stack, **data).glob("specs/*/plan.md")).read_text("utf-8"), label)
        for data in ({}, {"feature_title": "Everything there is", "module": "everything"})
    )
    assert not re.search(r"\d", default) or re.search("goal: .*not measured$", default)
    assert not re.search(r"\d", other)
    assert other != default


FIELDS = "code:str(9) unique\nstate:enum(new,done) index=new\nmail:email pii\nnote:text?\nweight:int"
FOLLOWS = [
    "- `code`, `mail`, `weight` must be given; `note` may have no value.",
    "- `state` is one of `new`, `done`, begins as `new`, and may go from any of them to any other.",
    "- `mail` is personal data.",
    "- Lists come newest first, or sorted by `code`, `state`; an index serves each order and each filter",
]


def test_a_plan_says_what_follows_from_the_fields(rendered: Render, stack: str) -> None:
    plan = next(rendered(stack=stack, feature_title="Parcels", fields=FIELDS).glob("specs/*/plan.md")).read_text(
        "utf-8"
    )
    for line in FOLLOWS:
        assert line in plan, line
    assert re.search(r"^- No two parcels.* have the same `code`: ", plan, re.MULTILINE)
    least = next(rendered(stack=stack, feature_title="Parcels", fields="note:text").glob("specs/*/plan.md"))
    follows = least.read_text("utf-8").split("What follows from their fields:\n\n")[1].split("\n\n## ")[0]
    given, *who = follows.splitlines()
    assert given == "- `note` must be given."
    # How lists are sorted is said of every feature, and who may read where anybody is known at all.
    assert len(who) == (2 if stack_of(stack)["access"] else 1)


@pytest.mark.parametrize("fields", [FIELDS, "code:str(9) unique"], ids=["personal", "open"])
def test_a_data_model_says_among_what_a_value_is_unique(rendered: Render, stack: str, fields: str) -> None:
    folder = rendered(stack=stack, feature_title="Parcels", fields=fields)
    text = next(folder.glob("specs/*/data-model.md")).read_text("utf-8")
    access = answers(folder, "specs/001-parcels/.copier-answers.feature.yml").get("access")
    unique = "per team" if stack == "contexts" else "per owner" if access == "owner" else "yes"
    assert re.search(rf"^\| `code` \| str \| yes \| - \| {unique} \| yes \|", text, re.MULTILINE)
    drawn = re.findall(r"^ +string code UK(.*)$", text, re.MULTILINE)
    assert drawn[:1] == [f' "{unique}"' if unique != "yes" else ""]


def test_a_specification_has_a_goal_or_says_that_there_is_none(rendered: Render, stack: str) -> None:
    for title, goal in [
        (None, r"(?!goal).*\d.*[;,] not measured\."),
        ("Parcels", r"none is set for this feature, .+\."),
    ]:
        folder = rendered(stack=stack, **({"feature_title": title, "fields": FIELDS} if title else {}))
        text = next(folder.glob("specs/*/spec.md")).read_text("utf-8")
        assert re.search(rf"^- \*\*SC-002\*\*: Performance goal: {goal}$", text, re.MULTILINE)


@pytest.mark.parametrize("database", stack_of("contexts")["databases"])
def test_contexts_name_what_the_project_has(rendered: Render, database: str) -> None:
    folder = rendered(stack="contexts", database=database, feature_title="Parcels", fields=FIELDS)
    plan = (folder / "specs/001-parcels/plan.md").read_text("utf-8")
    assert "Feature belongs to clear bounded context (`apps/parcels`);" in plan
    assert "billing" not in plan
    replicas = re.findall(r"DATABASE_REPLICA_URL=(\w+):", (folder / ".env.example").read_text("utf-8"))
    assert replicas == ([] if database == "sqlite" else [database])


def test_the_entities_of_a_feature_are_in_its_one_context(rendered: Render) -> None:
    fields = f"{FIELDS}\n[Scan]\nparcel:ref(Parcel) cascade\nplace:str(40)"
    folder = rendered(stack="contexts", feature_title="Parcels", fields=fields)
    context = folder / "apps/parcels"
    assert {path.name for path in folder.glob("apps/*/")} == {"parcels", "users"}
    for place in ("domain/entities/{}.py", "domain/value_objects/{}.py"):
        assert all((context / place.format(name)).is_file() for name in ("parcel", "scan"))
    assert [path.name for path in context.glob("infrastructure/migrations/0*")] == ["0001_initial.py"]
    assert sorted(path.name for path in folder.glob("tests/unit/test_parcels*")) == [
        "test_parcels.py",
        "test_parcels_scans.py",
    ]
    plan, model = ((folder / f"specs/001-parcels/{name}.md").read_text("utf-8") for name in ("plan", "data-model"))
    assert "The feature is the bounded context `parcels`, which holds all of its entities;" in plan
    assert "\n- Scans are parts of a parcel: `Parcel` adds, changes and removes them, and holds what" in model
    alone = rendered(stack="contexts", feature_title="Parcels", fields=FIELDS) / "apps/parcels"
    assert "kinds" not in (alone / "application/repositories.py").read_text("utf-8")
    assert not list(alone.rglob("references.py"))


LABELS = ["Language/Version", "Primary Dependencies", "Storage", "Project Type"]


@pytest.mark.parametrize("style", ["lines", "table"])
def test_spec_kit_reads_the_plan(rendered: Render, stack: str, style: str) -> None:
    (plan,) = rendered(stack=stack, context_style=style).glob("specs/*/plan.md")
    text = plan.read_text("utf-8")
    for label in LABELS:
        # The regular expression of spec-kit's releases up to 0.7.2, which then went through sed.
        (value,) = re.findall(rf"^\*\*{label}\*\*: (.+)$", text, re.MULTILINE)
        assert not re.search(r"[|&\\]", value)
    assert "NEEDS CLARIFICATION" not in text
    assert not re.search(r"\bTODO\b|\bTKTK\b|\?\?\?|<placeholder>", text)
    assert text.count("```text") == 2
    folder = plan.parents[2]
    pointer = json.loads((folder / ".specify/feature.json").read_text("utf-8"))
    assert pointer == {"feature_directory": plan.parent.relative_to(folder).as_posix()}


SECTIONS = {
    "governance": "## Sequence Diagram",
    "caching": "## Caching Strategy",
    "retries": "## Retry Logic",
    "decisions": "## Architecture Decisions",
    "risks": "## Risk Assessment",
    "dependencies": "## Dependencies",
    "next_steps": "## Next Steps",
}


@pytest.mark.parametrize("section", SECTIONS)
def test_an_optional_section_appears_when_it_is_chosen(rendered: Render, stack: str, section: str) -> None:
    every = rendered(stack=stack, plan_sections=list(SECTIONS))
    none = rendered(stack=stack, plan_sections=[])
    for name in ("specs/*/plan.md", ".specify/templates/overrides/plan-template.md"):
        (with_it,), (without,) = every.glob(name), none.glob(name)
        assert SECTIONS[section] in with_it.read_text("utf-8").splitlines()
        assert SECTIONS[section] not in without.read_text("utf-8").splitlines()
    filled = next(every.glob("specs/*/plan.md")).read_text("utf-8")
    body = filled.split(SECTIONS[section])[1].split("\n## ")[0]
    assert not re.search(r"\[[a-z]", body), "a filled section holds no placeholder"


def test_governance_adds_its_gates_to_the_plan_the_constitution_and_the_checks(rendered: Render, stack: str) -> None:
    folder = rendered(stack=stack, plan_sections=["governance"])
    plan = next(folder.glob("specs/*/plan.md")).read_text("utf-8")
    documents, compliance = plan.split("### Required Documentation Gates")[1].split("### Constitution Compliance Gates")
    gates = next(folder.glob("**/tests/gates/gates.toml"))
    labels = [gate["label"] for gate in tomllib.loads(gates.read_text("utf-8"))["gates"]]
    constitution = (folder / ".specify/memory/constitution.md").read_text("utf-8")
    for label in ("API Contract", "Sequence Diagram", "Data Model", "Migrations"):
        assert f"- [ ] **{label}**: " in documents
    for label in ("Contract Compliance", "Security", "Observability", "PII Handling"):
        assert re.search(rf"^- \[ \] \*\*{label}\b.*\*\*: ", compliance.split("\n## ")[0], re.MULTILINE)
    for label in re.findall(r"^- \[.\] \*\*(.+?)\*\*: ", documents + compliance, re.MULTILINE):
        assert labels.count(label) == 1
        assert constitution.count(f". {label}\n") == 1
    assert len(labels) == len(set(labels)) > 4
    assert "### Required" not in next(rendered(stack=stack).glob("specs/*/plan.md")).read_text("utf-8")


def test_the_sequence_diagram_of_a_feature_without_code_names_no_file(rendered: Render, stack: str) -> None:
    folder = rendered(stack=stack, plan_sections=["governance"], slice=False)
    diagram = next(folder.glob("specs/*/plan.md")).read_text("utf-8").split("sequenceDiagram")[1].split("```")[0]
    assert ".py" not in diagram
    assert "User->>System: create a" in diagram


def test_personal_data_is_told_in_the_data_model(rendered: Render, stack: str) -> None:
    folder = rendered(stack=stack, fields="name:str(80) pii\nmail:email? unique pii\ncount:int")
    text = next(folder.glob("specs/*/data-model.md")).read_text("utf-8")
    assert "- Personal data: `name`, `mail`. No log shows their values." in text
    assert "Personal data" not in next(rendered(stack=stack).glob("specs/*/data-model.md")).read_text("utf-8")


def test_unchosen_answers_need_nothing(copy: Render, tmp_path: Path) -> None:
    folder = copy(tmp_path / "my-Shop_2")
    assert answers(folder)["package"] == "my_shop_2"


def test_what_was_compiled_serves_the_next_rendering(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update renders three times in one process."""
    copy_into(template, tmp_path / "first/shop", stack="single")
    compiled: list[str] = []
    parse = jinja2.Environment._parse

    def counting(self: jinja2.Environment, source: str, *names: Any) -> Any:
        compiled.append(source)
        return parse(self, source, *names)

    monkeypatch.setattr(jinja2.Environment, "_parse", counting)
    copy_into(template, tmp_path / "second/shop", stack="single")
    assert compiled == []
    assert files(tmp_path / "first") == files(tmp_path / "second")
