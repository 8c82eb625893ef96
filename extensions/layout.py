"""How rendered text is laid out: as the formatters of the generated project would, whatever the names are."""

import ast
import json
import re
import sys
import textwrap
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension

try:
    import ruff_api
except ImportError:
    raise SystemExit(
        "groundplan: ruff-api, which formats what is rendered, is not installed beside Copier: start Copier with uvx --from "
        "'copier>=9.19,<10' --with copier-template-extensions --with 'ruff-api>=0.2.1,<0.3' copier, "
        "or type pipx inject copier 'ruff-api>=0.2.1,<0.3'"
    ) from None

RULES = ruff_api.FormatOptions(target_version="py312", line_width=100)
"""What generated projects tell ruff, as their ``pyproject.toml`` has it."""


def _own_modules(code: str) -> list[str]:
    """Name the packages that are the project's own: their imports stand in a block below those of other people's packages."""
    blocks: list[set[str]] = []
    end = -1
    for node in ast.parse(code).body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if node.lineno > end + 1:
            blocks.append(set())
        end = node.end_lineno or node.lineno
        if isinstance(node, ast.Import):
            blocks[-1] |= {alias.name.partition(".")[0] for alias in node.names}
        elif not node.level:
            blocks[-1].add((node.module or "").partition(".")[0])
    packages = [block for block in blocks if block - sys.stdlib_module_names]
    return sorted(set().union(*packages[1:]))


def _keep_used_imports(code: str) -> str:
    """Drop the imports at the top of a module that nothing in it uses, as ruff's F401 would."""
    module = ast.parse(code)
    used = {node.id for node in ast.walk(module) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    for node in module.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            used |= set(ast.literal_eval(node.value))
    lines: list[str | None] = list(code.split("\n"))
    for node in module.body:
        if not isinstance(node, ast.Import | ast.ImportFrom) or getattr(node, "module", "") == "__future__":
            continue
        names = [alias for alias in node.names if (alias.asname or alias.name).partition(".")[0] in used]
        if len(names) == len(node.names):
            continue
        for number in range(node.lineno - 1, node.end_lineno or node.lineno):
            lines[number] = None
        node.names = names
        lines[node.lineno - 1] = ast.unparse(node) if names else None
    return "\n".join(line for line in lines if line is not None)


def _join(match: re.Match[str]) -> str:
    return f"{match[1]} {', '.join(name.strip() for name in match[2].split(',') if name.strip())}"


def python(code: str) -> str:
    """Finish a rendered Python module, so that its template can read like the module with everything in it.

    Imports that this entity's fields do not need go, the others are sorted, and the module is formatted, as the generated
    project's own ``ruff`` would.
    """
    # Sorting looks for the project's own modules on the disk, below the root: what is rendered must not depend on that.
    order = ruff_api.SortOptions(_own_modules(code), detect_same_package=False)
    code = ruff_api.isort_string("module.py", _keep_used_imports(code), order, root="/nowhere")
    # Sorting breaks lines at 88 characters, whatever the width is; formatting breaks them again where they have to be.
    code = re.sub(r"^(from \S+ import) \(([^()#]*)\)", _join, code, flags=re.MULTILINE)
    return ruff_api.format_string("module.py", code, RULES)


def to_json(value: Any, **options: Any) -> str:
    """Write a value as JSON that YAML, TOML, TypeScript and Python read as well: with characters as they are.

    Copier's own filter of this name writes an emoji as two halves of a surrogate pair, which TOML forbids and YAML reads as
    two characters. Only what YAML and TOML want escaped is; a number with an exponent gets the point without which YAML takes
    it for a text. Copier itself calls it with options of ``json.dumps``.
    """
    text = json.dumps(value, ensure_ascii=False, **options)
    # Nearly no value has such a number, and reading each text of a long one takes its time.
    if re.search(r"\de[+-]\d", text):
        text = re.sub(r'("(?:[^"\\]|\\.)*")|(?<![\d.])(\d+)(?=e)', lambda match: match[1] or f"{match[2]}.0", text)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\ufffe\uffff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def python_string(text: str) -> str:
    """Write a text as a Python string with the quotes that ``ruff format`` prefers."""
    plain = json.dumps(text, ensure_ascii=False)
    if '"' in text and text.count('"') > text.count("'"):
        return "'" + plain[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
    return plain


def python_literal(value: Any) -> str:
    """Write a JSON value as Python code."""
    if isinstance(value, str):
        return python_string(value)
    if isinstance(value, dict):
        items = (f"{python_string(key)}: {python_literal(entry)}" for key, entry in value.items())
        return f"{{{', '.join(items)}}}"
    if isinstance(value, list):
        return f"[{', '.join(python_literal(entry) for entry in value)}]"
    return repr(value).replace("e+", "e")


def python_factory(value: dict[str, Any]) -> str:
    """Write a function that makes an object anew each time: ``dict`` itself if it is empty."""
    return f"lambda: {python_literal(value)}" if value else "dict"


def markdown(text: str) -> str:
    """Escape what Markdown or a table row would read as markup."""
    return re.sub(r"([\\`*_<>\[\]|#]|~(?=~)|(?<=~)~|&(?=#?\w+;))", r"\\\1", text)


def wrap(text: str, width: int = 100, indent: str = "") -> str:
    """Break prose into lines; the lines after the first get the indent."""
    return textwrap.fill(" ".join(text.split()), width, subsequent_indent=indent, break_long_words=False,
                         break_on_hyphens=False)  # fmt: skip


def tree(entries: dict[str, str]) -> str:
    """Draw paths as a tree, with the captions in one column.

    Args:
        entries: path → caption, parents before children, a folder with a slash at its end. A path whose parent is not
            listed stands at the root with its whole name.

    Returns:
        The lines, without a code fence.
    """
    children: dict[str, list[str]] = {"": []}
    for path in entries:
        parent = path.rstrip("/").rpartition("/")[0]
        parent = f"{parent}/" if f"{parent}/" in entries else ""
        children.setdefault(parent, []).append(path)
    drawn: list[tuple[str, str]] = []

    def draw(parent: str, prefix: str) -> None:
        for path in children.get(parent, []):
            last = path == children[parent][-1]
            branch = "" if not parent else prefix + ("└── " if last else "├── ")
            drawn.append((branch + path[len(parent) :], entries[path]))
            draw(path, "" if not parent else prefix + ("    " if last else "│   "))

    draw("", "")
    column = max((len(name) for name, _ in drawn), default=0) + 2
    return "\n".join(f"{name:<{column}}# {caption}" if caption else name for name, caption in drawn)


class LayoutExtension(Extension):
    """Registers the layout functions as filters (``to_json`` in place of Copier's), ``tree`` as a global."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters.update(
            python=python,
            python_string=python_string,
            python_literal=python_literal,
            python_factory=python_factory,
            to_json=to_json,
            markdown=markdown,
            wrap=wrap,
        )
        environment.globals["tree"] = tree
