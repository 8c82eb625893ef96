"""The questions, answered by hand in a real terminal."""

import re
from itertools import product
from pathlib import Path

import pytest
from conftest import GROUNDPLAN, MAKE_GROUNDPLAN, answers, commit_all, git, make_template, replace, run, status
from stacks import stack_names, stack_of
from terminal import Terminal, retype
from test_adopting import REPOSITORIES, repository

TITLE = 'Jürgen\'s "Preisliste" 🎉'
FIRST = [
    "Name of the project", "Stack of the project", "Clients of the API", "An AI assistant", "Name in code", "The project in one sentence",
    "Database in production", "Optional sections", "Title of the first feature", "What the feature is for",
    "of the feature, in lower case", "What the feature stores", "Fields of ", "Who may read",
]  # fmt: skip
NEXT = ["Title of the next feature", *FIRST[-5:]]
ADOPTED = "repository of its own"
ASKED_OF_ADOPTED = [
    "Name of the project", "Stack of the project", "Name in code", "The project in one sentence", "Database in production", "Optional sections",
    *NEXT[:2], "Code for the feature", *NEXT[2:],
]  # fmt: skip

REGION = """
region:
  type: str
  help: Region of the servers
  ask: "{{ region is undefined }}"
  default: eu

"""


@pytest.fixture(scope="module")
def two_versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a template whose second version asks one more question."""
    template = make_template(tmp_path_factory.mktemp("versions") / "groundplan")
    marker = "# The feature: asked for each"
    replace(template / "copier.yml", marker, REGION + marker)
    commit_all(template, "v1.1.0")
    git(template, "tag", "v1.1.0")
    return template


def asked_of(stack: str, questions: list[str] = FIRST) -> list[str]:
    """Name the questions that a copy of a stack asks, of those of a first copy or of a next feature."""
    web = "clients" in stack_of(stack)["properties"]
    without = set() if web else {"Clients of the API", "An AI assistant"}
    without |= set() if len(stack_of(stack)["databases"]) > 1 else {"Database in production"}
    without |= set() if len(stack_of(stack)["access"]) > 1 else {"Who may read"}
    return [question for question in questions if question not in without]


def keys(question: str, stack: str) -> str:
    """Type what takes the default, or chooses the stack."""
    if question == "Stack of the project":
        steps = stack_names().index(stack) - stack_names().index("fastapi")
        return ("\x1b[B" * steps if steps > 0 else "\x1b[A" * -steps) + "\r"
    return "\x1b\r" if question == "Fields of " else "\r"


def typed(
    *command: str, cwd: Path, columns: int = 80, asked: list[str] | None = None, stack: str = "fastapi", **special: str
) -> str:
    """Type a command, answer its questions, each with its default unless ``special`` says otherwise, and return what was seen."""
    terminal = Terminal(*command, cwd=cwd, columns=columns)
    for question in asked or []:
        terminal.answer(question, special.get(question.partition(" ")[0].lower(), keys(question, stack)))
    code = terminal.finish()
    seen = terminal.seen
    assert code == 0, seen
    assert "Traceback" not in seen, seen
    # Each question stands once with its answer: another one would have kept the terminal waiting.
    assert len(re.findall("🎤", seen)) == len(asked or []), seen
    return seen


# The commands are the same in every stack: the one with most questions and a repository of its own stand for all by day.
BY_DAY = ((ADOPTED, 80), ("web-mobile", 80))


@pytest.mark.parametrize(
    ("project_of", "columns"),
    [
        pytest.param(*row, marks=[] if row in BY_DAY else [pytest.mark.deep])
        for row in product([*stack_names(), ADOPTED], [80, 160])
    ],
)
def test_every_command_typed_by_hand(two_versions: Path, tmp_path: Path, project_of: str, columns: int) -> None:
    adopted, project = project_of == ADOPTED, tmp_path / "shop"
    # The stack of a repository is recognised, and so the one that is proposed.
    stack = "fastapi" if adopted else project_of

    def type_it(*command: str, asked: list[str] | None = None, cwd: Path | None = None, **special: str) -> str:
        return typed(*command, cwd=cwd or project, columns=columns, asked=asked, stack=stack, **special)

    def groundplan(command: str, asked: list[str] | None = None, **special: str) -> str:
        typed_ = (*GROUNDPLAN, command, "--trust") if adopted else ("make", command, *MAKE_GROUNDPLAN)
        return type_it(*typed_, asked=asked, cwd=project, **special)

    copy = ("copier", "copy", "--trust", "--vcs-ref", "v1.0.0", str(two_versions))
    if adopted:
        repository(project, REPOSITORIES["django"])
        seen = type_it(*copy, ".", asked=ASKED_OF_ADOPTED, title="Job offers\r")
        message, next_commands = "Nothing that was here", ["git add --all"]
    else:
        seen = type_it(*copy, "shop", asked=asked_of(stack), cwd=tmp_path)
        message, next_commands = "The project is ready", ["cd shop", "git init", "make setup"]
    # The message is short, and names what can be typed next.
    lines = [line.strip() for line in seen[seen.rindex(message) :].rstrip().splitlines()]
    begin = lines.index("Next:") + 1
    assert all(map(str.startswith, lines[begin:], next_commands)), seen
    assert len(lines) < 15
    assert answers(project)["description"] == "shop"
    assert answers(project)["plan_sections"] == []
    commit_all(project)
    type_it(*copy, ".", asked=asked_of(stack, NEXT), title="Orders\r")
    commit_all(project)
    assert (project / "specs/002-orders/plan.md").is_file()
    feature = "specs/002-orders/.copier-answers.feature.yml"

    assert "1.1.0" in type_it("copier", "check-update")
    # A question that the new version brings is asked once.
    seen = type_it("copier", "update", "--trust", "--vcs-ref", "v1.1.0", asked=["Region of the servers"])
    assert "The features keep their version until they are updated too" in seen
    # A terminal of 80 columns breaks the line where a long path comes to its end.
    assert ("groundplan update" if adopted else "  make update") in seen.replace("\n", "")
    assert answers(project)["region"] == "eu"
    commit_all(project)
    type_it("copier", "update", "--trust")
    type_it("copier", "update", "--trust", "--skip-answered")
    assert not status(project)
    type_it("copier", "update", "--trust", "--answers-file", feature, asked=["Region of the servers"])
    assert answers(project, feature)["region"] == "eu"
    commit_all(project)
    type_it("copier", "update", "--trust", "--skip-answered", "-a", feature)
    for options in ((), ("-a", feature)):
        seen = type_it("copier", "recopy", "--trust", *options)
        assert "See what differs" in seen
        assert "Next:" not in seen
    assert not status(project)
    seen = groundplan("update")
    assert "001-" in seen
    assert "keep their version" not in seen + type_it("copier", "update", "--trust")
    assert not status(project)
    groundplan("feature", asked=asked_of(stack, NEXT), title="Visits\r")
    assert answers(project, "specs/003-visits/.copier-answers.feature.yml")["region"] == "eu"


@pytest.mark.parametrize("columns", [80, 160])
def test_everything_that_is_asked_fits_the_terminal(template: Path, tmp_path: Path, columns: int) -> None:
    """A line of help that is too long would be broken in the middle of a word."""
    seen = typed(
        "copier", "copy", "--trust", str(template), "shop", cwd=tmp_path, columns=columns, asked=asked_of("web-mobile"), stack="web-mobile"
    )  # fmt: skip
    for line in (
        "Types: str(200) text int(1,5) bigint float decimal(10,2) bool date datetime",
        "time duration uuid email url json enum(a,b) user ref(firms.Firm) many(tags.Tag)",
        "A line unique(a,b) is for both; [Name] begins another entity, for ref(Name)",
        "Options: unique, index, show (its name), cascade (a part), pii (personal)",
        "Optional sections of every plan, such as [risks, caching]; [] is none, of",
    ):
        assert any(shown.endswith(line) for shown in seen.splitlines()), seen
    assert "web-mobile  FastAPI server with Next.js, iOS and Android clients" in seen


def test_answers_that_are_refused_say_why_in_full_and_can_be_corrected(template: Path, tmp_path: Path) -> None:
    terminal = Terminal("copier", "copy", "--trust", str(template), "shop", cwd=tmp_path)

    def refused(keys: str, reason: str) -> None:
        terminal.child.send(keys)
        terminal.see(reason)

    terminal.expect("Name of the project")
    refused(retype("shop", "") + "\r", "project_name is missing: give one line of text")
    terminal.child.send('Shop "Ünïque"\r')
    terminal.answer("Stack of the project")
    terminal.expect("Name in code")
    refused(retype("shop_uenique", "class") + "\r", "package 'class' is a Python keyword")
    terminal.child.send(retype("class", "corner_shop") + "\r")
    terminal.answer("The project in one sentence")
    terminal.answer("Database in production")
    terminal.expect("Optional sections")
    refused("\x7f\x7frisk\r", "plan_sections is a list: write [risks, caching]")
    terminal.child.send(retype("risk", "[governance]") + "\r")
    terminal.answer("Title of the first feature", retype("Items", TITLE) + "\r")
    terminal.answer("What the feature is for")
    terminal.answer("of the feature, in lower case")
    terminal.expect("What the feature stores")
    refused(retype("JuergensPreisliste", "Prices") + "\r", "entity 'Prices' is a plural: give the singular, 'Price'")
    terminal.child.send(retype("Prices", "Price") + "\r")
    terminal.expect("Fields of Price")
    refused(
        retype("name:str(120)", "name:strng") + "\x1b\r", "fields, line 1: unknown type 'strng', did you mean 'str'?"
    )
    terminal.child.send("\x7f" * 5 + "str(80)\namount:decimal(10,2)\x1b\r")
    # The line below: whoever is signed in.
    terminal.answer("Who may read", "\x1b[B\r")
    assert terminal.finish() == 0
    # At a prompt the answer itself is typed, and no option.
    assert " -d " not in terminal.seen

    project = tmp_path / "shop"
    stored = answers(project, next(project.glob("specs/*/.copier-answers.feature.yml")).relative_to(project).as_posix())
    assert stored["project_name"] == 'Shop "Ünïque"'
    assert stored["package"] == "corner_shop"
    assert stored["plan_sections"] == ["governance"]
    assert stored["feature_title"] == TITLE
    assert stored["feature_slug"] == "juergens-preisliste"
    assert stored["fields"] == "name:str(80)\namount:decimal(10,2)"
    assert stored["access"] == "members"


def test_what_is_personal_cannot_be_made_public_at_the_prompt(plain: Path, tmp_path: Path) -> None:
    """Copier validates no choice, so what would be refused is not there to be chosen."""
    project = tmp_path / "shop"
    run("copier", "copy", "--trust", "--defaults", plain, project, cwd=tmp_path)
    commit_all(project)
    pii = retype("name:str(120)", "mail:email pii") + "\x1b\r"
    # Two lines up from the owner: public, if it were there.
    typed(
        "copier", "copy", "--trust", str(plain), ".", cwd=project, asked=NEXT, title="Guests\r", fields=pii, who="\x1b[A\x1b[A\r"
    )  # fmt: skip
    assert answers(project, "specs/002-guests/.copier-answers.feature.yml")["access"] == "owner"


@pytest.mark.parametrize("question", ["Stack of the project", "Database in production", "Who may read"])
def test_esc_enter_at_a_list_is_refused_at_once(plain: Path, tmp_path: Path, question: str) -> None:
    """Copier asks for no other choice; nothing is written that would have none."""
    terminal = Terminal("copier", "copy", "--trust", str(plain), "shop", cwd=tmp_path)
    for asked in FIRST[: FIRST.index(question)]:
        if asked in asked_of("fastapi"):
            terminal.answer(asked, keys(asked, "fastapi"))
    terminal.answer(question, "\x1b\r")
    assert terminal.finish() == 1
    assert " is missing: choose from " in terminal.seen
    assert "Traceback" not in terminal.seen
    assert not (tmp_path / "shop").exists()


def test_a_later_feature_may_have_the_title_of_the_example(plain: Path, tmp_path: Path) -> None:
    """What the example brings along would be there twice."""
    example = stack_of("fastapi")["defaults"]["feature_title"]
    project = tmp_path / "shop"
    run(
        "copier",
        "copy",
        "--trust",
        "--defaults",
        "-d",
        "feature_title=Articles",
        "-d",
        "fields=name:str\n[Comment]\ntext:str",
        plain,
        project,
        cwd=tmp_path,
    )
    commit_all(project)
    typed("copier", "copy", "--trust", str(plain), ".", cwd=project, asked=NEXT, title=f"{example}\r")
    assert answers(project, "specs/002-posts/.copier-answers.feature.yml")["fields"] == "name:str(120)"


def test_several_entities_are_typed_in_one_prompt(plain: Path, tmp_path: Path) -> None:
    project = tmp_path / "shop"
    run("copier", "copy", "--trust", "--defaults", plain, project, cwd=tmp_path)
    commit_all(project)
    lines = (
        "start_at:datetime\nplace:ref(Place)   # where it is\n\n[ Place ]\nname:str(80) unique\npost:ref(posts.Post)?"
    )
    fields = retype("name:str(120)", lines) + "\x1b\r"
    typed(
        "copier", "copy", "--trust", str(plain), ".", cwd=project, asked=NEXT, title="Events\r", fields=fields
    )  # fmt: skip
    stored = answers(project, "specs/002-events/.copier-answers.feature.yml")
    assert stored["fields"].splitlines() == lines.splitlines()
    assert sorted(path.name for path in (project / "specs/002-events/contracts").iterdir()) == [
        "openapi-places.yaml",
        "openapi.yaml",
    ]
    (first,) = project.glob("migrations/versions/*_002_places.py")
    (second,) = project.glob("migrations/versions/*_002_events.py")
    assert '"001_comments"' in first.read_text("utf-8")
    assert '"002_places"' in second.read_text("utf-8")


def test_a_title_whose_module_is_taken_gets_another_one_proposed(plain: Path, tmp_path: Path) -> None:
    project = tmp_path / "shop"
    run("copier", "copy", "--trust", "--defaults", plain, project, cwd=tmp_path)
    commit_all(project)
    typed(
        "copier", "copy", "--trust", str(plain), ".", cwd=project, asked=NEXT, title="Auth\r"
    )  # fmt: skip
    stored = answers(project, "specs/002-auth/.copier-answers.feature.yml")
    assert (stored["module"], stored["feature_summary"]) == (
        "auth_records",
        "Users create, find, change and remove auth.",
    )


def test_a_specification_that_waits_for_its_plan_proposes_title_and_summary(template: Path, tmp_path: Path) -> None:
    project = tmp_path / "shop"
    run("copier", "copy", "--trust", "--defaults", template, project, cwd=tmp_path)
    commit_all(project)
    run("git", "switch", "--quiet", "--create", "007-honey", cwd=project)
    spec = project / "specs/007-honey/spec.md"
    spec.parent.mkdir()
    spec.write_text(
        '# Feature Specification: Honey yields\n\n**Input**: User description: "Keepers note what a hive gave."\n',
        "utf-8",
    )
    typed("copier", "copy", "--trust", str(template), ".", cwd=project, asked=NEXT)
    stored = answers(project, "specs/007-honey/.copier-answers.feature.yml")
    assert (stored["feature_title"], stored["feature_summary"]) == ("Honey yields", "Keepers note what a hive gave.")
    replace(spec, "Honey", "Wax")
    refused = run(
        "copier",
        "copy",
        "--trust",
        "--defaults",
        "-d",
        "feature_title=HONEY yields",
        template,
        ".",
        cwd=project,
        check=False,
    )
    assert refused.returncode == 1
    assert "is that of feature 007 already" in refused.stderr
