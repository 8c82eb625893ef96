"""How a domain plugs in: a folder below ``src/`` with the module that is looked for. No list, no registration."""

from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType

from fastapi import APIRouter

from src.late import LateRouter

SOURCE = Path(__file__).parent


class BrokenDomain(RuntimeError):
    """A domain that is there but cannot be used; the message names the file."""


def _module(path: Path, source: Path) -> ModuleType:
    """Import the module of a domain that stands in a file."""
    place = path.relative_to(source.parent)
    try:
        return import_module(".".join(place.with_suffix("").parts))
    except Exception as error:
        raise BrokenDomain(f"{place} cannot be imported: {error!r}") from error


def domain_modules(name: str, source: Path = SOURCE) -> list[ModuleType]:
    """Import one module of every domain that has it, in the order of the domains' names.

    Args:
        name: the module, such as ``router`` or ``models``.
        source: the folder to look in; its own name is the package's.

    Raises:
        BrokenDomain: when one cannot be imported.
    """
    return [_module(path, source) for path in sorted(source.glob(f"*/{name}.py"))]


def domain_routers(source: Path = SOURCE) -> list[LateRouter]:
    """List the routers of all domains, each of which is imported when a path below the domain's ``PREFIX`` is asked for.

    Where one has ``nested.py``, its routes stand below the address of another domain, and end as its ``PREFIX`` does.

    Raises:
        BrokenDomain: when the constants of a domain cannot be imported.
    """
    routers = []
    for path in sorted(source.glob("*/router.py")):
        constants = path.with_name("constants.py")
        below = getattr(_module(constants, source), "PREFIX", "") if constants.is_file() else ""
        routers.append(LateRouter(below, partial(_router, path, source, below)))
        nested = path.with_name("nested.py")
        if nested.is_file():
            end = below[below.rfind("/") :]
            routers.append(LateRouter("", partial(_router, nested, source, "", end), end))
    return routers


def _router(path: Path, source: Path, below: str, end: str = "") -> APIRouter:
    """Import the router of a domain, or that of its parts.

    Raises:
        BrokenDomain: when ``router.py`` has none, or one whose routes would not be found.
    """
    module = _module(path, source)
    router = getattr(module, "router", None)
    if not isinstance(router, APIRouter):
        raise BrokenDomain(f"{module.__name__} needs a variable 'router' with an APIRouter")
    if not router.prefix.startswith(below):
        raise BrokenDomain(f"{module.__name__}: the prefix of 'router' has to be PREFIX, {below}")
    if not all(getattr(route, "path", end).endswith(end) for route in router.routes):
        raise BrokenDomain(f"{module.__name__}: the paths of 'router' have to end with {end}")
    return router
