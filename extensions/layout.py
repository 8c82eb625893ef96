"""How rendered text is laid out: as the formatters of the generated project would, whatever the names are."""

import ast
import itertools
import json
import re
import textwrap
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension

WIDTH = 100
"""Line length of generated Python, as its ruff configuration sets it."""

BRACKETS = {"(": ")", "[": "]", "{": "}"}


def _positions(code: str) -> list[tuple[int, str, int]]:
    """List the brackets and commas of a line of Python outside its strings, each with its depth."""
    found, depth, quote, skip = [], 0, "", False
    for index, letter in enumerate(code):
        if skip or (quote and letter == "\\"):
            skip = not skip
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in BRACKETS:
            found.append((index, letter, depth))
            depth += 1
        elif letter in BRACKETS.values():
            depth -= 1
            found.append((index, letter, depth))
        elif letter == ",":
            found.append((index, letter, depth))
    return found


def _explode(line: str, width: int) -> list[str]:
    """Break one line at its last bracket pair, as black and ruff do: the content on one line, or one part a line."""
    if len(line) <= width:
        return [line]
    marks = _positions(line)
    closing = [(index, depth) for index, letter, depth in marks if letter in BRACKETS.values()]
    signature = re.match(r"\s*(async )?def ", line)
    if signature:
        # A signature is broken at its parameters, whatever brackets its return type has.
        closing = [next((index, depth) for index, depth in closing if depth == 0)]
    elif not closing or line[closing[-1][0] + 1 :].strip() not in ("", ",", ":"):
        return _parenthesize(line, width)
    end, depth = closing[-1]
    start = max(index for index, letter, at in marks if letter in BRACKETS and at == depth and index < end)
    body = line[start + 1 : end]
    if not body.strip():
        return [line]
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    head, sign, value = line.partition(" = ")
    if sign and len(line[: start + 1]) > width >= len(head) + 4:
        # Not even the name of what is called has room behind the annotation.
        return [f"{head} = (", *_explode(indent + value, width), f"{indent[4:]})"]
    inner = indent + body.strip()
    # A call or a subscript may keep its content on one line; a literal is broken into its parts.
    literal = not re.match(r"[\w\])]", line[start - 1 : start])
    commas = [index for index, letter, at in marks if letter == "," and at == depth + 1 and start < index < end]
    if signature and not commas:
        lines = [f"{inner},"]
    elif not literal and not commas:
        lines = _explode(inner, width) if inner[-1] in BRACKETS.values() else [inner]
    elif len(inner) > width or body.rstrip().endswith(",") or (literal and "," in body):
        edges = [start, *commas, end]
        parts = [line[left + 1 : right].strip() for left, right in itertools.pairwise(edges)]
        lines = [part for text in parts if text for part in _explode(f"{indent}{text},", width)]
    else:
        lines = [inner]
    return [line[: start + 1], *lines, line[: len(line) - len(line.lstrip())] + line[end:]]


def _parenthesize(line: str, width: int) -> list[str]:
    """Break an assignment that does not end with a bracket: around its value if that is enough, or in its annotation."""
    head, sign, value = line.rpartition(" = ")
    indent = " " * (len(line) - len(line.lstrip()))
    inner = f"{indent}    {value}"
    name, colon, annotation = line.partition(": ")
    if not sign and colon and " | " in annotation and len(f"{indent}    {annotation}") <= width:
        return [f"{name}: (", f"{indent}    {annotation}", f"{indent})"]
    if not sign or len(inner) > width:
        return [line]
    parameter = value.endswith(",")
    if len(head) + 4 <= width and not parameter:
        return [f"{head} = (", inner, f"{indent})"]
    name, sign, annotation = head.partition(": ")
    if _is_union(annotation) and len(f"{indent}    {annotation}") <= width:
        return [f"{name}: (", f"{indent}    {annotation}", f"{indent}) = {value}"]
    *lines, last = _explode(head, min(width, len(head) - 1))
    return [*lines, f"{last} = {value}"]


def _is_union(annotation: str) -> bool:
    """Tell whether an annotation is a union itself, and not only something in its brackets."""
    before = (annotation[: match.start()] for match in re.finditer(r" \| ", annotation))
    return any(text.count("[") == text.count("]") for text in before)


def _prose(code: str) -> set[int]:
    """Number the lines that no formatter breaks: comments, docstrings and texts of several lines."""
    found = {number for number, line in enumerate(code.split("\n"), 1) if line.lstrip().startswith("#")}
    for node in ast.walk(ast.parse(code)):
        text = node.value if isinstance(node, ast.Expr) else node
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            end = text.end_lineno or text.lineno
            found |= set(range(text.lineno, end + 1)) if text is not node or end > text.lineno else set()
    return found


def fit(code: str, width: int = WIDTH) -> str:
    """Break the lines of a block of Python that are too long, as ``ruff format`` would.

    Made for assignments, calls, signatures, subscripts and literals that end with their closing bracket; the
    formatter's own check, run on every rendered project, is the proof.
    """
    prose = _prose(code)
    lines = enumerate(code.split("\n"), 1)
    return "\n".join(part for number, line in lines for part in ([line] if number in prose else _explode(line, width)))


def _keep_used_imports(code: str) -> str:
    """Drop the imports at the top of a module that nothing in it uses, as ruff's F401 would."""
    module = ast.parse(code)
    used = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    for node in module.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            used |= set(ast.literal_eval(node.value))
    lines: list[str | None] = list(code.split("\n"))
    for node in module.body:
        if not isinstance(node, ast.Import | ast.ImportFrom) or getattr(node, "module", "") == "__future__":
            continue
        names = [alias for alias in node.names if (alias.asname or alias.name).partition(".")[0] in used]
        if len(names) == len(node.names) and len(lines[node.lineno - 1] or "") <= WIDTH:
            continue
        listed = ", ".join(ast.unparse(alias) for alias in names)
        start = f"from {'.' * node.level}{node.module or ''} import " if isinstance(node, ast.ImportFrom) else "import "
        statement = start + listed
        if len(statement) > WIDTH:
            listed = "".join(f"    {ast.unparse(alias)},\n" for alias in names)
            statement = f"{start}(\n{listed})"
        for number in range(node.lineno - 1, node.end_lineno or node.lineno):
            lines[number] = None
        lines[node.lineno - 1] = statement if names else None
    return "\n".join(line for line in lines if line is not None)


def python(code: str) -> str:
    """Finish a rendered Python module, so that its template can read like the module with everything in it.

    Imports that this entity's fields do not need go, so do the gaps that a condition leaves (empty lines, empty
    brackets), and lines that long names made too long are broken as the formatter would.
    """
    code = re.sub(r"([{\[(])\n\s*([}\])])", r"\1\2", _keep_used_imports(code))
    code = re.sub(r'("""[^"\n]+)\n\s+"""', r'\1"""', fit(code))
    code = re.sub(r"\n{4,}", "\n\n\n", code)
    return re.sub(r'(\A(?:#.*\n)?"""(?:.|\n)*?"""\n)\n+', r"\1\n", code).strip() + "\n"


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
    """Registers the layout functions as filters, ``tree`` as a global."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters.update(
            python=python, python_string=python_string, python_literal=python_literal, markdown=markdown, wrap=wrap
        )
        environment.globals["tree"] = tree
