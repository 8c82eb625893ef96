"""TypeScript in templates: JSON values as the code that prettier would leave alone."""

import json
import re
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension


def typescript(value: Any) -> str:
    """Write a JSON value as TypeScript code on one line.

    Strings get the quotes that prettier prefers (those that need fewer escapes), keys get none where they need none.
    """
    if isinstance(value, str):
        plain = json.dumps(value, ensure_ascii=False)
        if value.count('"') > value.count("'"):
            return "'" + plain[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
        return plain
    if isinstance(value, dict):
        plain_keys = all(re.fullmatch(r"[A-Za-z_$][\w$]*", key, re.ASCII) for key in value)
        items = (f"{key if plain_keys else typescript(key)}: {typescript(entry)}" for key, entry in value.items())
        return f"{{ {', '.join(items)} }}" if value else "{}"
    if isinstance(value, list):
        return f"[{', '.join(typescript(entry) for entry in value)}]"
    return json.dumps(value)


class TypeScriptExtension(Extension):
    """Registers the filter ``typescript``."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters["typescript"] = typescript
