"""Check every gate of the constitution and print a line a gate.

``python -m tests.gates [id …]`` runs the checks of gates.toml, all or those that are named. Exit status 1 if one fails.
"""

import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
WORKERS = 4


def check(gate: dict[str, Any]) -> tuple[str, str]:
    """Run one gate's command in the project's root; return its result and, if it failed, what it printed."""
    if "check" not in gate:
        return "PERSON", gate["human"]
    run = subprocess.run(
        ["/bin/sh", "-c", gate["check"]],
        cwd=FOLDER.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    return ("PASS", "") if run.returncode == 0 else ("FAIL", f"{run.stdout}{run.stderr}".strip())


def main(names: list[str]) -> int:
    """Check the gates and print the result."""
    gates = tomllib.loads((FOLDER / "gates.toml").read_text("utf-8"))["gates"]
    known = [gate["id"] for gate in gates]
    if unknown := [name for name in names if name not in known]:
        sys.stderr.write(f"no gate {', '.join(unknown)}; there are {', '.join(known)}\n")
        return 2
    chosen = [gate for gate in gates if not names or gate["id"] in names]
    with ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(check, chosen))
    for gate, (result, details) in zip(chosen, results, strict=True):
        sys.stdout.write(f"{result:<7} {gate['id']:<22} {gate['label']}\n")
        sys.stdout.writelines(f"        {line}\n" for line in details.splitlines())
    failed = sum(result == "FAIL" for result, _ in results)
    people = sum(result == "PERSON" for result, _ in results)
    passed = len(results) - failed - people
    sys.stdout.write(f"{passed} passed, {failed} failed, {people} for a person\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
