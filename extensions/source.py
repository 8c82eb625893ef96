"""Where the template comes from, as other tools than Copier write it."""

import re
import shlex

from jinja2 import Environment
from jinja2.ext import Extension

HOSTS = {"gh": "https://github.com/", "gl": "https://gitlab.com/"}
"""Copier's shorthands."""


def package_source(url: str) -> str:
    """Write a template's address as uv and pip install a package from it.

    Args:
        url: the address as Copier stores it: a URL, a shorthand such as ``gh:owner/name``, git's ``user@host:path``, or a path.
    """
    shorthand = re.fullmatch(r"(?:git\+)?(gh|gl):/?(.+?)(?:\.git)?/?", url)
    if shorthand:
        return f"git+{HOSTS[shorthand[1]]}{shorthand[2]}.git"
    if re.match(r"(?:https?|ssh|git|file)://", url):
        return f"git+{url}"
    host = re.fullmatch(r"([\w.-]+@[\w.-]+):(?!//)(.+)", url)
    return f"git+ssh://{host[1]}/{host[2]}" if host else url


def make_word(text: str) -> str:
    """Write a text as one word of a shell command in a Makefile."""
    return shlex.quote(text).replace("$", "$$").replace("#", r"\#")


class SourceExtension(Extension):
    """Registers ``package_source`` and the filter ``make_word``."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(package_source=package_source)
        environment.filters.update(make_word=make_word)
