"""What the destination knows: the layer to render, the next number, what may not change."""

import contextvars
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml
from conftest import ROOT, commit_all, git
from project import (
    branches,
    change_error,
    current_branch,
    date_error,
    feature_questions,
    migration_error,
    migration_head,
    next_number,
    number_error,
    operation,
    prepared,
    proposed_title,
    scope_of,
    taken_entity_error,
    taken_module_error,
    taken_title_error,
    unknown_choice,
)

# Copier finds its variable by identity; what reads it here goes by the name.
OPERATION: contextvars.ContextVar[str] = contextvars.ContextVar("_operation")
T = TypeVar("T")
PATHS = ["src/{module}", "tests/{module}"]


def within(name: str | None, function: Callable[..., T], *arguments: Any) -> T:
    """Call a function as Copier would in an operation; None stands for a Copier without the variable."""

    def call() -> T:
        if name:
            OPERATION.set(name)
        return function(*arguments)

    return contextvars.Context().run(call)


def conf(folder: Path, overwrite: bool = False, answers_file: str | None = None, **data: Any) -> dict[str, Any]:
    return {"dst_path": folder, "src_path": ROOT, "overwrite": overwrite, "answers_file": answers_file, "data": data}


def write(path: Path, content: Any = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), "utf-8")
    return path


def feature(root: Path, name: str, **stored: Any) -> str:
    write(root / "specs" / name / ".copier-answers.feature.yml", stored)
    return f"specs/{name}/.copier-answers.feature.yml"


@pytest.mark.parametrize(
    ("name", "overwrite", "is_update"),
    [
        ("update", True, True),
        ("update", False, True),
        ("copy", False, False),
        ("copy", True, False),
        (None, True, True),
        (None, False, False),
    ],
)
@pytest.mark.parametrize("has_number", [True, False])
@pytest.mark.parametrize("has_project", [True, False])
def test_the_scope_follows_from_the_operation_and_the_answers(
    tmp_path: Path, name: str | None, overwrite: bool, is_update: bool, has_number: bool, has_project: bool
) -> None:
    if has_project:
        write(tmp_path / ".copier-answers.yml", {"stack": "fastapi"})
    layers = ("feature" if has_number else "project", "feature" if has_project else "first")
    expected = layers[0] if is_update else layers[1]
    assert within(name, scope_of, conf(tmp_path, overwrite), has_number) == expected
    assert within(name, operation, conf(tmp_path, overwrite)) == ("update" if is_update else "copy")


def test_a_folder_called_like_the_answers_file_is_no_project(tmp_path: Path) -> None:
    (tmp_path / ".copier-answers.yml").mkdir()
    assert within("copy", scope_of, conf(tmp_path), False) == "first"


@pytest.mark.parametrize(
    ("names", "number"),
    [
        ([], 1),
        (["001-a"], 2),
        (["001-a", "007-b", "003-c"], 8),
        (["099-a", "0100-b"], 101),
        (["1234-a"], 1235),
        (["20260101-101010-a", "002-b"], 3),
        (["20260101-a", "002-b"], 3),
        (["12-a", "x-003-a", "004", "005-", "notes"], 1),
    ],
)
def test_the_next_number_follows_the_folders(tmp_path: Path, names: list[str], number: int) -> None:
    for name in names:
        (tmp_path / "specs" / name).mkdir(parents=True)
    assert next_number(tmp_path) == number
    assert next_number(str(tmp_path)) == number


@pytest.mark.parametrize(("stored", "number"), [({"feature_number": 41}, 42), ({"feature_number": "x"}, 3), ({}, 3)])
def test_the_next_number_follows_the_answers(tmp_path: Path, stored: dict[str, Any], number: int) -> None:
    feature(tmp_path, "002-renamed", **stored)
    assert next_number(tmp_path) == number


@pytest.mark.parametrize("broken", ["{", "- list", "\x00", ""])
def test_a_broken_answers_file_counts_by_its_folder(tmp_path: Path, broken: str) -> None:
    write(tmp_path / "specs/004-a/.copier-answers.feature.yml", broken)
    assert next_number(tmp_path) == 5


REFS = [
    ("refs/heads/012-local", 13),
    ("refs/remotes/origin/013-remote", 14),
    ("refs/remotes/origin/HEAD", 1),
    ("refs/heads/feature/014-prefixed", 1),
    ("refs/remotes/origin/feature/014-prefixed", 1),
    ("refs/remotes/origin/015-with/slash", 16),
    ("refs/tags/099-tag", 1),
    ("refs/heads/20260101-101010-stamped", 1),
]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("ref", "number"), REFS)
def test_the_next_number_follows_the_branches(tmp_path: Path, ref: str, number: int, packed: bool) -> None:
    commit_all(tmp_path)
    git(tmp_path, "update-ref", ref, "HEAD")
    if packed:
        git(tmp_path, "pack-refs", "--all")
    assert (tmp_path / ".git" / ref).exists() is not packed
    assert next_number(tmp_path) == number


def test_a_linked_work_tree_sees_the_branches_of_the_repository(tmp_path: Path) -> None:
    main, linked = tmp_path / "main", tmp_path / "linked"
    main.mkdir()
    commit_all(main)
    for branch in ("021-loose", "020-packed"):
        git(main, "branch", branch)
    git(main, "worktree", "add", "--quiet", "-b", "019-here", str(linked))
    assert (linked / ".git").is_file()
    assert {"021-loose", "020-packed", "019-here"} <= set(branches(linked))
    assert current_branch(linked) == "019-here"
    assert current_branch(main) == "main"
    git(main, "pack-refs", "--all")
    assert next_number(main) == 22
    assert prepared(linked) == {"number": 19, "slug": "here", "title": "", "summary": ""}


def test_a_folder_of_a_repository_sees_its_branches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_all(tmp_path)
    git(tmp_path, "branch", "030-a")
    folder = tmp_path / "services/shop"
    folder.mkdir(parents=True)
    assert next_number(folder) == 31
    monkeypatch.chdir(folder)
    assert next_number(".") == 31


def test_no_repository_has_no_branch(tmp_path: Path) -> None:
    assert list(branches(tmp_path)) == []
    assert current_branch(tmp_path) == ""
    write(tmp_path / ".git", "gitdir: ./nowhere\n")
    assert list(branches(tmp_path)) == []


@pytest.mark.parametrize(
    ("branch", "spec_files", "expected"),
    [
        ("004-new-thing", [], {"number": 4, "slug": "new-thing"}),
        ("004-new-thing", ["specs/004-new-thing/spec.md"], {"number": 4, "slug": "new-thing"}),
        ("004-new-thing", ["specs/004-new-thing/plan.md"], {}),
        ("main", [], {}),
        ("20260101-101010-thing", [], {}),
    ],
)
def test_the_branch_tells_what_is_prepared(
    tmp_path: Path, branch: str, spec_files: list[str], expected: dict[str, Any]
) -> None:
    commit_all(tmp_path)
    git(tmp_path, "checkout", "--quiet", "-b", branch) if branch != "main" else None
    for file in spec_files:
        write(tmp_path / file)
    commit_all(tmp_path)
    (tmp_path / "specs/009-other").mkdir(parents=True)
    assert {key: value for key, value in prepared(tmp_path).items() if value} == expected
    assert next_number(tmp_path) == expected.get("number", 10)


def test_a_detached_head_prepares_nothing(tmp_path: Path) -> None:
    commit_all(tmp_path)
    git(tmp_path, "checkout", "--quiet", "--detach")
    assert current_branch(tmp_path) == ""
    assert prepared(tmp_path) == {}


@pytest.mark.parametrize(
    ("pointer", "files", "expected"),
    [
        ('{"feature_directory": "specs/005-x"}', ["specs/005-x/spec.md"], {"number": 5, "slug": "x"}),
        ('{"feature_directory": "specs/005-x/"}', ["specs/005-x/spec.md"], {"number": 5, "slug": "x"}),
        ('{"feature_directory": "specs/005-x"}', ["specs/005-x/spec.md", "specs/005-x/plan.md"], {}),
        ('{"feature_directory": "specs/005-x"}', [], {}),
        ('{"feature_directory": null}', [], {}),
        ("{}", [], {}),
        ("[]", [], {}),
        ("{", [], {}),
    ],
)
def test_spec_kit_s_pointer_tells_what_is_prepared(
    tmp_path: Path, pointer: str, files: list[str], expected: dict[str, Any]
) -> None:
    write(tmp_path / ".specify/feature.json", pointer)
    for file in files:
        write(tmp_path / file)
    assert {key: value for key, value in prepared(tmp_path).items() if value} == expected


def test_the_branch_counts_before_the_pointer(tmp_path: Path) -> None:
    commit_all(tmp_path)
    git(tmp_path, "checkout", "--quiet", "-b", "006-branch")
    write(tmp_path / ".specify/feature.json", '{"feature_directory": "specs/005-x"}')
    write(tmp_path / "specs/005-x/spec.md")
    assert prepared(tmp_path) == {"number": 6, "slug": "branch", "title": "", "summary": ""}


PLAIN = 'revision = "{}"\ndown_revision = {}\n'
TYPED = 'revision: str = "{}"\ndown_revision: str | Sequence[str] | None = {}\n'


@pytest.mark.parametrize("form", [PLAIN, TYPED, PLAIN.replace('"', "'")], ids=["plain", "typed", "single quotes"])
@pytest.mark.parametrize(
    ("history", "head"),
    [
        ([], ""),
        ([("001_a", "None")], "001_a"),
        ([("001_a", "None"), ("002_b", '"001_a"'), ("003_c", "'002_b'")], "003_c"),
        ([("b", '"c"'), ("a", '"b"'), ("c", "None")], "a"),
        ([("001_a", "None"), ("002_b", '"001_a"'), ("002_c", '"001_a"')], "002_b, 002_c"),
        ([("a", "None"), ("b", '"a"'), ("c", '"a"'), ("m", '("b", "c")')], "m"),
        ([("a", "None"), ("b", '"a"'), ("c", '"a"'), ("m", '(\n    "b",\n    "c",\n)')], "m"),
    ],
)
def test_the_migration_head_is_no_revision_s_parent(
    tmp_path: Path, form: str, history: list[tuple[str, str]], head: str
) -> None:
    for revision, parent in history:
        write(tmp_path / f"migrations/versions/{revision}.py", '"""Add it."""\n\n' + form.format(revision, parent))
    write(tmp_path / "migrations/versions/helper.py", "x = 1\n")
    assert migration_head(tmp_path) == head
    assert migration_head(tmp_path.parent, tmp_path.name) == head
    assert bool(migration_error(head)) == ("," in head)


def test_what_an_interrupted_copy_wrote_is_no_parent_of_itself(tmp_path: Path) -> None:
    for revision, parent in (("001_a", "None"), ("002_posts", '"001_a"'), ("002_comments", '"002_posts"')):
        write(tmp_path / f"migrations/versions/{revision}.py", TYPED.format(revision, parent))
    assert migration_head(tmp_path, number=2, modules=["posts", "comments"]) == "001_a"
    assert migration_head(tmp_path, number=3, modules=["posts", "comments"]) == "002_comments"


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("a, b", "several heads (a, b): let another follow a first, by its down_revision = 'a'"),
        ("a b", "is no revision id"),
        ("a\n", "is no revision id"),
        ("../x", "is no revision id"),
        ('a"', "is no revision id"),
        ("a" * 33, "is no revision id"),
    ],
)
def test_what_is_no_parent_of_a_migration_is_refused(head: str, message: str) -> None:
    assert message in migration_error(head)


@pytest.mark.parametrize(("number", "good"), [(1, True), (999_999, True), (0, False), (-1, False), (10**6, False)])
def test_a_number_has_its_range(number: int, good: bool) -> None:
    assert (number_error(number) == "") is good


@pytest.mark.parametrize(
    ("date", "message"),
    [
        ("2026-02-28", ""),
        ("2026-02-30", "is no date: write YYYY-MM-DD"),
        ("20260228", "is not YYYY-MM-DD"),
        ("2026-W09-1", "is not YYYY-MM-DD"),
        ("2026-02-28\n", "is no date"),
        ("../x", "is no date"),
    ],
)
def test_a_day_is_written_in_one_form(date: str, message: str) -> None:
    assert message in date_error(date)
    assert bool(date_error(date)) == bool(message)


def test_an_answer_that_names_files_cannot_change(tmp_path: Path) -> None:
    write(tmp_path / ".copier-answers.yml", {"stack": "fastapi", "package": "shop"})
    file = feature(tmp_path, "002-a", feature_number=2, module="notes", slice=False, stack="fastapi")
    inside, project = conf(tmp_path, answers_file=file), conf(tmp_path, answers_file=".copier-answers.yml")
    assert change_error("module", "notes", inside) == ""
    assert change_error("module", "posts", inside) == (
        f"module is fixed since the copy: {file} says 'notes', so it cannot become 'posts'"
    )
    assert "says 2, so it cannot become 3" in change_error("feature_number", 3, inside)
    assert "says False, so it cannot become True" in change_error("slice", True, inside)
    assert change_error("entity", "Note", inside) == "", "nothing is stored yet"
    assert ".copier-answers.yml says 'shop'" in change_error("package", "other", inside), "a project's answer"
    assert ".copier-answers.yml says 'fastapi'" in change_error("stack", "django", project)
    assert change_error("module", "posts", project) == ""
    assert change_error("stack", "django", conf(tmp_path / "new", answers_file=".copier-answers.yml")) == ""


NEW = "specs/009-new/.copier-answers.feature.yml"


def taken(folder: Path, module: str, operation: str = "copy", scope: str = "feature") -> str:
    return within(operation, taken_module_error, module, PATHS, scope, conf(folder, answers_file=NEW))


@pytest.mark.parametrize(
    ("existing", "module", "message"),
    [
        ([], "posts", ""),
        (
            ["src/posts"],
            "posts",
            "module 'posts' exists already (src/posts): choose another, such as -d module=posts_2",
        ),
        (["tests/posts"], "posts", "module 'posts' exists already (tests/posts)"),
        (["src/posts", "src/posts_2", "tests/posts_3"], "posts", "such as -d module=posts_4, or plan without new code"),
        (["src/other"], "posts", ""),
        ([f"src/{'a' * 23}_bcde"], f"{'a' * 23}_bcde", f"-d module={'a' * 23}_2,"),
    ],
)
def test_a_module_that_exists_is_refused(tmp_path: Path, existing: list[str], module: str, message: str) -> None:
    for path in existing:
        write(tmp_path / path / "x.py")
    commit_all(tmp_path)
    error = taken(tmp_path, module)
    assert message in error
    assert bool(error) == bool(message)
    if message:
        assert error.endswith("-d slice=false")
    assert taken(tmp_path, module, operation="update") == ""
    assert taken(tmp_path, module, scope="project") == ""


def test_a_feature_s_own_slice_is_not_refused(tmp_path: Path) -> None:
    (tmp_path / "src/posts").mkdir(parents=True)
    feature(tmp_path, "009-new", module="posts", entity="Post")
    assert taken(tmp_path, "posts") == ""
    assert taken(tmp_path, "posts", scope="first")


@pytest.mark.parametrize("entity", ["Post", "POST"])
def test_an_entity_that_exists_is_refused(entity: str) -> None:
    assert taken_entity_error(entity, [("notes", "Note"), ("posts", "Post")]) == (
        f"entity {entity!r} exists already (module 'posts'): choose another, such as {entity}Entry, "
        "or plan without new code: -d slice=false"
    )
    assert taken_entity_error("Other", [("posts", "Post")]) == ""


@pytest.mark.parametrize(
    ("given", "message"),
    [("fastapo", "stack 'fastapo' is not offered, did you mean 'fastapi'?"), ("rails", "choose from django, fastapi")],
)
def test_an_unknown_choice_is_told_what_is_offered(given: str, message: str) -> None:
    assert message in unknown_choice("stack", given, ["django", "fastapi"])


SPEC = """# Feature Specification: {title}

**Input**: User description: "{summary}"
"""


@pytest.mark.parametrize(
    ("title", "summary", "expected"),
    [
        (
            "Honey yields",
            "Beekeepers record what each hive gave.",
            ("Honey yields", "Beekeepers record what each hive gave."),
        ),
        ("[FEATURE NAME]", "$ARGUMENTS", ("", "")),
        ("x" * 200, "y" * 400, ("x" * 100, "y" * 300)),
    ],
)
def test_a_specification_that_waits_for_its_plan_says_title_and_summary(
    tmp_path: Path, title: str, summary: str, expected: tuple[str, str]
) -> None:
    commit_all(tmp_path)
    git(tmp_path, "switch", "--quiet", "--create", "004-honey")
    write(tmp_path / "specs/004-honey/spec.md", SPEC.format(title=title, summary=summary))
    found = prepared(tmp_path)
    assert (found["title"], found["summary"]) == expected
    assert proposed_title("feature", "Posts", False, conf(tmp_path)) == expected[0]


@pytest.mark.parametrize(
    ("scope", "adopted", "defaults", "title"),
    [
        ("first", False, True, "Posts"),
        ("first", False, False, "Items"),
        ("first", True, False, ""),
        ("feature", False, False, ""),
        ("project", False, True, ""),
    ],
)
def test_people_are_not_offered_the_example_of_somebody_else(
    tmp_path: Path, scope: str, adopted: bool, defaults: bool, title: str
) -> None:
    assert proposed_title(scope, "Posts", adopted, {**conf(tmp_path), "defaults": defaults}) == title


def test_two_features_do_not_share_a_title(tmp_path: Path) -> None:
    write(tmp_path / "specs/001-posts/.copier-answers.feature.yml", "feature_title: Posts\nfeature_number: 1\n")
    assert "is that of feature 001 already" in taken_title_error("posts", "feature", conf(tmp_path))
    assert not taken_title_error("Comments", "feature", conf(tmp_path))


def test_half_of_the_answers_of_a_feature_is_nobody_s_title(tmp_path: Path) -> None:
    """A copy that was killed within this file is that of the feature to copy again."""
    write(tmp_path / "specs/001-posts/.copier-answers.feature.yml", "feature_title: Posts\nfeature_summary: User")
    assert not taken_title_error("Posts", "feature", conf(tmp_path))
    # What git tracks is whole, whatever it looks like.
    commit_all(tmp_path)
    assert "is that of another feature already" in taken_title_error("Posts", "feature", conf(tmp_path))


def test_the_questions_of_a_feature_are_those_that_a_project_is_not_asked(tmp_path: Path) -> None:
    names = feature_questions(conf(tmp_path))
    assert {"feature_title", "module", "entity", "fields", "feature_number", "created_on", "migration_parent"} <= set(
        names
    )
    assert not {"scope", "stack", "package", "project_name", "database", "plan_sections", "project"} & set(names)
