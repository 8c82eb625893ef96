"""How a domain plugs in: a folder below ``src/`` with the module that is looked for. No list, no registration."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

from fastapi import APIRouter

SOURCE = Path(__file__).parent


class BrokenDomain(RuntimeError):
    """A domain that is there but cannot be used; the message names the file."""


def domain_modules(name: str, source: Path = SOURCE) -> list[ModuleType]:
    """Import one module of every domain that has it, in the order of the domains' names.

    Args:
        name: the module, such as ``router`` or ``models``.
        source: the folder to look in; its own name is the package's.

    Raises:
        BrokenDomain: when one cannot be imported.
    """
    modules = []
    for path in sorted(source.glob(f"*/{name}.py")):
        try:
            modules.append(import_module(f"{source.name}.{path.parent.name}.{name}"))
        except Exception as error:
            place = path.relative_to(source.parent)
            raise BrokenDomain(f"{place} cannot be imported: {error!r}") from error
    return modules


def domain_routers(source: Path = SOURCE) -> list[APIRouter]:
    """Collect the routers of all domains.

    Raises:
        BrokenDomain: when a ``router.py`` has no ``router``.
    """
    routers = []
    for module in domain_modules("router", source):
        router = getattr(module, "router", None)
        if not isinstance(router, APIRouter):
            raise BrokenDomain(f"{module.__name__} needs a variable 'router' with an APIRouter")
        routers.append(router)
    return routers
