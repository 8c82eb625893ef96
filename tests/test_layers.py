"""The layers: what a copy and an update touch, and what they refuse to."""

import shutil
from pathlib import Path
from typing import Any

import copier
import pytest
import yaml
from conftest import MAKE_GROUNDPLAN, Render, answers, commit_all, files, git, make_template, replace, run, status

SECOND = {
    "feature_title": "Job offers",
    "fields": "title:str(80)\nsalary:decimal(10,2)?\nstarts_on:date",
}
FEATURE_FILE = "specs/{}/.copier-answers.feature.yml"


@pytest.fixture
def project(rendered: Render, tmp_path: Path) -> Path:
    """Make a project with one feature, committed."""
    folder = shutil.copytree(rendered(), tmp_path / "shop")
    commit_all(folder)
    return folder


def update(folder: Path, file: str = ".copier-answers.yml", **options: Any) -> None:
    copier.run_update(
        folder, answers_file=file, defaults=True, overwrite=True, unsafe=True, quiet=True, skip_answered=True, **options
    )


# Copies ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_next_feature_is_new_files_only(project: Path, copy: Render) -> None:
    before = files(project)
    copy(project, **SECOND)
    assert status(project)
    assert [line for line in status(project) if not line.startswith("?? ")] == []
    after = files(project)
    assert {path: after[path] for path in before} == before
    assert (project / "specs/002-job-offers/plan.md").is_file()
    assert (project / "src/job_offers/router.py").is_file()
    stored = answers(project, FEATURE_FILE.format("002-job-offers"))
    assert (stored["feature_number"], stored["migration_parent"]) == (2, "001_comments")
    assert 'down_revision: str | None = "001_comments"' in next(project.glob("migrations/versions/*002*")).read_text(
        "utf-8"
    )


def test_the_next_feature_needs_a_title(project: Path, copy: Render) -> None:
    with pytest.raises(SystemExit, match="feature_title is missing"):
        copy(project)
    assert status(project) == []


def test_the_spec_kit_pointer_stays_with_the_first_feature(project: Path, copy: Render) -> None:
    copy(project, **SECOND)
    assert "001-posts" in (project / ".specify/feature.json").read_text("utf-8")


def test_a_feature_can_be_planned_without_code(project: Path, copy: Render) -> None:
    copy(project, feature_title="Faster lists", slice=False)
    assert {line.split("/")[0] for line in status(project)} == {"?? specs"}
    assert not (project / "specs/002-faster-lists/contracts").exists()


def test_the_number_follows_folders_and_branches(project: Path, copy: Render) -> None:
    (project / "specs/007-by-hand").mkdir()
    (project / "specs/20260101-120000-by-time").mkdir()
    git(project, "branch", "011-somebody-elses")
    git(project, "pack-refs", "--all")
    copy(project, **SECOND)
    assert (project / "specs/012-job-offers").is_dir()


def test_a_feature_that_spec_kit_began_keeps_its_number_and_its_spec(project: Path, copy: Render) -> None:
    git(project, "switch", "--quiet", "--create", "004-hire-people")
    spec = project / "specs/004-hire-people/spec.md"
    spec.parent.mkdir()
    spec.write_text("# Feature Specification: mine\n", "utf-8")
    copy(project, **SECOND)
    assert spec.read_text("utf-8") == "# Feature Specification: mine\n"
    assert (spec.parent / "plan.md").is_file()
    assert answers(project, FEATURE_FILE.format("004-hire-people"))["spec_given"] is True


def test_who_may_read_is_the_owner_as_soon_as_something_is_personal_and_stays_so(project: Path, copy: Render) -> None:
    copy(project, **(SECOND | {"fields": "title:str\nmail:email pii"}))
    file = FEATURE_FILE.format("002-job-offers")
    assert answers(project, FEATURE_FILE.format("001-posts"))["access"] == "public"
    assert answers(project, file)["access"] == "owner"
    commit_all(project)
    with pytest.raises(SystemExit, match="access is fixed since the copy"):
        update(project, file, data={"access": "members"})
    # A feature of a version that had not asked was read by everybody, and nothing changes that by the way.
    replace(project / file, "access: owner\n", "")
    commit_all(project)
    update(project, file)
    assert answers(project, file)["access"] == "public"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"module": "posts"}, r"module 'posts' exists already \(src/posts\).*module=posts_2.*slice=false"),
        ({"entity": "Post"}, r"entity 'Post' exists already \(module 'posts'\)"),
        ({"stack": "django"}, "stack"),
        ({"package": "other"}, "package is fixed"),
        ({"fields": "title:strng"}, "fields, line 1: unknown type 'strng', did you mean 'str'"),
        ({"feature_titel": "x"}, "no question 'feature_titel', did you mean 'feature_title'"),
    ],
    ids=str,
)
def test_a_copy_that_would_do_harm_writes_nothing(
    project: Path, copy: Render, data: dict[str, str], message: str
) -> None:
    with pytest.raises(SystemExit, match=message):
        copy(project, **(SECOND | data))
    assert status(project) == []


def test_a_copy_in_a_linked_work_tree_sees_the_branches(project: Path, copy: Render, tmp_path: Path) -> None:
    git(project, "branch", "020-far-ahead")
    git(project, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    copy(tmp_path / "linked", **SECOND)
    assert (tmp_path / "linked/specs/021-job-offers").is_dir()


def test_recopy_of_the_project_changes_nothing(project: Path) -> None:
    copier.run_recopy(project, data={"scope": "project"}, defaults=True, overwrite=True, unsafe=True, quiet=True)
    assert status(project) == []


# Updates ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def change(template: Path, path: str, old: str, new: str) -> None:
    replace(template / "template" / path, old, new)


def release(template: Path, version: str) -> None:
    commit_all(template, version)
    git(template, "tag", version)


@pytest.fixture(scope="module")
def two_versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a template whose second version changes, adds and removes files in both layers."""
    template = make_template(tmp_path_factory.mktemp("versions") / "groundplan")
    change(template, "{{ project }}/README.md.jinja", "## Updates of the template", "## Newer versions of the template")
    change(
        template,
        "{{ when.asgi }}/{{ shared }}/{{ server }}/src/health.py.jinja",
        "is the process alive",
        "does the process live",
    )
    (template / "template/{{ project }}/SECURITY.md").write_text("# Security\n", "utf-8")
    (template / "template/{{ project }}/.editorconfig.jinja").unlink()
    plan = "{{ feature }}/specs/{{ feature_dir }}/plan.md.jinja"
    change(template, plan, "## Complexity Tracking", "<!-- second version -->\n\n## Complexity Tracking")
    router = "{{ when.fastapi }}/{% yield model from entities %}.{% endyield %}/src/{{ model.module }}/router.py.jinja"
    change(template, router, ", sorted and in parts.", ", sorted, in parts.")
    contract = "{{ when.asgi }}/{% yield model from entities %}.{% endyield %}/specs/{{ feature_dir }}/contracts/openapi{{ model.suffix }}.yaml.jinja"
    change(template, contract, "sorted and in parts.", "sorted, in parts.")
    region = 'region:\n  type: str\n  help: Where it runs\n  ask: "{{ region is undefined }}"\n  default: eu\n\n'
    marker = "# The feature: asked for each"
    replace(template / "copier.yml", marker, region + marker)
    release(template, "v2.0.0")
    return template


@pytest.fixture(scope="module")
def edited(two_versions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project of the first version with two features, edited by hand in every layer."""
    folder = tmp_path_factory.mktemp("edited") / "shop"
    options: dict[str, Any] = {"defaults": True, "unsafe": True, "quiet": True, "vcs_ref": "v1.0.0"}
    copier.run_copy(str(two_versions), folder, **options)
    copier.run_copy(str(two_versions), folder, data=SECOND, **options)
    edits: list[tuple[str, str, str]] = [
        ("README.md", "## Start\n", "## Start\n\nAsk the platform team for access first.\n"),
        ("src/health.py", '    """Answer without looking at anything else."""', '    """Answer at once."""'),
        ("specs/001-posts/plan.md", "| None | - | - |", "| A queue | Mail is slow | Threads get lost |"),
        ("specs/001-posts/plan.md", "- [ ] **SQL-First**", "- [x] **SQL-First**"),
        ("src/posts/router.py", 'summary="Create a post"', 'summary="Write a post"'),
        ("src/job_offers/service.py", "async def get(", "LIMIT = 7\n\n\nasync def get("),
    ]
    for path, old, new in edits:
        replace(folder / path, old, new)
    (folder / "src/posts/notes.txt").write_text("mine\n", "utf-8")
    commit_all(folder)
    return folder


@pytest.fixture
def started(edited: Path, tmp_path: Path) -> Path:
    """Hand out a copy of the edited project, for a test to update."""
    return shutil.copytree(edited, tmp_path / "shop")


def unmerged(folder: Path) -> str:
    return git(folder, "ls-files", "--unmerged")


def test_an_update_of_the_project_leaves_features_alone(started: Path) -> None:
    features = {path: text for path, text in files(started).items() if "posts" in path or "job_offers" in path}
    update(started)
    assert {line[3:] for line in status(started)} == {
        ".copier-answers.yml",
        ".editorconfig",
        ".specify/templates/overrides/plan-template.md",
        "README.md",
        "SECURITY.md",
        "src/health.py",
    }
    assert not unmerged(started)
    after = files(started)
    assert {path: after[path] for path in features} == features
    assert "## Newer versions of the template" in after["README.md"]
    assert "Ask the platform team" in after["README.md"]
    assert "does the process live" in after["src/health.py"]
    assert "Answer at once." in after["src/health.py"]
    assert ".editorconfig" not in after
    assert answers(started)["region"] == "eu"


def test_an_update_of_a_feature_leaves_everything_else_alone(started: Path) -> None:
    update(started, FEATURE_FILE.format("001-posts"))
    assert not unmerged(started)
    assert {line[3:] for line in status(started)} == {
        "specs/001-posts/.copier-answers.feature.yml",
        "specs/001-posts/contracts/openapi.yaml",
        "specs/001-posts/contracts/openapi-comments.yaml",
        "specs/001-posts/plan.md",
        "src/posts/router.py",
        "src/comments/router.py",
    }
    after = files(started)
    assert "<!-- second version -->" in after["specs/001-posts/plan.md"]
    assert "| A queue | Mail is slow |" in after["specs/001-posts/plan.md"]
    assert "- [x] **SQL-First**" in after["specs/001-posts/plan.md"]
    assert 'summary="Write a post"' in after["src/posts/router.py"]
    assert "Filtered, sorted, in parts." in after["src/posts/router.py"]
    assert after["src/posts/notes.txt"] == "mine\n"


@pytest.mark.parametrize(
    ("file", "data"),
    [
        (".copier-answers.yml", {"stack": "single"}),
        (".copier-answers.yml", {"package": "other"}),
        (FEATURE_FILE.format("001-posts"), {"feature_number": 9}),
        (FEATURE_FILE.format("001-posts"), {"feature_slug": "other"}),
        (FEATURE_FILE.format("001-posts"), {"module": "other"}),
        (FEATURE_FILE.format("001-posts"), {"entity": "Other"}),
        (FEATURE_FILE.format("001-posts"), {"created_on": "2020-01-01"}),
        (FEATURE_FILE.format("001-posts"), {"slice": False}),
    ],
    ids=str,
)
def test_an_update_does_not_rename(started: Path, file: str, data: dict[str, Any]) -> None:
    with pytest.raises((SystemExit, ValueError), match=next(iter(data))):
        update(started, file, data=data)
    assert status(started) == []


def test_an_update_without_the_context_variable_finds_its_layer(started: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copier may rename its variable: `overwrite`, which an update sets, has to be enough."""
    name = "Variable that Copier keeps elsewhere"
    variable: Any = copier._main._operation
    monkeypatch.setattr(copier._main, "_operation", type(variable)(name))
    update(started)
    assert not [line for line in status(started) if "specs/00" in line or "src/posts" in line]
    assert "SECURITY.md" in files(started)


def test_make_update_merges_every_layer_with_a_commit_each(started: Path) -> None:
    run("make", "update", *MAKE_GROUNDPLAN, cwd=started, CI="true")
    assert status(started) == []
    subjects = git(started, "log", "--format=%s", "-3").splitlines()
    assert subjects == [
        "chore: update 002-job-offers to v2.0.0 of the template",
        "chore: update 001-posts to v2.0.0 of the template",
        "chore: update project to v2.0.0 of the template",
    ]
    assert "LIMIT = 7" in (started / "src/job_offers/service.py").read_text("utf-8")
    assert run("make", "update", *MAKE_GROUNDPLAN, cwd=started, CI="true").returncode == 0
    assert git(started, "log", "--format=%s", "-1") == subjects[0], "a second update has nothing to commit"


def test_make_update_stops_at_a_conflict(started: Path) -> None:
    replace(started / "specs/001-posts/plan.md", "## Complexity Tracking", "## Complexity Tracking!")
    commit_all(started)
    result = run("make", "update", *MAKE_GROUNDPLAN, cwd=started, CI="true", check=False)
    assert result.returncode != 0
    assert "Then type: make update" in result.stdout
    assert git(started, "log", "--format=%s", "-1") == "chore: update project to v2.0.0 of the template"
    assert unmerged(started)
    assert answers(started, FEATURE_FILE.format("002-job-offers"))["_commit"] == "v1.0.0"


def test_make_update_wants_a_clean_work_tree(started: Path) -> None:
    (started / "new.txt").write_text("x", "utf-8")
    result = run("make", "update", *MAKE_GROUNDPLAN, cwd=started, check=False)
    assert result.returncode != 0
    assert "Commit or stash" in result.stderr


def test_a_finished_feature_is_not_updated(started: Path) -> None:
    (started / FEATURE_FILE.format("001-posts")).unlink()
    commit_all(started)
    run("make", "update", *MAKE_GROUNDPLAN, cwd=started, CI="true")
    assert "second version" not in (started / "specs/001-posts/plan.md").read_text("utf-8")


def test_an_updated_project_equals_a_fresh_one(two_versions: Path, tmp_path: Path) -> None:
    updated, fresh = tmp_path / "updated/shop", tmp_path / "fresh/shop"
    common: dict[str, Any] = {"defaults": True, "unsafe": True, "quiet": True}
    copier.run_copy(str(two_versions), updated, vcs_ref="v1.0.0", **common)
    commit_all(updated)
    for file in (".copier-answers.yml", FEATURE_FILE.format("001-posts")):
        update(updated, file)
        commit_all(updated)
    copier.run_copy(str(two_versions), fresh, vcs_ref="v2.0.0", **common)
    left, right = files(updated), files(fresh)
    for file in (".copier-answers.yml", FEATURE_FILE.format("001-posts")):
        # A question that came later stands at the end of an answers file that is older.
        assert yaml.safe_load(left.pop(file)) == yaml.safe_load(right.pop(file))
    assert left == right
