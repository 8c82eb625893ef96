"""Compile every template text once: Copier compiles each path segment anew for each file."""

from functools import lru_cache

from jinja2 import Environment
from jinja2.ext import Extension


class CompiledExtension(Extension):
    """Keeps what ``from_string`` compiled, for the life of the environment, which is one run of Copier.

    Safe as long as no path of the template uses Copier's ``yield`` tag, which keeps state in the environment.
    """

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.from_string = lru_cache(maxsize=None)(environment.from_string)  # type: ignore[method-assign, assignment]
