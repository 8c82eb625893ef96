"""Rendered text is laid out as the formatters of the generated project would."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, run
from layout import markdown, python, python_factory, python_literal, python_string, to_json, tree, wrap

A, B, C, D = ("a" * 20, "b" * 25, "c" * 30, "d" * 35)
START = "uvx --from 'copier>=9.19,<10' --with copier-template-extensions --with 'ruff-api>=0.2.1,<0.3' copier"


def ruff(code: str) -> str:
    """Format many snippets with one run of the real formatter."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "100", "-"]
    return subprocess.run(command, input=code, capture_output=True, text=True, check=True).stdout


def test_a_module_is_formatted_and_its_docstrings_stay() -> None:
    long = f"It takes a ({A}, {B}, {C}, {D})"
    code = f'"""What it does.\n\n{long}\n"""\n\nx = call({A}, {B}, {C}, {D})\n'
    assert python(code) == ruff(code) != code
    assert long in python(code)


IMPORTS = [
    ("import os\nimport re\n\nre.x()", "import re\n\nre.x()"),
    ("import os.path\n\nimport a.b as c\n\nos.x(c)", "import os.path\n\nimport a.b as c\n\nos.x(c)"),
    ("import a.b as c\nimport d\n\na.x(d)", "import d\n\na.x(d)"),
    ("from x import a, b, c\n\na(c)", "from x import a, c\n\na(c)"),
    ("from x import a as b, c as d\n\na(d)", "from x import c as d\n\na(d)"),
    ("from ..c import d\nfrom . import a, b\n\nb(d)", "from ..c import d\nfrom . import b\n\nb(d)"),
    ("from x import (\n    a,\n    b,\n)\n\na()", "from x import a\n\na()"),
    ("from x import (\n    a,\n    b,\n)\n\na(b)", "from x import a, b\n\na(b)"),
    ("from x import (\n    a,\n    b,\n)\n\nc()", "c()"),
    (
        "from x import A, B\n\n\ndef f(a: A | None) -> B.C: ...",
        "from x import A, B\n\n\ndef f(a: A | None) -> B.C: ...",
    ),
    ("from x import a\n\nx.a = 1\nf(a=1)", "x.a = 1\nf(a=1)"),
    (f"from x import {A}, {B}, {C}, {D}\n\nf({A}, {B}, {C})", f"from x import {A}, {B}, {C}\n\nf({A}, {B}, {C})"),
    ("from x import A\n\n\nclass B:\n    A = 1", "class B:\n    A = 1"),
    ("from __future__ import annotations\n\nx = 1", "from __future__ import annotations\n\nx = 1"),
]


@pytest.mark.parametrize(("code", "expected"), IMPORTS)
def test_imports_that_nothing_uses_go(code: str, expected: str) -> None:
    assert python(code) == expected + "\n"


def test_an_import_that_is_too_long_has_a_line_a_name() -> None:
    code = python(f"from x import {A}, {B} as e, {C}, {D}, unused\n\nf({A}, e, {C}, {D})")
    assert code.startswith(f"from x import (\n    {A},\n    {C},\n    {D},\n)\nfrom x import {B} as e\n")
    assert ruff(code) == code


ORDERS = [
    ("import re\nimport os\n\nf(os, re)", "import os\nimport re\n\nf(os, re)"),
    ("from x import b, A, C\n\nf(A, C, b)", "from x import A, C, b\n\nf(A, C, b)"),
    ("from x import Bb, B\n\nf(B, Bb)", "from x import B, Bb\n\nf(B, Bb)"),
    # What stands in a block below other people's packages is the project's own, and stays there.
    ("import os\n\nimport y\n\nimport a\n\nf(a, os, y)", "import os\n\nimport y\n\nimport a\n\nf(a, os, y)"),
    ("import y\n\nimport b\nimport a\n\nf(a, b, y)", "import y\n\nimport a\nimport b\n\nf(a, b, y)"),
    ("import y\n\nimport a\n\nf(a)", "import a\n\nf(a)"),
    ("import y\n\nfrom .a import b\n\n\n\nx = f(b)", "from .a import b\n\nx = f(b)"),
    ("import y\n\n\nx = y", "import y\n\nx = y"),
    ("import y\n\ndef f(): return y", "import y\n\n\ndef f():\n    return y"),
]


@pytest.mark.parametrize(("code", "expected"), ORDERS)
def test_imports_are_sorted_section_by_section(code: str, expected: str) -> None:
    assert python(code) == expected + "\n"


def test_sorting_does_not_look_at_the_folder_that_it_runs_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/__init__.py").touch()
    monkeypatch.chdir(tmp_path)
    assert python("import a\nimport b\nimport c\n\nf(a, b, c)") == "import a\nimport b\nimport c\n\nf(a, b, c)\n"


def test_without_the_formatter_one_sentence_says_what_to_type(template: Path, tmp_path: Path) -> None:
    start = "import sys; sys.modules['ruff_api'] = None; from copier.__main__ import CopierApp; CopierApp.run()"
    options = ("copy", "--trust", "--defaults", "--quiet", str(template), str(tmp_path / "shop"))
    result = run(sys.executable, "-c", start, *options, cwd=tmp_path, check=False)
    assert result.returncode == 1
    assert re.fullmatch(rf"groundplan: ruff-api, .*{re.escape(START)}.*\n", result.stderr), result.stderr
    assert not (tmp_path / "shop").exists()


def test_the_readme_starts_copier_with_what_the_template_needs() -> None:
    starts = re.findall(r"uvx --from .*? copier(?!-)\b", (ROOT / "README.md").read_text("utf-8"))
    assert starts == [START]
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    for name, range_ in re.findall(r"'([\w-]+)(>=.*?)'", START):
        assert name + range_ in needed


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


@pytest.mark.parametrize("text", [*TEXTS, "👩‍🚀 שלום", "\x7f\x85\u2028\ufffe", "\U0010ffff"])
def test_a_text_is_itself_as_toml_yaml_and_json(text: str) -> None:
    written = to_json(text)
    assert json.loads(written) == yaml.safe_load(written) == text
    assert tomllib.loads(f"x = {written}") == {"x": text}


@pytest.mark.parametrize("value", [1e-07, -1e16, 1.5e-07, [1e22, "1e5", 'a"1e-07'], {"1e-07": 3, "b": None}], ids=repr)
def test_a_number_is_itself_as_yaml_and_json(value: Any) -> None:
    assert json.loads(to_json(value)) == yaml.safe_load(to_json(value)) == value


@pytest.mark.parametrize(("value", "expected"), [({}, "dict"), ({"a": 1}, 'lambda: {"a": 1}')])
def test_an_object_is_made_anew_each_time(value: dict[str, Any], expected: str) -> None:
    assert python_factory(value) == expected


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


def test_an_import_that_is_exported_stays() -> None:
    code = '"""Fixtures."""\n\nfrom .a import b, c\n\n__all__ = ["b"]\n'
    assert python(code) == code.replace("b, c", "b")
