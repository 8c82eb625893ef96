"""Kotlin and Swift: how names and values are written in them."""

import json
import re
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension

KOTLIN_KEYWORDS = {
    "as", "break", "class", "continue", "do", "else", "false", "for", "fun", "if", "in", "interface", "is", "null",
    "object", "package", "return", "super", "this", "throw", "true", "try", "typealias", "typeof", "val", "var",
    "when", "while",
}  # fmt: skip
"""Kotlin's hard keywords (kotlinlang.org, keyword reference): a name among them stands in backticks."""

KOTLIN_PROPERTIES = {"version"}
"""What every stored thing has in the Android app (core/model, Item): a field of such a name gives way."""

SWIFT_KEYWORDS = {
    "associatedtype", "await", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do",
    "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in",
    "init", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public",
    "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "throws",
    "true", "try", "type", "typealias", "var", "where", "while", "yield",
}  # fmt: skip
"""Words that swift-openapi-generator (defensive naming) puts an underscore before when a property is called so."""


def camel(name: str) -> str:
    """Write a name of the API as Kotlin and Swift do: related_tags → relatedTags."""
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)


def kotlin_name(name: str) -> str:
    """Write a name so that Kotlin takes it for one, even if it is a keyword."""
    if name in KOTLIN_PROPERTIES:
        return f"{name}Value"
    return f"`{name}`" if name in KOTLIN_KEYWORDS else name


def kotlin_literal(text: str) -> str:
    """Write a text as a Kotlin string."""
    return json.dumps(text, ensure_ascii=False).replace("$", "\\$")


def swift_name(name: str) -> str:
    """Write a Swift name so that Swift takes it for one, even if it is a keyword."""
    return f"`{name}`" if name in SWIFT_KEYWORDS else name


def swift_property(name: str) -> str:
    """Name a property of a generated Swift type as swift-openapi-generator does."""
    return f"_{name}" if name in SWIFT_KEYWORDS else name


def swift_literal(text: str) -> str:
    """Write a text as a Swift string; JSON's escapes of control characters are not Swift's."""
    return re.sub(r"\\u([0-9a-f]{4})", r"\\u{\1}", json.dumps(text, ensure_ascii=False))


def draft_text(value: Any) -> str:
    """Write a JSON value as a person would enter it into a form."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def android_text(text: str) -> str:
    """Write a text as the content of an Android string resource."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("\\", "\\\\")
    return re.sub(r"([\"'])|^([@?])", lambda match: f"\\{match[0]}", escaped)


def used_imports(code: str) -> str:
    """Drop the imports at the top of Kotlin code that nothing in it names."""
    lines = code.strip("\n").split("\n")
    names = {line.split(".")[-1] for line in lines if line.startswith("import ")}
    used = set(re.findall(r"\w+", "\n".join(line for line in lines if not line.startswith("import ")))) & names
    return "\n".join(line for line in lines if not line.startswith("import ") or line.split(".")[-1] in used)


class LanguagesExtension(Extension):
    """Registers the functions as filters."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters.update(
            kotlin_name=kotlin_name, kotlin_literal=kotlin_literal, kotlin_imports=used_imports, swift_name=swift_name,
            swift_property=swift_property, swift_literal=swift_literal, draft_text=draft_text, camel=camel, android_text=android_text,
        )  # fmt: skip
