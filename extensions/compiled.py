"""Compile every template text once: Copier compiles each path segment anew for each file, and an update renders three times."""

import hashlib
import sys
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from jinja2 import BytecodeCache, Environment, Template
from jinja2.bccache import Bucket
from jinja2.ext import Extension

# Copier loads this module anew for each rendering; a module of its own outlasts them, for the life of the process.
KEPT = vars(sys.modules.setdefault("groundplan_compiled", ModuleType("groundplan_compiled")))


def _codes() -> dict[Any, CodeType]:
    """Find what was compiled with the same extensions: a constant is filtered while its text is compiled."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    codes: dict[Any, CodeType] = KEPT.setdefault(digest.hexdigest(), {})
    return codes


class Codes(BytecodeCache):
    """Keeps the code of files by their name in the template, and what they hold."""

    def __init__(self, codes: dict[Any, CodeType]) -> None:
        self._codes = codes

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Leave the place out: each rendering clones the template to another one."""
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Find the code of a file."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a file."""
        if bucket.code:
            self._codes[bucket.key, bucket.checksum] = bucket.code


class CompiledExtension(Extension):
    """Keeps the templates of one rendering for its environment, and their code for the next."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        codes = _codes()
        environment.bytecode_cache = Codes(codes)

        @cache
        def compiled(source: str) -> Template:
            code = codes.get(source) or codes.setdefault(source, environment.compile(source))
            return environment.template_class.from_code(environment, code, environment.make_globals(None), None)

        def from_string(source: str) -> Template:
            # Copier's ``yield`` tag keeps what it found in the environment until the next text is read.
            environment.preprocess("")
            return compiled(source)

        environment.from_string = from_string  # type: ignore[method-assign, assignment]
