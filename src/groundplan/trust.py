"""Which template may run its extensions: the one that this command came from."""

import json
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlparse

from copier._vcs import get_repo


def comes_from(source: str) -> bool:
    """Tell whether this command was installed from a template's own repository, as ``uvx --from`` does it.

    Args:
        source: the template, as answers files name it.
    """
    try:
        origin = json.loads(metadata.distribution("groundplan").read_text("direct_url.json") or "{}")
    except metadata.PackageNotFoundError:
        return False
    url = str(origin.get("url", ""))
    if url.startswith("file://"):
        return Path(source).expanduser().resolve() == Path(unquote(urlparse(url).path)).resolve()
    return bool(url) and _plain(url) == _plain(source)


def _plain(url: str) -> str:
    """Write an address in the one way that Copier clones it."""
    return str(get_repo(url) or url).removesuffix(".git").rstrip("/")
