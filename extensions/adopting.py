"""What a repository that was there before Groundplan is: whether it has code, of which stack, under which name.

Nothing here writes, starts a process or leaves the repository.
"""

import os
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment
from jinja2.ext import Extension

# LibYAML reads the same ten times as fast; where PyYAML was built without it, its own loader does.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DATA: dict[str, Any] = yaml.load(Path(__file__).with_name("adopting.yml").read_text("utf-8"), LOADER)
SPEC_KIT = ".specify"


def _files(root: Path) -> Iterator[str]:
    """Name the repository's own files from its root, without what is hidden (but for spec-kit's) or installed."""
    for folder, folders, names in os.walk(root):
        folders[:] = [
            name
            for name in sorted(folders)
            if name not in DATA["skipped"] and (not name.startswith(".") or name == SPEC_KIT)
        ]
        for name in sorted(names):
            yield (Path(folder) / name).relative_to(root).as_posix()


def code_files(dst_path: Any) -> Iterator[str]:
    """Name the files of a folder that are code, so that no project can be started in it."""
    return (path for path in _files(Path(dst_path)) if any(fnmatchcase(path, pattern) for pattern in DATA["code"]))


def has_code(dst_path: Any) -> bool:
    """Tell whether a folder holds code."""
    return any(code_files(dst_path))


def _holds(path: Path, pattern: str) -> bool:
    try:
        return re.search(pattern, path.read_text("utf-8"), re.MULTILINE) is not None
    except (OSError, UnicodeDecodeError):
        return False


def _signs() -> dict[str, list[dict[str, str]]]:
    """Read by what each stack is recognised, those with the most signs first: what they all say is more than what one of them says."""
    folder = Path(__file__).with_name("stacks")
    signs = {path.stem: yaml.load(path.read_text("utf-8"), LOADER)["signs"] for path in sorted(folder.glob("*.yml"))}
    return dict(sorted(signs.items(), key=lambda entry: -len(entry[1])))


def recognised_stack(dst_path: Any) -> str:
    """Name the stack that a repository looks like, or return an empty string."""
    root = Path(dst_path)
    paths = [path for path in _files(root) if not path.startswith(f"{SPEC_KIT}/")]

    def seen(sign: dict[str, str]) -> bool:
        return any(
            fnmatchcase(path, pattern) and _holds(root / path, text) for pattern, text in sign.items() for path in paths
        )

    return next((stack for stack, signs in _signs().items() if all(seen(sign) for sign in signs)), "")


def known_package(dst_path: Any) -> str:
    """Read the name that a repository has in code: Django's settings, or the distribution; an empty string without."""
    root = Path(dst_path)
    try:
        text = (root / "manage.py").read_text("utf-8")
        if match := re.search(r"DJANGO_SETTINGS_MODULE\W+(\w+)\.", text):
            return match[1]
    except (OSError, UnicodeDecodeError):
        pass
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text("utf-8")).get("project", {})
        return re.sub(r"[-.]+", "_", str(project.get("name", ""))).lower()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError):
        return ""


class AdoptingExtension(Extension):
    """Registers the functions that recognise a repository as globals of the template."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(
            has_code=has_code, code_files=code_files, code_patterns=DATA["code"], recognised_stack=recognised_stack,
            known_package=known_package,
        )  # fmt: skip
