"""A feature changes: what is said once reaches migration, code and documents, and nothing that ran or was edited is lost."""

import json
import re
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import copier
import pytest
from changes import ChangeError, blocks_of, fill_of, states
from conftest import GROUNDPLAN, MAKE_GROUNDPLAN, Render, answers, commit_all, files, git, replace, run, status
from entity import TYPES, parse_field
from terminal import Terminal

FILE = "specs/001-posts/.copier-answers.feature.yml"
BEGUN = "title:str(80)\nslug:str(40) unique\nunique(title, rating)\nrating:int?\n[Tag]\nname:str(20)\n"


def after(*lines: str, fields: str = BEGUN) -> str:
    """Apply one block to fields."""
    return states("Post", fields, "@ 2026-12-01\n" + "\n".join(lines))[-1]


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [
        ("+ pages:int?", "rating:int?\n", "rating:int?\npages:int?\n"),
        ("+ pages:int <- 3", "rating:int?\n", "rating:int?\npages:int\n"),
        ("+ Tag.colour:str(9)=grey", "name:str(20)\n", "name:str(20)\ncolour:str(9)=grey\n"),
        ("title -> headline", "title:str(80)", "headline:str(80)"),
        ("Tag.name -> label", "name:str(20)", "label:str(20)"),
        ("~ slug:str(90)", "slug:str(40) unique", "slug:str(90)"),
        ("- slug", "slug:str(40) unique\n", ""),
        ("+ unique(slug, rating)", "rating:int?\n", "rating:int?\nunique(slug, rating)\n"),
        ("- unique(rating, title)", "unique(title, rating)\n", ""),
        ("+ [Note]\ntext:str(9)", "name:str(20)\n", "name:str(20)\n[Note]\ntext:str(9)\n"),
    ],
)
def test_each_kind_of_line_changes_the_fields(line: str, old: str, new: str) -> None:
    expected = BEGUN.replace(old, new)
    if "->" in line and "Tag" not in line:
        expected = expected.replace("unique(title, rating)", "unique(headline, rating)")
    assert after(line) == expected


def test_blocks_follow_one_another() -> None:
    changes = (
        "@ 2026-12-01: shorter\ntitle -> name\n\n@ 2026-12-02 after 003_tags\n~ name:str(90)\n# why not\n- rating\n"
    )
    begun = BEGUN.replace("unique(title, rating)\n", "")
    assert [block.why for block in blocks_of(changes)] == ["shorter", ""]
    assert [block.after for block in blocks_of(changes)] == ["", "003_tags"]
    assert states("Post", begun, changes)[1:] == [
        begun.replace("title", "name"),
        begun.replace("title:str(80)", "name:str(90)").replace("rating:int?\n", ""),
    ]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("title:str(9)", "'title:str(9)' is no change: write + name:type"),
        ("- zig", "'- zig': Post has no field 'zig'"),
        ("- titel", "Post has no field 'titel', did you mean 'title'?"),
        ("- rating", "'rating' stands in unique(title, rating): take that out first, with - unique(title, rating)"),
        ("+ title:int?", "Post has 'title' already: ~ title:int? gives it another type"),
        ("title -> slug", "Post has 'slug' already: choose another name for 'title'"),
        ("- slug\n+ slug:int?", "'slug' goes and comes in one block"),
        ("~ slug:str(9)\n- slug", "'slug' is changed and goes in one block: leave the change out"),
        ("+ Tga.colour:str?", "the feature has no entity Tga, did you mean 'Tag'?"),
        ("+ [Tag]\nname:str", "Tag is there already: + Tag.name:type adds a field"),
        ("- [Tag]", "an entity cannot go yet"),
        ("+ unique(title, rating)", "unique(title, rating) is there already"),
        ("+ [Note]", "the fields of Note stand below its heading"),
        ("- unique(title, slug)", "there is no unique(title, slug)"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(lines: str, says: str) -> None:
    with pytest.raises(ChangeError, match=r"^changes, ") as refused:
        after(lines)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.fixture(scope="session")
def begun(template: Path, once: Any) -> Path:
    """Hand out a project with the default feature, committed, which nobody may change."""

    def start(folder: Path) -> None:
        copier.run_copy(str(template), folder / "shop", defaults=True, unsafe=True, quiet=True)
        commit_all(folder / "shop")

    return Path(once("begun", start)) / "shop"


@pytest.fixture
def project(begun: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(begun, tmp_path / "shop"))


def change(folder: Path, *arguments: str, code: int = 0) -> str:
    """Change a feature with nobody to ask, and return what was printed; never a traceback."""
    result = run(*GROUNDPLAN, "change", "--trust", *arguments, cwd=folder, check=False)
    output = result.stdout + result.stderr
    assert result.returncode == code, output
    assert "Traceback" not in output
    return output


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            "+ pages:int",
            "'+ pages:int': 'pages' is required, and rows that are there have none: give rows that are there",
        ),
        ("+ code:str(9) unique <- x", "'code' is unique, so rows cannot get one value for all: make it optional"),
        ("+ code:str(9) unique", "'code' is required, and rows that are there have none: make it optional"),
        ("+ pages:int(1,9) <- 12", "the value of rows that are there, '12' does not fit int"),
        ("+ pages:itn <- 1", "unknown type 'itn', did you mean 'int'?"),
        ("+ best:ref(Comment)?", "Post and Comment refer to one another"),
        ("+ twin:ref(self)", "make it optional, 'ref(self)?'"),
        ("+ shop:ref(shops.Shop)?", "the project has no other feature"),
        ("~ title:date", "'title' cannot become date, as it was str, which has no safe way there"),
        ("~ Comment.post:str(9)", "'post' cannot become str, as it was ref"),
        ("- Comment.body\n- Comment.post", "fields of Comment: there are none"),
        ("+ [Class]\nname:str", "Class"),
    ],
)
def test_what_rows_could_not_follow_is_refused_and_nothing_is_written(project: Path, lines: str, says: str) -> None:
    output = change(project, "--yes", "1", lines, code=1)
    assert output.startswith("groundplan: ")
    assert says in output
    assert len(output.splitlines()) == 1
    assert status(project) == []


def test_a_change_is_looked_at_made_and_made_again(project: Path) -> None:
    seen = change(project, "--dry-run", "001", "+ subtitle:str(80)?", "--why", "Readers  asked")
    assert seen.endswith("Nothing was written.\n")
    assert status(project) == []
    assert "nobody can be asked here: add --yes" in change(project, "001", "+ subtitle:str(80)?", code=1)
    first = files(project)
    told = json.loads(change(project, "--json", "--yes", "posts", "+ subtitle:str(80)?", "--why", "Readers  asked"))
    (migration,) = (path for path in told["new"] if "migrations" in path)
    assert told["said"] == ["subtitle comes."]
    assert told["conflicts"] == {}
    assert 'op.add_column("subtitle"' in files(project)[migration] or "add_column" in files(project)[migration]
    stored = answers(project, FILE)["changes"]
    assert stored.splitlines()[0].endswith(" after 001_comments: Readers asked")
    # The new file is added, and each merged file is a change in the index.
    assert {line[:2] for line in status(project)} <= {"A ", "M "}
    commit_all(project)
    output = change(project, "--yes", "Post", "subtitle -> lead", "- published_at")
    assert "published_at goes; what it held does not come back." in output
    now = answers(project, FILE)["changes"]
    assert now.startswith(stored)
    assert " after 001_1_add_subtitle\n" in now
    ran = {path: text for path, text in files(project).items() if "migrations/versions" in path}
    assert {path: ran[path] for path in ran if path in first or path == migration} == {
        **{path: text for path, text in first.items() if "migrations/versions" in path},
        migration: ran[migration],
    }
    assert len(ran) == 4
    texts = files(project)
    folder = "specs/001-posts"
    assert 'version: "2.0.0"' in texts[f"{folder}/contracts/openapi.yaml"]
    assert 'version: "1"' in texts[f"{folder}/contracts/openapi-comments.yaml"]
    assert 'version: "1.1.0"' in git(project, "show", f"HEAD:{folder}/contracts/openapi.yaml")
    assert f"subtitle comes. | Readers asked | `{Path(migration).stem}` |" in texts[f"{folder}/plan.md"]
    assert "| `subtitle:str(80)?` | `lead:str(80)?` | keep their values |" in texts[f"{folder}/data-model.md"]
    assert "| `published_at:datetime?` | - | lose what they had |" in texts[f"{folder}/data-model.md"]
    assert "| - | `subtitle:str(80)?` | Readers asked |" in texts[f"{folder}/spec.md"]
    assert "## Changes" not in texts[".specify/templates/overrides/plan-template.md"] + first[f"{folder}/plan.md"]


def test_edits_are_kept_and_what_conflicts_is_told(project: Path) -> None:
    model = project / "src/posts/models.py"
    replace(model, '    """One row is one post."""', '    """One row is one post, written by a person."""')
    commit_all(project)
    change(project, "--yes", "1", "+ subtitle:str(80)?")
    assert "written by a person" in model.read_text("utf-8")
    assert "subtitle: Mapped[str | None]" in model.read_text("utf-8")
    commit_all(project)
    replace(model, "    subtitle: Mapped[str | None]", "    # Mine.\n    subtitle: Mapped[str | None]")
    commit_all(project)
    output = change(project, "--yes", "1", "subtitle -> lead", code=1)
    assert "src/posts/models.py: " in output
    assert "Solve that and git add what is solved" in output
    assert "<<<<<<<" in model.read_text("utf-8")
    assert "# Mine." in model.read_text("utf-8")
    assert "not committed" in change(project, "--yes", "1", "- lead", code=1)


def test_a_plain_copier_changes_no_fields_and_no_stored_block(project: Path) -> None:
    def update(**data: str) -> None:
        copier.run_update(project, data=data, defaults=True, unsafe=True, quiet=True, overwrite=True, answers_file=FILE)

    with pytest.raises(SystemExit, match=r"fields of a feature are fixed since the copy.*make change FEATURE=001"):
        update(fields="title:str(80)")
    change(project, "--yes", "1", "+ subtitle:str(80)?")
    commit_all(project)
    for text in ("", "@ 2026-12-01\n+ lead:str?"):
        with pytest.raises(SystemExit, match="what changed stays as it is stored"):
            update(changes=text)
    assert status(project) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("7", "+ a:int?"), "there is no feature '7': choose one of 001-posts"),
        (("001",), "nothing is said to change: give it as an argument"),
    ],
)
def test_what_is_missing_is_named(project: Path, arguments: tuple[str, ...], says: str) -> None:
    assert says in change(project, "--yes", *arguments, code=1)


def test_in_a_sub_folder_the_folder_to_go_to_is_named(project: Path) -> None:
    assert f"cd {project}" in change(project / "src", "1", "+ a:int?", code=1)


def test_a_person_types_a_change_and_says_yes(project: Path) -> None:
    terminal = Terminal("make", "change", *MAKE_GROUNDPLAN, cwd=project)
    terminal.see("- subtitle             gone, with its values")
    terminal.child.send("+ subtitle:str(80)?\r~ title:str(90)\x1b\r")
    terminal.answer("Why, in one line", "readers asked\r")
    terminal.see("new      migrations/versions/")
    terminal.answer("Make this?", "\r")
    assert terminal.finish() == 0, terminal.seen
    assert "Next: look at it (git diff --staged), make test, git commit" in " ".join(terminal.seen.split())
    assert "~ title:str(90)" in answers(project, FILE)["changes"]
    assert ": readers asked" in answers(project, FILE)["changes"]
    assert "Traceback" not in terminal.seen


def test_a_person_names_everything_and_says_no(project: Path) -> None:
    lines = "+ subtitle:str(80)?\n- published_at"
    typed = ["FEATURE=001", f"CHANGES={lines}", 'WHY=It\'s $(time), "now"']
    terminal = Terminal("make", "change", *typed, *MAKE_GROUNDPLAN, cwd=project, columns=60)
    terminal.see("published_at goes; what it held does not come back.")
    terminal.answer("Make this?", "n")
    assert terminal.finish() == 0, terminal.seen
    assert "Nothing was written." in terminal.seen
    assert status(project) == []


def test_of_several_features_one_is_chosen_and_ctrl_c_writes_nothing(project: Path, copy: Render) -> None:
    copy(project, feature_title="Tags", fields="name:str(60) unique show", module="tags", entity="Tag")
    commit_all(project)
    terminal = Terminal(*GROUNDPLAN, "change", "--trust", cwd=project)
    terminal.answer("Which feature changes?", "\x1b[B\r")
    terminal.see("Tag began with:")
    terminal.child.send("+ colour:str(9)?")
    terminal.child.sendintr()
    assert terminal.finish() == 130, terminal.seen
    assert "Traceback" not in terminal.seen
    assert status(project) == []
    change(project, "--yes", "tags", "+ post:ref(posts.Post)?")
    assert "after 002_tags" in answers(project, "specs/002-tags/.copier-answers.feature.yml")["changes"]
    commit_all(project)
    day = answers(project, "specs/002-tags/.copier-answers.feature.yml")["changes"][2:12]
    shown = run("make", "status", *MAKE_GROUNDPLAN, cwd=project).stdout.splitlines()
    assert [line.split() for line in shown[-2:]] == [
        ["001-posts", "v1.0.0", "Post,", "Comment", "none", "none"],
        ["002-tags", "v1.0.0", "Tag", "1,", "last", day, "posts.Post"],
    ]
    told = json.loads(run(*GROUNDPLAN, "status", "--json", "--trust", cwd=project).stdout)["features"]
    assert [(one["referred_by"], one["refers_to"]) for one in told] == [(["002-tags"], []), ([], ["posts.Post"])]
    assert run(*GROUNDPLAN, "status", cwd=project, check=False).returncode == 4


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind not in ("ref", "many", "user")])
def test_every_value_for_rows_that_are_there_is_filled(kind: str) -> None:
    field = parse_field("a:enum(x,y)" if kind == "enum" else f"a:{kind}", "Job")
    for example in field["examples"]:
        filled = fill_of({**field, "default": example})
        assert not re.search(r"\{(?!literal\})[a-z_]+\}", f"{filled['server_default']}{filled['django_default']}"), (
            filled
        )
        assert sqlite3.connect(":memory:").execute(f"SELECT {filled['sqlite']}").fetchone()[0] is not None
