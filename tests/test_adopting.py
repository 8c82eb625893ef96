"""A repository that was there before: recognised, planned, given features, and never changed."""

import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import copier
import pytest
from adopting import has_code, known_package, recognised_stack
from conftest import ROOT, Render, answers, commit_all, copy_into, files, git, make_template, replace, run, status, tool
from generated import interpreter
from servers import fetch, free_port, serve
from terminal import Terminal
from test_speckit import OPTIONS, script

MANAGE = 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")\n# django\n'
ONE_FILE = """
from fastapi import FastAPI

app = FastAPI()


@app.get("/hello")
async def hello() -> dict[str, str]:
    return {"hello": "world"}
"""
REPOSITORIES: dict[str, dict[str, str]] = {
    "django": {"manage.py": MANAGE, "mysite/settings.py": "", "mysite/urls.py": "", "polls/apps.py": ""},
    "fastapi": {"main.py": ONE_FILE, "requirements.txt": "uvicorn\n"},
    "contexts": {"manage.py": MANAGE, "apps/billing/domain/entities.py": ""},
    "web-mobile": {
        "frontend/package.json": '{"dependencies": {"next": "16.0.0"}}',
        "frontend/src/app/layout.tsx": "",
        "backend/pyproject.toml": '[project]\nname = "x"\ndependencies = ["fastapi>=0.100"]\n',
    },
    "single": {"pyproject.toml": '[project]\nname = "my-tool"\n', "src/my_tool/__init__.py": ""},
}
FEATURE = {"feature_title": "Job offers"}
FEATURE_FILE = "specs/001-job-offers/.copier-answers.feature.yml"
PROJECT_FILES = {
    "Makefile",
    "README.md",
    "pyproject.toml",
    "Dockerfile",
    "compose.yaml",
    ".github",
    "k8s",
    "renovate.json",
}


def repository(folder: Path, content: dict[str, str]) -> Path:
    """Make a repository with files of its own, committed."""
    for path, text in content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    folder.mkdir(exist_ok=True)
    commit_all(folder)
    return folder


@contextmanager
def only_new(folder: Path) -> Iterator[None]:
    """Hold a repository to it that nothing it has is changed."""
    own = [
        path
        for path in folder.rglob("*")
        if path.is_file() and not {".git", ".next", "__pycache__", "node_modules"} & set(path.parts)
    ]
    before = {path: path.read_bytes() for path in own}
    yield
    assert {path: path.read_bytes() for path in own if path.is_file()} == before
    assert [line for line in status(folder) if not line.startswith("?? ")] == []


def new(folder: Path) -> set[str]:
    """Name what has come, by its first folder."""
    return {line.removeprefix("?? ").split("/")[0] for line in status(folder)}


# Recognition ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stack", REPOSITORIES)
def test_a_stack_is_recognised(tmp_path: Path, stack: str) -> None:
    folder = repository(tmp_path / "old", REPOSITORIES[stack])
    assert has_code(folder)
    assert recognised_stack(folder) == stack


@pytest.mark.parametrize(
    ("content", "code", "stack"),
    [
        ({}, False, ""),
        ({"README.md": "# fastapi", "LICENSE": "", ".gitignore": "", "docs/index.md": ""}, False, ""),
        ({".venv/lib/x.py": "import fastapi", ".github/x.py": ""}, False, ""),
        ({"node_modules/next/package.json": '"next":', "venv/x.py": "import fastapi"}, False, ""),
        ({"cmd/main.go": "", "go.mod": ""}, True, ""),
        ({"specs/001-a/plan.md": ""}, True, ""),
        ({".specify/memory/constitution.md": ""}, True, ""),
        ({".specify/scripts/x.py": "import fastapi"}, True, ""),
        ({"tool.py": "print('no fastapi')"}, True, ""),
        ({"app/api.py": "    from fastapi import FastAPI"}, True, "fastapi"),
        ({"requirements-dev.txt": "httpx\nFastAPI[all]==0.1\n"}, True, "fastapi"),
        ({"package.json": '{"dependencies": {"next" : "1"}}'}, True, ""),
        ({"backend/manage.py": "django"}, True, "django"),
        ({"manage.py": "flask", "requirements.txt": ""}, True, ""),
        ({"setup.py": "from setuptools import setup"}, True, "single"),
        ({"pyproject.toml": "[tool.ruff]"}, True, ""),
    ],
    ids=str,
)
def test_what_code_is_and_what_it_looks_like(tmp_path: Path, content: dict[str, str], code: bool, stack: str) -> None:
    folder = repository(tmp_path / "old", content)
    assert has_code(str(folder)) is code
    assert recognised_stack(str(folder)) == stack


def test_a_file_that_is_no_text_is_not_read(tmp_path: Path) -> None:
    for name in ("manage.py", "pyproject.toml"):
        (tmp_path / name).write_bytes(b"\xff\xfe")
    assert recognised_stack(tmp_path) == known_package(tmp_path) == ""


@pytest.mark.parametrize(
    ("content", "package"),
    [
        ({"manage.py": MANAGE}, "mysite"),
        ({"manage.py": MANAGE.replace("mysite.settings", "config.settings.local")}, "config"),
        ({"manage.py": MANAGE, "pyproject.toml": '[project]\nname = "other"'}, "mysite"),
        ({"pyproject.toml": '[project]\nname = "My-Tool.x"'}, "my_tool_x"),
        ({"pyproject.toml": "[project"}, ""),
        ({"pyproject.toml": "project = 1"}, ""),
        ({}, ""),
    ],
    ids=str,
)
def test_the_name_in_code_is_read(tmp_path: Path, content: dict[str, str], package: str) -> None:
    assert known_package(repository(tmp_path / "old", content)) == package


# What a copy does ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stack", REPOSITORIES)
def test_plans_come_and_nothing_else(template: Path, tmp_path: Path, stack: str) -> None:
    folder = repository(tmp_path / "old", REPOSITORIES[stack] | {"README.md": "# Mine\n", "Makefile": "all:\n"})
    with only_new(folder):
        copier.run_copy(str(template), folder, data=FEATURE, defaults=True, overwrite=True, unsafe=True, quiet=True)
    assert new(folder) == {".copier-answers.yml", ".specify", "specs"}
    stored = answers(folder)
    assert (stored["adopted"], stored["stack"], stored["shared_code"]) == (True, stack, False)
    assert answers(folder, FEATURE_FILE)["slice"] is False
    assert {path.name for path in (folder / "specs/001-job-offers").iterdir()} == {
        ".copier-answers.feature.yml", "data-model.md", "plan.md", "quickstart.md", "research.md", "spec.md",
    }  # fmt: skip
    assert "specs/001-job-offers" in (folder / ".specify/feature.json").read_text("utf-8")


CODE = {
    "django": {"job_offers", "mysite", "tests"},
    "fastapi": {"src", "migrations", "tests"},
    "contexts": {"apps", "core", "tests"},
    "single": {"src", "tests"},
    "web-mobile": {"backend", "frontend", "load"},
}


@pytest.mark.parametrize("stack", CODE)
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_feature_comes_with_the_modules_that_it_imports(
    template: Path, tmp_path: Path, stack: str, overwrite: bool
) -> None:
    packages = ("tests", "tests/unit", "tests/contract", "core", "backend/tests")
    own = {f"{path}/__init__.py": "# mine\n" for path in packages} | {
        f"{place}tests/conftest.py": "# mine\n" for place in ("", "backend/")
    }
    folder = repository(tmp_path / "old", REPOSITORIES[stack] | own | {"README.md": "# Mine\n"})
    options: dict[str, Any] = {"defaults": True, "overwrite": overwrite, "unsafe": True, "quiet": True}
    with only_new(folder):
        copier.run_copy(str(template), folder, data=FEATURE | {"slice": True}, **options)
    assert new(folder) == {".copier-answers.yml", ".specify", "specs"} | CODE[stack]
    assert not PROJECT_FILES & new(folder)
    assert answers(folder)["shared_code"] is True


@pytest.mark.parametrize(
    ("stack", "code"), [(stack, False) for stack in REPOSITORIES] + [(stack, True) for stack in CODE]
)
def test_documents_speak_of_what_is_there(template: Path, tmp_path: Path, stack: str, code: bool) -> None:
    folder = copy_into(template, repository(tmp_path / "old", REPOSITORIES[stack]), **FEATURE, slice=code)
    texts = {path: text for path, text in files(folder).items() if path.startswith(("specs/", ".specify/"))}
    assert [path for path, text in texts.items() if re.search(r"\bmake \w", text)] == []
    assert "- [x]" not in texts["specs/001-job-offers/plan.md"]
    # plan-check is no part of an adopted repository; its eye for paths that do not exist serves here.
    shutil.copy(ROOT / "template/{{ project }}/.specify/plan_check.py", folder / ".specify")
    (folder / ".specify/plan_check.toml").write_text("modules = []\n", "utf-8")
    checked = run(sys.executable, ".specify/plan_check.py", "--static", "--json", cwd=folder, check=False)
    findings = json.loads(checked.stdout)["findings"]
    assert [finding for finding in findings if finding["rule"] in ("path", "placeholder", "clarification")] == []


@pytest.mark.parametrize("stack", CODE)
def test_how_much_code_the_tests_cover_is_for_the_repository_to_say(copy: Render, tmp_path: Path, stack: str) -> None:
    folder = copy(repository(tmp_path / "old", REPOSITORIES[stack]), **FEATURE, slice=True)
    assert not [path for path, text in files(folder).items() if "cov_fail_under" in text]


def test_a_copy_into_an_empty_repository_starts_a_project(copy: Render, tmp_path: Path) -> None:
    folder = repository(tmp_path / "shop", {".gitignore": ""})
    (folder / ".gitignore").unlink()
    copy(folder)
    assert (folder / "Makefile").is_file()
    assert answers(folder)["adopted"] is False
    assert "shared_code" not in answers(folder)


def test_a_whole_project_can_be_started_in_spite_of_code(copy: Render, tmp_path: Path) -> None:
    folder = repository(tmp_path / "shop", {"scripts/backup.py": ""})
    with only_new(folder):
        copy(folder, adopted=False)
    assert (folder / "Makefile").is_file()
    assert (folder / "src/posts/router.py").is_file()


def test_the_number_goes_on(copy: Render, tmp_path: Path) -> None:
    folder = repository(tmp_path / "old", REPOSITORIES["single"] | {"specs/003-old/plan.md": "# Mine\n"})
    with only_new(folder):
        copy(folder, feature_title="Exports")
    assert (folder / "specs/004-exports/plan.md").is_file()
    git(folder, "branch", "011-somebody-elses")
    commit_all(folder)
    with only_new(folder):
        copy(folder, **FEATURE)
    assert (folder / "specs/012-job-offers/plan.md").is_file()


def test_a_feature_that_was_begun_keeps_its_folder_and_its_specification(copy: Render, tmp_path: Path) -> None:
    begun = {
        "specs/004-hire-people/spec.md": "# Mine\n",
        "specs/004-hire-people/checklists/requirements.md": "- [x] mine\n",
        ".specify/feature.json": '{"feature_directory":"specs/004-hire-people"}\n',
    }
    folder = repository(tmp_path / "old", REPOSITORIES["fastapi"] | begun)
    with only_new(folder):
        copy(folder, **FEATURE)
    assert (folder / "specs/004-hire-people/plan.md").is_file()
    assert answers(folder, "specs/004-hire-people/.copier-answers.feature.yml")["spec_given"] is True


def test_the_next_copy_is_a_feature(copy: Render, tmp_path: Path) -> None:
    folder = repository(tmp_path / "old", REPOSITORIES["fastapi"])
    copy(folder, **FEATURE, slice=True)
    commit_all(folder)
    with only_new(folder):
        copy(folder, feature_title="Exports")
    assert (folder / "src/exports/router.py").is_file(), "who has taken code takes code"
    assert not PROJECT_FILES & {path.name for path in folder.iterdir()}
    assert 'down_revision: str | None = "001_job_offers"' in next(folder.glob("migrations/versions/*002*")).read_text(
        "utf-8"
    )
    assert answers(folder, "specs/002-exports/.copier-answers.feature.yml")["adopted"] is True


def test_a_copy_says_what_it_found(template: Path, tmp_path: Path) -> None:
    folder = repository(tmp_path / "old", REPOSITORIES["django"])
    terminal = Terminal("copier", "copy", "--trust", str(template), ".", cwd=folder)
    terminal.expect("which looks like django")
    terminal.answer("Name of the project")
    terminal.answer("Stack of the project")
    terminal.answer("Name in code")
    terminal.answer("The project in one sentence")
    terminal.answer("Database in production")
    terminal.answer("Optional sections")
    terminal.answer("Title of the next feature", "Job offers\r")
    terminal.answer("What the feature is for")
    terminal.answer("Code for the feature")
    terminal.answer("Module of the feature")
    terminal.answer("What the feature stores")
    terminal.answer("Fields of ", "\x1b\r")
    terminal.answer("Who may read")
    terminal.expect("Nothing that was here has changed")
    assert terminal.finish() == 0
    assert answers(folder)["package"] == "mysite"
    assert new(folder) == {".copier-answers.yml", ".specify", "specs"}


# What is refused ─────────────────────────────────────────────────────────────────────────────────────────────────────

REFUSALS: list[tuple[str, dict[str, str], dict[str, Any], str]] = [
    ("django", {}, {"feature_title": None}, "feature_title is missing"),
    ("django", {"job_offers/x.txt": ""}, {}, r"module 'job_offers' exists already \(job_offers\).*job_offers_2"),
    ("django", {"job_offers.py": ""}, {}, r"module 'job_offers' exists already \(job_offers\)"),
    ("django", {"tests/job_offers/x.py": ""}, {}, r"exists already \(tests/job_offers\)"),
    ("django", {"mysite/discovery.py": ""}, {}, r"mysite/discovery.py exists already.*or plan without code"),
    ("django", {"tests/factories.py": ""}, {}, "tests/factories.py exists already"),
    ("django", {"tests": ""}, {}, "tests exists already"),
    ("django", {"mysite/api.py": ""}, {}, "mysite/api.py exists already"),
    ("fastapi", {"src/job_offers/x.py": ""}, {}, r"module 'job_offers' exists already \(src/job_offers\)"),
    ("fastapi", {"src/main.py": "", "src/config.py": ""}, {}, r"src/\w+.py \(and 1 more\) exists already"),
    ("fastapi", {"migrations/env.py": ""}, {}, "migrations/env.py exists already"),
    ("fastapi", {"src/main/__init__.py": ""}, {}, "src/main/__init__.py exists already"),
    ("fastapi", {}, {"stack": "django"}, "the stack 'django' need manage.py"),
    ("fastapi", {}, {"stack": "contexts"}, "the stack 'contexts' need manage.py"),
    ("contexts", {"apps/job_offers/x.py": ""}, {}, r"module 'job_offers' exists already \(apps/job_offers\)"),
    ("contexts", {"core.py": ""}, {}, "core.py exists already.*or plan without code"),
    (
        "contexts",
        {"core/api/views.py": "", "core/utils/__init__.py": ""},
        {},
        r"views.py \(and 1 more\) exists already",
    ),
    ("contexts", {"tests/unit/fixtures.py": ""}, {}, "tests/unit/fixtures.py exists already"),
    ("contexts", {"tests/contract/test_job_offers.py": ""}, {}, "tests/contract/test_job_offers.py exists already"),
    ("single", {}, {"package": "other"}, r"the stack 'single' need src/other/__init__.py"),
    ("single", {"src/my_tool/cli.py": ""}, {}, "src/my_tool/cli.py exists already"),
    ("single", {"src/my_tool/models/job_offers.py": ""}, {}, r"module 'job_offers' exists already"),
    ("fastapi", {}, {"stack": "web-mobile"}, "the stack 'web-mobile' need frontend/src/app/layout.tsx"),
    ("web-mobile", {}, {"clients": ["web", "ios"]}, "ios of the stack 'web-mobile' brings no code.*or plan without"),
    ("web-mobile", {}, {"clients": ["android"]}, "android of the stack 'web-mobile' brings no code"),
    ("web-mobile", {}, {"assistant": True}, "assistant of the stack 'web-mobile' brings no code"),
    (
        "web-mobile",
        {"backend/src/models/job_offers.py": ""},
        {},
        r"exists already \(backend/src/models/job_offers.py\)",
    ),
    (
        "web-mobile",
        {"frontend/src/components/job_offers/x.tsx": ""},
        {},
        r"exists already \(frontend/src/components/job",
    ),
    ("web-mobile", {"frontend/src/services/api.ts": ""}, {}, "frontend/src/services/api.ts exists already"),
    (
        "web-mobile",
        {"frontend/src/app/(app)/layout.tsx": ""},
        {},
        r"frontend/src/app/\(app\)/layout.tsx exists already",
    ),
    (
        "fastapi",
        {"specs/002-x/research.md": "", ".specify/feature.json": '{"feature_directory": "specs/002-x"}'},
        {"slice": False},
        "specs/002-x/research.md exists already, and nothing that exists is changed: move it away$",
    ),
    ("fastapi", {".copier-answers.yml": "_src_path: gh:a/b\n"}, {}, r"is that of another template \(gh:a/b\)"),
]


@pytest.mark.parametrize(("stack", "own", "data", "message"), REFUSALS, ids=[row[3] for row in REFUSALS])
def test_what_would_write_over_something_is_refused(
    template: Path, tmp_path: Path, stack: str, own: dict[str, str], data: dict[str, Any], message: str
) -> None:
    folder = repository(tmp_path / "old", REPOSITORIES[stack] | own)
    given = {key: value for key, value in (FEATURE | {"slice": True} | data).items() if value is not None}
    before = files(folder)
    with pytest.raises(SystemExit, match=message):
        copier.run_copy(str(template), folder, data=given, defaults=True, overwrite=True, unsafe=True, quiet=True)
    assert files(folder) == before
    assert status(folder) == []


def test_a_document_that_exists_in_a_project_is_refused_too(copy: Render, tmp_path: Path) -> None:
    folder = copy(tmp_path / "shop")
    (folder / "specs/002-x").mkdir()
    (folder / "specs/002-x/research.md").write_text("mine", "utf-8")
    (folder / ".specify/feature.json").write_text('{"feature_directory": "specs/002-x"}', "utf-8")
    commit_all(folder)
    with pytest.raises(SystemExit, match=r"specs/002-x/research.md exists already"):
        copy(folder, **FEATURE)
    assert status(folder) == []


# Updates ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a template whose second version changes something in every layer, and adds a file to two."""
    template = make_template(tmp_path_factory.mktemp("adopting") / "groundplan")
    layers = template / "template"
    replace(
        layers / "{{ own_constitution }}/.specify/memory/constitution.md.jinja", "## Governance", "## How it changes"
    )
    plan = layers / "{{ feature }}/specs/{{ feature_dir }}/plan.md.jinja"
    replace(plan, "## Complexity Tracking", "<!-- second version -->\n\n## Complexity Tracking")
    replace(
        layers / "{{ when.asgi }}/{{ shared }}/{{ server }}/src/health.py.jinja", "is the process alive", "does it live"
    )
    replace(layers / "{{ when.fastapi }}/{{ shared }}/src/__init__.py", '"""', '"""Second. ')
    replace(layers / "{{ first }}/.specify/feature.json.jinja", "{", "{ ")
    (layers / "{{ project }}/SECURITY.md").write_text("# Security\n", "utf-8")
    (layers / "{{ when.fastapi }}/{{ shared }}/src/clock.py").write_text('"""The time."""\n', "utf-8")
    commit_all(template, "v2.0.0")
    git(template, "tag", "v2.0.0")
    return template


def adopt(template: Path, folder: Path, own: dict[str, str], **data: Any) -> Path:
    """Adopt a repository with the first version of a template, and commit."""
    repository(folder, REPOSITORIES["fastapi"] | own)
    options: dict[str, Any] = {"defaults": True, "unsafe": True, "quiet": True, "vcs_ref": "v1.0.0"}
    copier.run_copy(str(template), folder, data=FEATURE | data, **options)
    commit_all(folder)
    return folder


def update(folder: Path, file: str = ".copier-answers.yml", **data: Any) -> set[str]:
    """Run `copier update` and name what it touched."""
    options: dict[str, Any] = {"defaults": True, "overwrite": True, "unsafe": True, "quiet": True}
    copier.run_update(folder, answers_file=file, data=data, skip_answered=True, **options)
    assert git(folder, "ls-files", "--unmerged") == ""
    return {line[3:] for line in status(folder)}


SKELETON = ".specify/templates/overrides/plan-template.md"
CONSTITUTION = ".specify/memory/constitution.md"


def test_an_update_of_plans_touches_plans_only(versions: Path, tmp_path: Path) -> None:
    folder = adopt(versions, tmp_path / "old", {})
    (folder / "src").mkdir()
    (folder / "src/health.py").write_text("mine\n", "utf-8")
    replace(folder / CONSTITUTION, "## Core Principles", "## Our Principles")
    commit_all(folder)
    assert update(folder) == {".copier-answers.yml", CONSTITUTION, SKELETON}
    assert "## Our Principles" in (folder / CONSTITUTION).read_text("utf-8")
    assert "## How it changes" in (folder / CONSTITUTION).read_text("utf-8")
    commit_all(folder)
    assert update(folder, FEATURE_FILE) == {FEATURE_FILE, "specs/001-job-offers/plan.md"}


def test_an_update_of_code_touches_what_came_with_the_template(versions: Path, tmp_path: Path) -> None:
    own = {"src/own.py": "mine\n", "src/__init__.py": "# mine\n", "tests/__init__.py": "# mine\n"}
    folder = adopt(versions, tmp_path / "old", own, slice=True)
    assert update(folder) == {".copier-answers.yml", CONSTITUTION, SKELETON, "src/health.py", "src/clock.py"}
    commit_all(folder)
    assert update(folder, FEATURE_FILE) == {FEATURE_FILE, "specs/001-job-offers/plan.md"}
    assert {path: files(folder)[path] for path in own} == own


def test_what_was_there_is_no_update_s_business(versions: Path, tmp_path: Path) -> None:
    own = {CONSTITUTION: "# Ours\n", SKELETON: "# Ours\n", ".specify/feature.json": "{}\n"}
    folder = adopt(versions, tmp_path / "old", own)
    assert {path: files(folder)[path] for path in own} == own
    assert "the project's own come first" in (folder / "specs/001-job-offers/plan.md").read_text("utf-8")
    assert update(folder) == {".copier-answers.yml"}
    assert {path: files(folder)[path] for path in own} == own


@pytest.mark.parametrize(
    ("stack", "file"), [("fastapi", "src/exports/router.py"), ("web-mobile", "frontend/src/services/exports.ts")]
)
def test_code_can_come_later(copy: Render, tmp_path: Path, stack: str, file: str) -> None:
    folder = copy(repository(tmp_path / "old", REPOSITORIES[stack]), **FEATURE)
    commit_all(folder)
    with pytest.raises(SystemExit, match="copier update --trust -d shared_code=true"):
        copy(folder, feature_title="Exports", slice=True)
    with only_new(folder):
        came = update(folder, shared_code=True) - {".copier-answers.yml"}
        git(folder, "checkout", "--quiet", ".copier-answers.yml")
    assert {path.split("/")[0] for path in came} == CODE[stack] - {"load"}, "only features bring a load"
    git(folder, "clean", "--quiet", "--force", "-d")
    update(folder, shared_code=True)
    commit_all(folder)
    with only_new(folder):
        copy(folder, feature_title="Exports")
    assert (folder / file).is_file()


def test_code_that_comes_later_writes_over_nothing(copy: Render, tmp_path: Path) -> None:
    folder = copy(repository(tmp_path / "old", REPOSITORIES["fastapi"] | {"src/auth.py": "mine\n"}), **FEATURE)
    commit_all(folder)
    with pytest.raises(SystemExit, match=r"src/auth.py exists already"):
        update(folder, shared_code=True)
    assert status(folder) == []


@pytest.mark.parametrize("data", [{"adopted": False}, {"stack": "django"}], ids=str)
def test_an_update_makes_no_project_of_it(copy: Render, tmp_path: Path, data: dict[str, Any]) -> None:
    folder = copy(repository(tmp_path / "old", REPOSITORIES["fastapi"]), **FEATURE)
    commit_all(folder)
    with pytest.raises((SystemExit, ValueError), match=next(iter(data))):
        update(folder, **data)
    assert status(folder) == []


@pytest.mark.parametrize("stack", CODE)
def test_recopy_changes_nothing(copy: Render, tmp_path: Path, stack: str) -> None:
    folder = copy(repository(tmp_path / "old", REPOSITORIES[stack]), **FEATURE, slice=True)
    commit_all(folder)
    options: dict[str, Any] = {"defaults": True, "overwrite": True, "unsafe": True, "quiet": True}
    copier.run_recopy(folder, data={"scope": "project"}, **options)
    copier.run_recopy(folder, answers_file=FEATURE_FILE, data={"scope": "feature"}, **options)
    assert status(folder) == []


# spec-kit ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("flavour", ["sh", "py"])
def test_spec_kit_goes_on_in_its_own_project(copy: Render, tmp_path: Path, flavour: str) -> None:
    folder = repository(tmp_path / "old", {"README.md": "# Mine\n"})
    run(tool("specify"), "init", *OPTIONS, "--script", flavour, cwd=folder)
    commit_all(folder)
    begun = json.loads(script(folder, "create-new-feature", "--json", "Hire people"))
    name = Path(begun["SPEC_FILE"]).parent.name
    commit_all(folder)
    with only_new(folder):
        copy(folder, **FEATURE, stack="django")
    assert new(folder) <= {".copier-answers.yml", ".specify", "specs"}
    assert answers(folder)["constitution_given"] is (folder / CONSTITUTION).is_file()
    plan = (folder / "specs" / name / "plan.md").read_text("utf-8")
    found = json.loads(script(folder, "check-prerequisites", "--json"))
    assert found["FEATURE_DIR"].endswith(f"specs/{name}")
    assert set(found["AVAILABLE_DOCS"]) == {"research.md", "data-model.md", "quickstart.md"}
    script(folder, "setup-plan", "--json")
    assert (folder / "specs" / name / "plan.md").read_text("utf-8") == plan
    assert "rendered by Groundplan" in (folder / SKELETON).read_text("utf-8")
    again = json.loads(script(folder, "create-new-feature", "--json", "--dry-run", "Add tags"))
    assert again["FEATURE_NUM"] == "002"


# Projects that are really there ──────────────────────────────────────────────────────────────────────────────────────


class Adopted:
    """An existing project with an environment of its own, to which the lines of docs/adopting.md are added.

    Args:
        folder: its root.
        section: the heading of its stack in the document.
        python: version of its interpreter.
        server: folder of the Python project in it.
    """

    def __init__(self, folder: Path, section: str, python: str = "3.12", server: str = ".") -> None:
        self.folder = folder
        self.server = folder / server
        text = (ROOT / "docs/adopting.md").read_text("utf-8")
        self.text = text.split(f"\n## {section}\n")[1].split("\n## ")[0]
        self.python = folder.with_name("environment") / "bin/python"
        # uv would install into the interpreter that UV_PYTHON names.
        run(tool("uv"), "venv", "--quiet", "--python", interpreter(python), self.python.parents[1], cwd=folder.parent)
        commands = re.findall(r"^pip install ((?:.*\\\n)*.*)", self.text, re.MULTILINE)
        wanted = [word for command in commands for word in shlex.split(command.replace("\\\n", " "))]
        chosen: list[str | Path] = ["--python", self.python]
        run(tool("uv"), "pip", "install", "--quiet", *chosen, *wanted, cwd=folder, UV_PYTHON="", VIRTUAL_ENV="")

    def run(self, *command: str) -> str:
        """Run Python in the project."""
        result = run(self.python, *command, cwd=self.server, PYTHONPATH="", DJANGO_SETTINGS_MODULE="", DATABASE_URL="")
        return result.stdout + result.stderr

    def add_lines(self) -> set[str]:
        """Add to each file what the document wants at its end or after a line, and name the files."""
        blocks = re.findall(
            r"^`([^`]+)`, (?:at the end|after `(.+?)`).*\n\n```\w+\n((?:.*\n)*?)```", self.text, re.MULTILINE
        )
        for path, line, lines in blocks:
            if line:
                replace(self.folder / path, f"{line}\n", f"{line}\n{lines}")
            else:
                with (self.folder / path).open("a", encoding="utf-8") as file:
                    file.write(f"\n{lines}")
        return {path for path, _, _ in blocks}

    def serve(self, *command: str, path: str) -> tuple[int, Any]:
        """Serve the project, and read one address as soon as it answers."""
        port = free_port()
        arguments = [part.format(port=port) for part in command]
        log = self.folder.with_name("server.log")
        with serve(str(self.python), *arguments, cwd=self.server, port=port, log=log):
            status, text = fetch(f"http://127.0.0.1:{port}{path}")
        return status, json.loads(text) if status == 200 else None


@pytest.mark.generated
def test_a_django_project_serves_a_feature_beside_its_own(template: Path, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    project = Adopted(folder, "Features in a Django project")
    project.run("-m", "django", "startproject", "mysite", ".")
    project.run("manage.py", "startapp", "polls")
    replace(folder / "mysite/settings.py", "INSTALLED_APPS = [", 'INSTALLED_APPS = [\n    "polls.apps.PollsConfig",')
    (folder / "polls/tests.py").write_text(
        "from django.test import TestCase\n\n\nclass LoginTest(TestCase):\n    def test_login(self) -> None:\n"
        '        assert self.client.get("/admin/login/").status_code == 200\n',
        "utf-8",
    )
    (folder / ".gitignore").write_text("__pycache__/\n.pytest_cache/\ndb.sqlite3\n", "utf-8")
    commit_all(folder)
    with only_new(folder):
        copy_into(
            template, folder, **FEATURE, slice=True, fields="title:str(80)\nsalary:decimal(10,2)?\nopen:bool=true"
        )
    assert "Ran 1 test" in project.run("manage.py", "test", "polls"), "nothing is different yet"
    commit_all(folder)
    assert project.add_lines() == {"mysite/settings.py", "mysite/urls.py", "pyproject.toml"}
    assert "No changes detected" in project.run("manage.py", "makemigrations", "--check")
    project.run("manage.py", "migrate")
    own = project.run("manage.py", "test")
    assert "Ran 1 test" in own
    assert "OK" in own
    output = project.run("-m", "pytest", "-q")
    assert int(re.findall(r"^(\d+) passed", output, re.MULTILINE)[-1]) > 40, output
    assert "polls/tests.py" in project.run("-m", "pytest", "--collect-only", "-q")
    code, page = project.serve("manage.py", "runserver", "--noreload", "{port}", path="/api/job-offers/")
    assert (code, page["results"]) == (200, [])
    commit_all(folder)
    with only_new(folder):
        copy_into(template, folder, feature_title="Exports")
    project.run("manage.py", "migrate")
    assert project.serve("manage.py", "runserver", "--noreload", "{port}", path="/api/exports/")[0] == 200
    assert " passed" in project.run("-m", "pytest", "-q", "tests/exports")


@pytest.mark.generated
def test_a_fastapi_application_serves_a_feature_beside_its_own(template: Path, tmp_path: Path) -> None:
    folder = repository(
        tmp_path / "old",
        {
            "main.py": ONE_FILE,
            "test_main.py": "from fastapi.testclient import TestClient\n\nfrom main import app\n\n\n"
            'def test_hello() -> None:\n    assert TestClient(app).get("/hello").json() == {"hello": "world"}\n',
            "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef answer() -> int:\n    return 42\n",
            "tests/test_answer.py": "def test_answer(answer: int) -> None:\n    assert answer == 42\n",
            ".gitignore": "__pycache__/\n.pytest_cache/\n.env\n*.db\n",
        },
    )
    project = Adopted(folder, "Features in a FastAPI application")
    with only_new(folder):
        copy_into(
            template, folder, **FEATURE, slice=True, fields="title:str(80)\nsalary:decimal(10,2)?\nopen:bool=true"
        )
    assert "2 passed" in project.run("-m", "pytest", "-q", "test_main.py", "tests/test_answer.py")
    commit_all(folder)
    assert project.add_lines() == {"main.py", ".env", "pyproject.toml"}
    project.run("-m", "alembic", "upgrade", "head")
    output = project.run("-m", "pytest", "-q")
    assert int(re.findall(r"^(\d+) passed", output, re.MULTILINE)[-1]) > 32, output
    assert "No new upgrade operations detected" in project.run("-m", "alembic", "check")
    serve = ("-m", "uvicorn", "main:app", "--port", "{port}")
    assert project.serve(*serve, path="/hello") == (200, {"hello": "world"})
    code, page = project.serve(*serve, path="/job-offers")
    assert (code, page["items"]) == (200, [])
    commit_all(folder)
    with only_new(folder):
        copy_into(template, folder, feature_title="Exports")
    project.run("-m", "alembic", "upgrade", "head")
    assert project.serve(*serve, path="/exports")[0] == 200
    assert " passed" in project.run("-m", "pytest", "-q")


@pytest.mark.generated
def test_a_package_gets_sub_commands_beside_its_own(template: Path, tmp_path: Path) -> None:
    folder = repository(
        tmp_path / "old",
        {
            "pyproject.toml": '[project]\nname = "my-tool"\nversion = "2.1"\nrequires-python = ">=3.12"\n\n'
            '[project.scripts]\nmy-tool = "my_tool.main:main"\n\n'
            '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n',
            "src/my_tool/__init__.py": '"""Greets."""\n',
            "src/my_tool/main.py": 'import argparse\n\n\ndef main() -> None:\n    parser = argparse.ArgumentParser("my-tool")\n'
            '    parser.add_argument("name")\n    print("Hello", parser.parse_args().name)\n',
            "tests/unit/test_main.py": "import sys\n\nimport pytest\nfrom my_tool.main import main\n\n\n"
            "def test_main(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:\n"
            '    monkeypatch.setattr(sys, "argv", ["my-tool", "Ada"])\n    main()\n'
            '    assert capsys.readouterr().out == "Hello Ada\\n"\n',
            ".gitignore": "__pycache__/\n.pytest_cache/\n.hypothesis/\n.data/\n",
        },
    )
    project = Adopted(folder, "Features in a single package")
    assert "1 passed" in project.run("-m", "pytest", "-q")
    with only_new(folder):
        copy_into(
            template, folder, **FEATURE, slice=True, fields="title:str(80)\nsalary:decimal(10,2)?\nopen:bool=true"
        )
    assert "1 passed" in project.run("-m", "pytest", "-q", "tests/unit/test_main.py")
    commit_all(folder)
    assert project.add_lines() == {"src/my_tool/main.py"}
    output = project.run("-m", "pytest", "-q")
    assert int(re.findall(r"^(\d+) passed", output, re.MULTILINE)[-1]) > 30, output
    program = project.python.with_name("my-tool")
    assert run(program, "Ada", cwd=folder).stdout == "Hello Ada\n"
    (quickstart,) = folder.glob("specs/001-*/quickstart.md")
    *_, first, second = re.findall(r"```sh\n(.*?)```", quickstart.read_text("utf-8"), re.DOTALL)
    search = f"{program.parent}:{os.environ['PATH']}"
    assert '"version": 2' in run("sh", "-euc", first + second, cwd=folder, PATH=search).stdout
    commit_all(folder)
    with only_new(folder):
        copy_into(template, folder, feature_title="Exports")
    run(program, "exports", "list", cwd=folder, MY_TOOL_DATA_DIR=str(tmp_path / "data"))
    assert " passed" in project.run("-m", "pytest", "-q")
