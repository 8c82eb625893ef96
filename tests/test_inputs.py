"""Bad input, in bulk: one sentence, exit status 1, nothing written."""

import collections
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import copier
import pytest
import yaml
from conftest import ROOT, Render, answers, commit_all, files, git, status

TABLE = yaml.safe_load(Path(__file__).with_name("inputs.yml").read_text("utf-8"))
TEXTS = {"line", "identifier", "slug", "class", "choice", "date", "version", "revision", "fields", "changes"}


def inputs() -> Iterator[tuple[str, Any]]:
    """Pair every question with every bad value of its kind."""
    for kind, questions in TABLE["questions"].items():
        values = TABLE["values"][kind] + (TABLE["text"] if kind in TEXTS else [])
        for question in questions:
            for value in values:
                repeated = isinstance(value, dict) and "repeat" in value
                yield question, str(value["repeat"]) * value["times"] if repeated else value


INPUTS = list(inputs())
SHARES = [
    pytest.param(
        range(start, len(INPUTS), 8), id=f"every eighth from {start}", marks=[pytest.mark.deep] if start > 1 else []
    )
    for start in range(8)
]


def test_every_question_has_a_kind() -> None:
    asked = {name for name in yaml.safe_load((ROOT / "copier.yml").read_text("utf-8")) if not name.startswith("_")}
    listed = {name for kind, names in TABLE["questions"].items() if kind != "unknown" for name in names}
    # Decided by what is there, and a boolean or a list without a wrong value of its own.
    assert asked - listed == {"spec_given", "constitution_given", "skeleton_given", "kept", "files_checked"}
    assert listed <= asked
    assert len(INPUTS) >= 500


@pytest.mark.parametrize("numbers", SHARES)
def test_bad_input_is_refused_in_one_sentence(plain: Path, tmp_path: Path, numbers: range) -> None:
    outcomes: dict[str, list[str]] = collections.defaultdict(list)
    for number in numbers:
        question, value = INPUTS[number]
        data = {"stack": "web-mobile" if question in ("clients", "assistant") else "fastapi", question: value}
        folder = tmp_path / "shop"
        try:
            copier.run_copy(str(plain), folder, data=data, defaults=True, unsafe=True, quiet=True)
        except SystemExit as end:
            sentence = str(end.code)
            good = sentence.startswith("groundplan: ") and "\n" not in sentence
            outcomes["refused" if good else "in several lines"].append(f"{question}={value!r:.40}: {sentence:.90}")
        except Exception as error:
            outcomes["traceback"].append(f"{question}={value!r:.40}: {error!r:.90}")
        else:
            outcomes["taken"].append(f"{question}={value!r:.40}")
        if folder.exists():
            outcomes["written"].append(f"{question}={value!r:.40}")
            break
    refused = outcomes.pop("refused", [])
    assert outcomes == {}
    assert len(refused) == len(numbers)


def refused(copy: Render, folder: Path, **data: Any) -> str:
    """Copy to where nothing can be copied to, and return the sentence."""
    before = files(folder) if folder.is_dir() else {}
    with pytest.raises(SystemExit) as end:
        copy(folder, **data)
    assert (files(folder) if folder.is_dir() else {}) == before
    return str(end.value.code)


def test_a_destination_has_to_be_a_folder(copy: Render, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    (tmp_path / "link").symlink_to("nowhere")
    assert "file is a file: give a folder" in refused(copy, tmp_path / "file")
    assert "file is a file: give a folder" in refused(copy, tmp_path / "file/below")
    assert "link is a link to something that is not there" in refused(copy, tmp_path / "link")


def test_git_s_own_folders_are_refused(copy: Render, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "bare.git")
    git(tmp_path, "init", "--quiet", "work")
    for folder in ("bare.git", "bare.git/x", "work/.git", "work/.git/x"):
        assert "is git's own folder" in refused(copy, tmp_path / folder)


def test_a_project_is_known_without_its_answers_and_from_inside(copy: Render, rendered: Render, tmp_path: Path) -> None:
    project = tmp_path / "shop"
    shutil.copytree(rendered(stack="single"), project)
    commit_all(project)
    assert f"is inside the project {project}, where its features are added" in refused(copy, project / "src")
    assert "is inside the project" in refused(copy, project / "new/deep")
    file = project / ".copier-answers.yml"
    stored = file.read_text("utf-8")
    file.write_text(f"<<<<<<< ours\n{stored}=======\n>>>>>>> theirs\n", "utf-8")
    with pytest.raises(SystemExit, match="holds the marks of a conflict"):
        copier.run_copy(str(copy.args[0]), project, defaults=True, unsafe=True)  # type: ignore[attr-defined]
    file.unlink()
    assert refused(copy, project).endswith("git checkout -- .copier-answers.yml")
    commit_all(project)
    assert ".copier-answers.yml is missing, to which specs/001-notes belongs" in refused(copy, project)


def test_a_folder_with_a_forge_s_files_becomes_a_project_that_keeps_them(copy: Render, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "README.md").write_text("# Mine\n", "utf-8")
    (folder / ".gitignore").write_text("*.log\n", "utf-8")
    commit_all(folder)
    copy(folder)
    assert {line[:2] for line in status(folder)} == {"??"}, "nothing that was there changes"
    stored = answers(folder)
    assert (stored["adopted"], sorted(stored["kept"])) == (False, [".gitignore", "README.md"])


def test_a_relative_template_is_stored_in_full(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(template.parent)
    copier.run_copy(template.name, tmp_path / "shop", defaults=True, unsafe=True, quiet=True)
    assert answers(tmp_path / "shop")["_src_path"] == str(template)
    assert answers(tmp_path / "shop", "specs/001-posts/.copier-answers.feature.yml")["_src_path"] == str(template)
