"""What SECURITY.md says that the extensions do not do: write, open a connection, start a process."""

import json
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, commit_all, run
from stacks import stack_names

WATCH = """
import json, sys
import copier

FOUND = []
WRITING = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate", "os.utime"}
STARTING = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "ctypes.dlopen"}


def watch(event, arguments):
    writes = event in WRITING or (event == "open" and isinstance(arguments[2], int) and arguments[2] & 3)
    if not (writes or event in STARTING or event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib."))):
        return
    frame = sys._getframe(1)
    while frame:
        if "/extensions/" in frame.f_code.co_filename:
            FOUND.append([event, repr(arguments[:1]), frame.f_code.co_filename.rpartition("/")[2], frame.f_lineno])
            return
        frame = frame.f_back


template, folder, data, update = json.loads(sys.argv[1])
options = {"defaults": True, "unsafe": True, "quiet": True, "overwrite": update}
sys.addaudithook(watch)
copier.run_update(folder, **options) if update else copier.run_copy(template, folder, data=data, **options)
print(json.dumps(FOUND))
"""


def watched(template: Path, folder: Path, update: bool = False, **data: str) -> list[object]:
    """Copy or update under audit hooks, and return what was done with an extension's function on the stack."""
    arguments = json.dumps([str(template), str(folder), data, update])
    # Compiled extensions are Python's own cache beside the clone of a template, and none of their doing.
    output = run(sys.executable, "-B", "-c", WATCH, arguments, cwd=folder.parent).stdout
    found: list[object] = json.loads(output.splitlines()[-1])
    return found


@pytest.mark.parametrize("stack", stack_names())
def test_extensions_write_nothing_start_nothing_and_connect_to_nothing(
    template: Path, tmp_path: Path, stack: str
) -> None:
    folder = tmp_path / "shop"
    assert watched(template, folder, stack=stack) == []
    commit_all(folder)
    assert watched(template, folder, feature_title="Job offers") == []
    commit_all(folder)
    assert watched(template, folder, update=True) == []


def test_the_watch_sees_what_an_extension_does(template_of_its_own: Path, tmp_path: Path) -> None:
    assert any("os.mkdir" in str(entry) for entry in watched(template_of_its_own, tmp_path / "shop"))


@pytest.fixture
def template_of_its_own(template: Path, tmp_path: Path) -> Path:
    """Make a template one of whose extensions makes a folder."""
    copy = tmp_path / "template"
    run("git", "clone", "--quiet", template, copy, cwd=tmp_path)
    file = copy / "extensions/source.py"
    with file.open("a", encoding="utf-8") as source:
        source.write(f"\n__import__('os').makedirs({str(tmp_path / 'made')!r}, exist_ok=True)\n")
    commit_all(copy, "an extension that writes")
    run("git", "tag", "--force", "v9.0.0", cwd=copy)
    return copy


def test_no_task_and_no_migration_hides_behind_trust() -> None:
    settings = yaml.safe_load((ROOT / "copier.yml").read_text("utf-8"))
    assert not {"_tasks", "_migrations"} & set(settings)
