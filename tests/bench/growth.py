"""How long an application of many features takes to start, and to describe itself."""

import http.client
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from generated import Project
from servers import free_port

from bench.apis import Api

FEATURES = 100
STARTS = int(os.environ.get("STARTS", "5"))


def multiply(folder: Path, slices: tuple[str, ...], count: int) -> None:
    """Write a feature's modules again under other names, until there are so many features."""
    for number in range(1, count):
        suffix = chr(97 + number // 26) + chr(97 + number % 26)

        def rename(text: str, suffix: str = suffix) -> str:
            return re.sub(
                "[Tt]hing|THING", lambda found: found[0] + (suffix.upper() if found[0].isupper() else suffix), text
            )

        for part in slices:
            place = folder / part
            for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
                new = folder / rename(path.relative_to(folder).as_posix())
                new.parent.mkdir(parents=True, exist_ok=True)
                new.write_text(rename(path.read_text("utf-8")), "utf-8")


def answer(port: int, path: str, patience: float = 120) -> float:
    """Ask until there is an answer, and tell how long the last request took.

    Raises:
        RuntimeError: when there is none, or an error.
    """
    end = time.monotonic() + patience
    while time.monotonic() < end:
        begun = time.perf_counter()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
            connection.request("GET", path)
            response = connection.getresponse()
        except ConnectionError:
            time.sleep(0.005)
            continue
        text = response.read()
        if response.status != http.client.OK:
            raise RuntimeError(f"{path}: {response.status} {text[:300]!r}")
        return time.perf_counter() - begun
    raise RuntimeError(f"nobody answers at {path}")


def start(api: Api, project: Project, folder: Path, log: Path) -> tuple[float, float, float]:
    """Start the application in a folder; tell the seconds to the first answer, to the first of the schema, and of the next one."""
    port = free_port()
    variables = {**os.environ, **project.variables, "DATABASE_URL": "sqlite:///start.db", "PYTHONDONTWRITEBYTECODE": ""}
    variables |= {"PORT": str(port), "WEB_CONCURRENCY": "1", "METRICS_PORT": str(free_port())}
    command = project.program(api.start.format(port=port))
    begun = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=folder / project.server, env=variables, stdout=output, stderr=output)
    try:
        answer(port, api.live)
        alive = time.perf_counter() - begun
        first = answer(port, api.schema)
        return alive, first, answer(port, api.schema)
    finally:
        process.terminate()
        process.wait(60)


def report_start(api: Api, project: Project, folder: Path) -> None:
    """Print the least of some starts with one feature and with many, in turn."""
    many = folder / "many"
    shutil.copytree(project.folder, many, ignore=shutil.ignore_patterns(".venv", ".git", "node_modules"))
    multiply(many / project.server, api.slices, FEATURES)
    taken: dict[Path, list[tuple[float, float, float]]] = {project.folder: [], many: []}
    for _ in range(STARTS + 1):
        for place, times in taken.items():
            times.append(start(api, project, place, folder / "start.log"))
    # The first start of each compiles its modules.
    one, hundred = ([min(column) for column in zip(*times[1:], strict=True)] for times in taken.values())
    print(
        f"start: {one[0]:.2f} s with 1 feature, {hundred[0]:.2f} s with {FEATURES} ({hundred[0] / one[0]:.2f} times); "
        f"OpenAPI of {FEATURES}: {hundred[1]:.2f} s right after the start, {hundred[2]:.2f} s then",
        flush=True,
    )
