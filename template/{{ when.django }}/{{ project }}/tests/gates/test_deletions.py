"""Gate: no file disappears unless somebody approved it on its own.

A file counts as deleted when the branch point with the main branch has it and the working tree does not; a rename does
not count. A deletion is approved by a trailer in a commit of the branch: ``Approved-Deletion: path/of/the/file``.
"""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAIN = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


def git(*arguments: str) -> str:
    run = subprocess.run(
        ["git", "-c", "core.quotepath=off", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout if run.returncode == 0 else ""


def branch_point() -> str:
    """Find the commit at which this branch left the main one; empty before the first commit."""
    for name in MAIN:
        if git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"):
            return git("merge-base", "HEAD", name).strip()
    return git("rev-parse", "--verify", "--quiet", "HEAD").strip()


def test_no_file_is_deleted_without_approval() -> None:
    start = branch_point()
    if not start:
        return
    deleted = git("diff", "--name-only", "--diff-filter=D", "--find-renames", start).splitlines()
    log = git("log", "--format=%(trailers:key=Approved-Deletion,valueonly)", f"{start}..HEAD")
    approved = {line.strip() for line in log.splitlines() if line.strip()}
    assert [path for path in deleted if path not in approved] == []
