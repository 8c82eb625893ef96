"""How a context plugs in: by being a folder of ``apps/``. No list, no registration.

The settings import this module, so it must not import anything that reads them.
"""

import keyword
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.apps import AppConfig

from .environment import ROOT
from .messaging.subscriptions import Subscription

PARTS = ("bootstrap.py", "infrastructure/apps.py")
"""What every context has for the project to find; one that is reached from outside has an interface as well."""


class BrokenApp(RuntimeError):
    """A context that is there but cannot be used; the message names the file."""


def load(name: str, file: str) -> ModuleType:
    """Import a module of a context.

    Raises:
        BrokenApp: when that fails, with the file and the reason.
    """
    try:
        return import_module(name)
    except Exception as error:
        raise BrokenApp(f"{file} cannot be imported: {error!r}") from error


def contexts(root: Path) -> list[str]:
    """Name every context: the packages in ``apps/``, in order.

    Raises:
        BrokenApp: when a folder's name is no module name, or a part is missing.
    """
    names = [file.parent.name for file in sorted(root.glob("apps/*/__init__.py"))]
    for name in names:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise BrokenApp(f"apps/{name}: the folder's name is no Python module name")
        for part in PARTS:
            if not (root / "apps" / name / part).is_file():
                raise BrokenApp(f"apps/{name}/{part} is missing")
    return names


def local_apps(root: Path) -> list[str]:
    """Name every Django app of the project: the infrastructure of each context.

    Raises:
        BrokenApp: when a context's ``infrastructure/apps.py`` does not configure it.
    """
    names = []
    for context in contexts(root):
        name, place = f"apps.{context}.infrastructure", f"apps/{context}/infrastructure/apps.py"
        configs = [
            (entry.name, getattr(entry, "label", ""))
            for entry in vars(load(f"{name}.apps", place)).values()
            if isinstance(entry, type) and issubclass(entry, AppConfig) and entry is not AppConfig
        ]
        if (name, context) not in configs:
            raise BrokenApp(
                f"{place} needs a subclass of AppConfig with name = '{name}' and label = '{context}'"
            )
        names.append(name)
    return names


def interfaces(root: Path) -> list[str]:
    """Name the package in which the addresses of a context stand, for every context that has some."""
    return [
        f"apps.{context}.interface"
        for context in contexts(root)
        if (root / "apps" / context / "interface/urls.py").is_file()
    ]


@lru_cache
def subscriptions(root: Path = ROOT) -> tuple[Subscription, ...]:
    """Collect what the contexts want to hear of, from the ``SUBSCRIPTIONS`` of every ``bootstrap.py``.

    Raises:
        BrokenApp: when one of them cannot be imported or has no such list.
    """
    found: list[Subscription] = []
    for context in contexts(root):
        place = f"apps/{context}/bootstrap.py"
        listed = getattr(load(f"apps.{context}.bootstrap", place), "SUBSCRIPTIONS", None)
        if listed is None or not all(isinstance(entry, Subscription) for entry in listed):
            raise BrokenApp(f"{place} needs SUBSCRIPTIONS, a list of Subscription")
        found.extend(listed)
    return tuple(found)
