"""Rendered text is laid out as the formatters of the generated project would."""

import ast
import itertools
import subprocess
import sys
from typing import Any

import pytest
from layout import WIDTH, fit, markdown, python, python_literal, python_string, tree, wrap

A, B, C, D = ("a" * 20, "b" * 25, "c" * 30, "d" * 35)
LINES = [
    f"x = call({A}, {B})",
    f"x = call({A}, {B}, {C})",
    f"x = call({A}, {B}, {C}, {D})",
    f"x = call({A}, key={B}({C}, {D}, {A}, {B}), other=1)",
    f"x = call(other({A}, {B}, {C}, {D}))",
    f"x = [{A}, {B}, {C}, {D}]",
    f"x = {{{A}: 1, {B}: 2, {C}: 3}}",
    f'x = {{"{A}": 1, "{B}": {{"{C}": 3, "{D}": 4}}, "z": [1, 2]}}',
    f"x = {{'{A}': 1}}".replace("'", '"'),
    f"x: dict[str, {A}{B}] = {{{A}: {B}, {C}: {D}}}",
    f"async def {C}({A}: {B}, {C}: {D}) -> {A}:",
    f"async def {C}({A}: {B}) -> {A}:",
    f"def {A}({A}: {B}, {C}: {D}, x: int = 1) -> tuple[Sequence[{A}], int]:",
    f"class {A}({B}, {C}, {D}):",
    f"x: Annotated[{A}, {B}] = {C}{D}",
    f"x: Annotated[int, {A}, {B}] | SkipJsonSchema[None] = None",
    f"{B}: Annotated[int, {B}, {A}] | None",
    f"x: Annotated[int, {A}, {B}] | None = {D}",
    f"x = call([{A}, {B}, {C}, {D}])",
    f"x = call({A}{B}{C}{D})",
    f"x: Mapped[Annotated[{A}, {B}, {C}, {D}]]",
    f"def {A}({A}: {B} | {C}) -> {A}:",
    f"x = {A}{B}{C}{D}",
    f"{A}.{B} = {C}.{D}",
    f'x = "{A} {B} {C} {D}"',
    f"{A}.{B}({C}, {D})",
    f"await {A}.{B}({C}, {D})",
    f'call("a, b (c] {A}", {B}, {C}, {A})',
    f"if {A}({B}, {C}, {A}, {B}):",
    f"return {A}({B}, {C}, {A}, {B})",
    f'call("a \\\\", {A}, {B}, "it\'s )", {C}, {A})',
    f"# a comment ({A}) about {B} = {C}, and ({D})",
    f"# a comment about {A} {B} {C} = {D}",
]
BLOCKS = ("class", "def", "async def", "if")


def ruff(code: str) -> str:
    """Format many snippets with one run of the real formatter."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", str(WIDTH), "-"]
    return subprocess.run(command, input=code, capture_output=True, text=True, check=True).stdout


def snippet(line: str, indent: int) -> str:
    """Put a line where it may stand: in a function, one level deep or two, or alone."""
    line += "\n    pass" if line.startswith(BLOCKS) else "\npass" if line.startswith("#") else ""
    for _ in range(indent):
        line = "async def f():\n" + "\n".join(f"    {part}" for part in line.split("\n"))
    return line


@pytest.fixture(scope="module")
def formatted() -> dict[tuple[str, int], str]:
    cases = [(line, indent) for line in LINES for indent in range(3)]
    pieces = ruff("\n\n\n".join(f'"=="\n{snippet(*case)}' for case in cases)).split('"=="\n')[1:]
    return {case: piece.strip("\n") for case, piece in zip(cases, pieces, strict=True)}


@pytest.mark.parametrize("indent", range(3))
@pytest.mark.parametrize("line", LINES)
def test_a_long_line_is_broken_as_ruff_does(formatted: dict[tuple[str, int], str], line: str, indent: int) -> None:
    assert "\n".join(part for part in fit(snippet(line, indent)).split("\n") if part) == "\n".join(
        part for part in formatted[line, indent].split("\n") if part
    )


def test_most_lines_of_the_table_are_too_long() -> None:
    assert sum(len(line) > WIDTH for line in LINES) > len(LINES) / 2
    assert fit(LINES[0]) == LINES[0]


def test_a_call_whose_name_has_no_room_stands_in_parentheses() -> None:
    code = f"{'a' * 29}: {'B' * 58} | None = field(default={'B' * 58}(1))\n"
    assert fit(code) == ruff(code)


def test_the_width_is_the_limit_itself() -> None:
    line = f"x = call({'a' * (WIDTH - 10)})"
    assert (len(line), fit(line)) == (WIDTH, line)
    assert "\n" in fit(line.replace("x", "xy"))


def test_the_text_of_a_docstring_is_not_broken() -> None:
    long = f"It takes a ({A}, {B}, {C}, {D})"
    code = f'"""What it does.\n\n{long}\n"""\n\nx = 1\n'
    assert python(code) == code
    assert python(f'"""{long}."""\n') == f'"""{long}."""\n'


IMPORTS = [
    ("import os\nimport re\n\nre.x()", "import re\n\nre.x()"),
    ("import os.path\nimport a.b as c\n\nos.x(c)", "import os.path\nimport a.b as c\n\nos.x(c)"),
    ("import a.b as c\nimport d\n\na.x(d)", "import d\n\na.x(d)"),
    ("from x import a, b, c\n\na(c)", "from x import a, c\n\na(c)"),
    ("from x import a as b, c as d\n\na(d)", "from x import c as d\n\na(d)"),
    ("from . import a, b\nfrom ..c import d\n\nb(d)", "from . import b\nfrom ..c import d\n\nb(d)"),
    ("from x import (\n    a,\n    b,\n)\n\na()", "from x import a\n\na()"),
    ("from x import (\n    a,\n    b,\n)\n\na(b)", "from x import (\n    a,\n    b,\n)\n\na(b)"),
    ("from x import (\n    a,\n    b,\n)\n\nc()", "c()"),
    (
        "from x import A, B\n\n\ndef f(a: A | None) -> B.C: ...",
        "from x import A, B\n\n\ndef f(a: A | None) -> B.C: ...",
    ),
    ("from x import a\n\nx.a = 1\nf(a=1)", "x.a = 1\nf(a=1)"),
    (f"from x import {A}, {B}, {C}, {D}\n\nf({A}, {B}, {C})", f"from x import {A}, {B}, {C}\n\nf({A}, {B}, {C})"),
    ("from __future__ import annotations\n\nx = 1", "from __future__ import annotations\n\nx = 1"),
]


@pytest.mark.parametrize(("code", "expected"), IMPORTS)
def test_imports_that_nothing_uses_go(code: str, expected: str) -> None:
    assert python(code) == expected + "\n"


def test_an_import_that_is_too_long_has_a_line_a_name() -> None:
    code = python(f"from x import {A}, {B} as e, {C}, {D}, unused\n\nf({A}, e, {C}, {D})")
    assert code == f"from x import (\n    {A},\n    {B} as e,\n    {C},\n    {D},\n)\n\nf({A}, e, {C}, {D})\n".replace(
        f"f({A}, e, {C}, {D})", fit(f"f({A}, e, {C}, {D})")
    )
    assert ruff(code) == code


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("\n\nx = 1\n\n", "x = 1\n"),
        ("x = 1\n\n\n\n\n\ny = 2", "x = 1\n\n\ny = 2\n"),
        ("x = [\n]\ny = f(\n    )\nz = {\n\n}", "x = []\ny = f()\nz = {}\n"),
        ('def f() -> None:\n    """Do it.\n    """', 'def f() -> None:\n    """Do it."""\n'),
        (
            'def f() -> None:\n    """Do it.\n\n    More.\n    """',
            'def f() -> None:\n    """Do it.\n\n    More.\n    """\n',
        ),
        ('"""Doc."""\n\n\n\nx = 1', '"""Doc."""\n\nx = 1\n'),
        ('"""Doc."""\n\nimport os\n\n\nx = 1', '"""Doc."""\n\nx = 1\n'),
    ],
)
def test_gaps_are_closed(code: str, expected: str) -> None:
    assert python(code) == expected
    assert ruff(expected) == expected


TEXTS = [
    "plain", "", "it's", 'say "hi"', "it's \"so\"", "\"\"'", "''\"", "back\\slash", 'back\\"both', "trailing\\", "tab\tline\n",
    "nul\0", "ünïcödé 🎉 日本", "{{ braces }} {x} %s", "'", '"', '"""', "'''",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_itself_as_python_and_ruff_leaves_it(text: str) -> None:
    code = f"x = {python_string(text)}\n"
    assert ast.literal_eval(python_string(text)) == text
    assert ruff(code) == code


VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -7,
    1.5,
    1e16,
    -2.0,
    "it's",
    [],
    {},
    [1, [True]],
    {"a": {'"': None}, "b": [{}]},
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_is_itself_as_python_and_ruff_leaves_it(value: Any) -> None:
    code = f"x = {python_literal(value)}\n"
    assert ast.literal_eval(python_literal(value)) == value
    assert type(ast.literal_eval(python_literal(value))) is type(value)
    assert ruff(code) == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text, 100 % & more!", "plain text, 100 % & more!"),
        ("*a* _b_ `c`", r"\*a\* \_b\_ \`c\`"),
        ("[y](z) <x> | # \\", r"\[y\](z) \<x\> \| \# \\"),
        ("~~gone~~", r"\~\~gone\~\~"),
        ("R&D &lt; &#35; &copy;", r"R&D \&lt; \&\#35; \&copy;"),
        ("größer 🎉", "größer 🎉"),
    ],
)
def test_markdown_shows_a_text_as_it_is(text: str, expected: str) -> None:
    assert markdown(text) == expected


def test_prose_is_broken_between_words() -> None:
    assert wrap("one  two\nthree", 8, "  ") == "one two\n  three"
    assert wrap("a-very-long-word it is", 6) == "a-very-long-word\nit is"
    assert wrap("") == ""


def test_a_tree_is_drawn_with_its_captions_in_one_column() -> None:
    entries = {
        "src/": "",
        "src/app/": "the application",
        "src/app/main.py": "starts it",
        "src/config.py": "",
        "src/lib/": "",
        "src/lib/a.py": "",
        "tests/unit/": "no parent listed",
        "Makefile": "commands",
    }
    assert tree(entries).split("\n") == [
        "src/",
        "├── app/         # the application",
        "│   └── main.py  # starts it",
        "├── config.py",
        "└── lib/",
        "    └── a.py",
        "tests/unit/      # no parent listed",
        "Makefile         # commands",
    ]


def test_an_empty_tree_is_empty() -> None:
    assert tree({}) == ""


def test_a_parameter_is_broken_in_its_annotation() -> None:
    start = f"def f(\n    {A}{B}: Annotated["
    for wide, option in itertools.product(("int | None", "list[int | None]"), (A, f"{A}_{B}")):
        code = f"{start}{wide}, {option}] = None,\n    other: int | None = None,\n) -> None:\n    pass\n"
        assert fit(code) == ruff(code)


def test_an_import_that_is_exported_stays() -> None:
    code = '"""Fixtures."""\n\nfrom .a import b, c\n\n__all__ = ["b"]\n'
    assert python(code) == code.replace("b, c", "b")
