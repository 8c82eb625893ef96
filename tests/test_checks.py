"""The rule of each question, as ``copier.yml`` calls it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from checks import FIXED, GROWING, RULES, ChecksExtension
from conftest import ROOT
from entity import EntityExtension
from jinja2 import Environment, StrictUndefined
from naming import NamingExtension
from project import ProjectExtension
from refusal import RefusalExtension
from stacks import StacksExtension

EXTENSIONS: list[Any] = [
    RefusalExtension, NamingExtension, ProjectExtension, StacksExtension, EntityExtension, ChecksExtension,
]  # fmt: skip
ENVIRONMENT = Environment(extensions=EXTENSIONS, autoescape=False)
Say = Callable[..., str]


@pytest.fixture
def say(tmp_path: Any) -> Say:
    """Render an expression of ``copier.yml`` with some answers."""

    def render(expression: str, data: dict[str, Any] | None = None, defaults: bool = False, **answers: Any) -> str:
        conf = {
            "dst_path": tmp_path,
            "src_path": ROOT,
            "answers_file": None,
            "overwrite": False,
            "defaults": defaults,
            "data": data or {},
        }
        context = {
            "_copier_conf": conf,
            "stack": "fastapi",
            "scope": "first",
            "adopted": False,
            "slice": True,
            "package": "shop",
            "feature_title": "Posts",
        }
        unset = StrictUndefined("UNSET")
        return ENVIRONMENT.from_string(f"{{{{ {expression} }}}}").render(context | answers, UNSET=unset)

    return render


def test_every_question_with_a_rule_calls_it_and_no_rule_is_left_over() -> None:
    questions = yaml.safe_load((ROOT / "copier.yml").read_text("utf-8"))
    validators = {
        name: entry["validator"] for name, entry in questions.items() if "validator" in (entry or {}) and name[0] != "_"
    }
    assert validators == {name: f"{{{{ check('{name}') }}}}" for name in validators}
    assert set(validators) == set(RULES) | FIXED | GROWING


REFUSED = [
    ("plan_sections", "risks", "plan_sections is a list: write [risks, caching]"),
    ("plan_sections", ["risk"], "plan_sections 'risk' is not offered, did you mean 'risks'?"),
    ("plan_sections", ["risks", "risks"], "names 'risks' twice"),
    ("clients", [], "choose at least one of web, ios, android"),
    ("module", "class", "is a Python keyword"),
    ("entity", "Appointments", "entity 'Appointments' is a plural: give the singular, 'Appointment'"),
    ("project_name", "", "project_name is missing"),
]


@pytest.mark.parametrize(("question", "value", "message"), REFUSED)
def test_a_bad_answer_ends_the_run(say: Say, question: str, value: Any, message: str) -> None:
    with pytest.raises(SystemExit, match=r"^groundplan: ") as caught:
        say(f"check('{question}')", **{question: value})
    assert message in str(caught.value)


def test_a_feature_refers_to_the_features_of_its_project(say: Say, tmp_path: Path) -> None:
    for number, (module, slice_) in enumerate({"companies": True, "ideas": False}.items(), 1):
        folder = tmp_path / f"specs/00{number}-{module}"
        folder.mkdir(parents=True)
        stored = {
            "feature_number": number,
            "feature_title": module,
            "module": module,
            "entity": "Company",
            "fields": "name:str",
            "slice": slice_,
        }
        (folder / ".copier-answers.feature.yml").write_text(yaml.safe_dump(stored), "utf-8")
    own = {"scope": "feature", "module": "jobs", "entity": "Job", "feature_title": "Jobs"}
    assert say("check('fields')", **own, fields="title:str\nfirm:ref(companies.Company)") == ""
    for target, message in {
        "companies.Compny": "did you mean 'companies.Company'?",
        "ideas.Company": "did you mean 'companies.Company'?",
        "jobs.Job": "write firm:ref(self)?",
    }.items():
        with pytest.raises(SystemExit) as caught:
            say("check('fields')", **own, fields=f"title:str\nfirm:ref({target})")
        assert f"fields, line 2: 'firm' refers to {target}, and" in str(caught.value)
        assert message in str(caught.value)
    # What is only planned has no table.
    assert say("check('fields')", **own | {"slice": False}, fields="a:int\nfirm:ref(later.Firm)") == ""


@pytest.mark.parametrize(
    "entity",
    ["Address", "News", "Status", "Bus", "Process", "Series", "Goods", "Analysis", "Canvas", "Lens", "Virus", "Class"],
)
def test_a_singular_that_ends_with_s_is_none_the_less_one(say: Say, entity: str) -> None:
    assert say("check('entity')", entity=f"My{entity}") == ""


@pytest.mark.parametrize(
    ("value", "scope", "defaults", "offered"),
    [("posts", "first", False, "posts"), ("class", "first", True, "class"), ("", "project", False, "")],
)
def test_a_default_is_offered(say: Say, value: str, scope: str, defaults: bool, offered: str) -> None:
    assert say(f"'{value}' | offer('module')", scope=scope, defaults=defaults) == offered


def test_a_bad_default_leaves_the_prompt_empty(say: Say) -> None:
    with pytest.raises(Exception, match="UNSET"):
        say("'class' | offer('module')")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, ""),
        ({"stack": "fastapi"}, ""),
        ({"stack": "fastapo"}, "stack 'fastapo' is not offered, did you mean 'fastapi'?"),
        ({"stack": "zig"}, "stack 'zig' is not offered: choose from django, fastapi"),
        ({"stack": ["django", "fastapi"]}, ""),
        ({"stack": ["django", 5]}, "stack 5 is not offered"),
        ({"stack": "[django, fastapi]"}, ""),
        ({"stack": "[\"django\", 'fastapi']"}, ""),
        ({"stack": "[django, risk]"}, "stack 'risk' is not offered"),
        ({"other": "zig"}, ""),
    ],
)
def test_a_choice_is_one_of_those_offered(say: Say, given: dict[str, Any], message: str) -> None:
    if not message:
        assert say("choices('stack', ['django', 'fastapi'])", given) == '["django", "fastapi"]'
        return
    with pytest.raises(SystemExit, match="groundplan: ") as caught:
        say("choices('stack', ['django', 'fastapi'])", given)
    assert message in str(caught.value)


def test_what_is_shown_of_a_choice_is_not_its_value(say: Say) -> None:
    assert say("choices('stack', {'django  apps': 'django'})", {"stack": "django"}) == '{"django  apps": "django"}'


@pytest.mark.parametrize(
    ("access", "fields", "error"),
    [
        ("public", "name:str\nmail:email pii\nphone:str? pii", "what is personal (pii): mail, phone; choose members or owner"),
        ("public", "name:str", ""),
        ("members", "mail:email pii", ""),
        ("owner", "mail:email pii", ""),
    ],
)  # fmt: skip
def test_nobody_makes_personal_data_public(say: Say, access: str, fields: str, error: str) -> None:
    answers = {"access": access, "fields": fields, "entity": "Post", "module": "posts"}
    if error:
        with pytest.raises(SystemExit, match=re.escape(error)):
            say("check('access')", **answers)
    else:
        assert say("check('access')", **answers) == ""


def feature(folder: Path, **stored: Any) -> None:
    """Store the answers of the first feature of a project."""
    file = folder / "specs/001-notes/.copier-answers.feature.yml"
    file.parent.mkdir(parents=True)
    stored = {"feature_number": 1, "feature_title": "Notes", "module": "notes", "entity": "Note"} | stored
    file.write_text(yaml.safe_dump(stored), "utf-8")


NEXT = {"scope": "feature", "module": "jobs", "entity": "Job", "feature_title": "Jobs"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("a:int\n[Note]\nb:int", "line 2: entity 'Note' exists already (module 'notes')"),
        ("a:int\n[Tag]\nb:int", "line 2: entity 'Tag' exists already (module 'tags')"),
        ("a:int\n[Job]\nb:int", "line 2: Job is the feature's main entity: its fields stand above the first heading"),
        ("a:int\n[One]\nb:int\n[Tests]\nb:int", "line 4: entity 'Tests' is a plural"),
        ("a:int\n[Model]\nb:int", "line 2: Model would be the module 'models', and module 'models' is "),
    ],
)
def test_a_further_entity_has_a_name_that_is_free(say: Say, tmp_path: Path, fields: str, message: str) -> None:
    feature(tmp_path, fields="a:int\n[Tag]\nb:int")
    with pytest.raises(SystemExit) as caught:
        say("check('fields')", **NEXT, fields=fields)
    assert str(caught.value).startswith(f"groundplan: fields, {message}")


def test_a_further_entity_of_another_feature_can_be_referred_to(say: Say, tmp_path: Path) -> None:
    feature(tmp_path, fields="a:int\n[Tag]\nb:int")
    assert say("check('fields')", **NEXT, fields="a:int\nb:ref(tags.Tag)\nc:ref(notes.Note)") == ""


def test_what_refers_to_somebody_s_own_is_proposed_to_be_their_own(say: Say, tmp_path: Path) -> None:
    feature(tmp_path, fields="a:int", access="owner")
    assert say("proposed_access()", **NEXT, fields="a:int") == "public"
    assert say("proposed_access()", **NEXT, fields="a:int\n[Part]\nnote:ref(notes.Note)") == "owner"
    assert say("proposed_access()", **NEXT, fields="a:int\n[Part]\nmail:email pii") == "owner"


def test_what_refers_to_what_members_read_is_proposed_to_be_theirs(say: Say, tmp_path: Path) -> None:
    feature(tmp_path, fields="a:int\n[Tag]\nb:int", access="members")
    assert say("proposed_access()", **NEXT, fields="a:int") == "public"
    assert say("proposed_access()", **NEXT, fields="a:int\nb:many(tags.Tag)") == "members"


def test_an_entity_of_another_feature_is_named_where_its_module_is_left_out(say: Say, tmp_path: Path) -> None:
    feature(tmp_path, fields="a:int\n[Tag]\nb:int")
    with pytest.raises(
        SystemExit, match=r"line 2: 't' refers to Tag, which this feature does not have: did you mean tags\.Tag"
    ):
        say("check('fields')", **NEXT, fields="a:int\nt:many(Tag)")


@pytest.mark.parametrize("question", ["stack", "database", "access"])
def test_a_choice_that_was_none_is_refused(say: Say, question: str) -> None:
    """Esc, Enter at a list chooses nothing, and Copier takes it."""
    with pytest.raises(SystemExit, match=f"groundplan: {question} is missing: choose from "):
        say(f"check('{question}')", **NEXT, fields="a:int", **{question: ""})
