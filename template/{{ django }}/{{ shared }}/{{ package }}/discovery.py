"""How a feature plugs in: a folder below the root with an ``apps.py``. No list, no registration.

The settings import this module, so it must not import anything that reads them.
"""

import keyword
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.apps import AppConfig


class BrokenApp(RuntimeError):
    """An app that is there but cannot be used; the message names the file."""


def load(name: str, file: str) -> ModuleType:
    """Import a module of an app.

    Raises:
        BrokenApp: when that fails, with the file and the reason.
    """
    try:
        return import_module(name)
    except Exception as error:
        raise BrokenApp(f"{file} cannot be imported: {error!r}") from error


def local_apps(root: Path) -> list[str]:
    """Name every app of the project: the folders below the root that have an ``apps.py``, in order.

    Raises:
        BrokenApp: when a folder's name is no module name, or its ``apps.py`` does not configure it.
    """
    names = []
    for file in sorted(root.glob("*/apps.py")):
        name, place = file.parent.name, f"{file.parent.name}/apps.py"
        if not name.isidentifier() or keyword.iskeyword(name):
            raise BrokenApp(f"{place}: the folder's name is no Python module name")
        module = load(f"{name}.apps", place)
        configs = [
            entry
            for entry in vars(module).values()
            if isinstance(entry, type) and issubclass(entry, AppConfig) and entry is not AppConfig
        ]
        if not any(getattr(config, "name", None) == name for config in configs):
            raise BrokenApp(f"{place} needs a subclass of AppConfig with name = '{name}'")
        names.append(name)
    return names
