"""What the containers of a rendered project are told: to come back, to keep what they are given, to build from what is there."""

import itertools
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Render
from stacks import stack_names

PROJECTS = [{"stack": stack} for stack in stack_names() if stack != "single"] + [
    {"stack": "django", "database": "mysql"}
]
# What `make setup` writes before the first commit.
LOCKED = {"uv.lock", "package-lock.json"}


def services(folder: Path) -> dict[str, dict[str, Any]]:
    """Read the services of the compose file."""
    content: dict[str, dict[str, Any]] = yaml.safe_load((folder / "compose.yaml").read_text("utf-8"))
    return content["services"]


def manifests(folder: Path) -> list[dict[str, Any]]:
    """Read all manifests of Kubernetes."""
    documents = [yaml.safe_load_all(path.read_text("utf-8")) for path in sorted(folder.glob("k8s/**/*.yaml"))]
    return [document for document in itertools.chain(*documents) if document]


@pytest.mark.parametrize("answers", PROJECTS, ids=lambda answers: "-".join(answers.values()))
def test_services_come_back_by_themselves(rendered: Render, answers: dict[str, str]) -> None:
    for name, service in services(rendered(**answers)).items():
        assert service.get("restart") == ("unless-stopped" if name != "migrate" else None), name


@pytest.mark.parametrize("answers", PROJECTS, ids=lambda answers: "-".join(answers.values()))
def test_servers_keep_what_they_are_given(rendered: Render, answers: dict[str, str]) -> None:
    folder = rendered(**answers)
    for name, service in services(folder).items():
        if "image" in service:
            assert service["volumes"], name
    stateful = [entry for entry in manifests(folder) if entry["kind"] == "StatefulSet"]
    containers = [container for entry in stateful for container in entry["spec"]["template"]["spec"]["containers"]]
    kept = [entry["spec"]["volumeClaimTemplates"] for entry in stateful]
    assert all(kept)
    commands = [service.get("command", []) for name, service in services(folder).items() if name == "redis"]
    commands += [container["args"] for container in containers if container["name"] == "redis"]
    for command in commands:
        assert command[command.index("--appendonly") + 1] == "yes"
        assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    if answers in ({"stack": "contexts"}, {"stack": "django", "database": "mysql"}):
        commands = [services(folder)["database"]["command"]]
        commands += [container["args"] for container in containers if container["name"] == "database"]
        assert len(commands) == 2
        for command in commands:
            assert {"--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin"} <= set(command)


@pytest.mark.parametrize("answers", PROJECTS, ids=lambda answers: "-".join(answers.values()))
def test_a_first_build_finds_what_it_copies(rendered: Render, answers: dict[str, str]) -> None:
    folder = rendered(**answers)
    found = list(folder.rglob("Dockerfile"))
    assert found
    builds = [service["build"] for service in services(folder).values() if "build" in service]
    for dockerfile in found:
        # An image of another file than its folder's own is built from the root.
        named = [build["context"] for build in builds if isinstance(build, dict)]
        context = folder / named[0] if dockerfile.parent.name == "frontend" else dockerfile.parent
        ignored = (context / ".dockerignore").read_text("utf-8").split()
        for line in re.findall(r"^COPY (?!--from)(.*)", dockerfile.read_text("utf-8"), re.MULTILINE):
            for source in shlex.split(line)[:-1]:
                assert (context / source).exists() or Path(source).name in LOCKED, (dockerfile, source)
                assert source not in ignored, (dockerfile, source)
        assert not LOCKED & set((folder / ".gitignore").read_text("utf-8").split())
