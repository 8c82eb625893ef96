"""Compile every template text once: Copier compiles each path segment anew for each file."""

from functools import lru_cache
from typing import Any

from jinja2 import Environment, Template
from jinja2.ext import Extension


class CompiledExtension(Extension):
    """Keeps what ``from_string`` compiled, for the life of the environment, which is one run of Copier."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        compiled = lru_cache(maxsize=None)(environment.from_string)

        def from_string(source: str, *arguments: Any) -> Template:
            # Copier's ``yield`` tag keeps what it found in the environment until the next text is read.
            environment.preprocess("")
            return compiled(source, *arguments)

        environment.from_string = from_string  # type: ignore[method-assign, assignment]
