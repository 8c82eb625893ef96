"""Names and values in Kotlin and Swift."""

import pytest
from languages import (
    android_text,
    camel,
    draft_text,
    kotlin_literal,
    kotlin_name,
    swift_literal,
    swift_name,
    swift_property,
    used_imports,
)


@pytest.mark.parametrize(("name", "kotlin", "swift", "member"), [
    ("title", "title", "title", "title"),
    ("when", "`when`", "when", "when"),
    ("defer", "defer", "`defer`", "_defer"),
    ("do", "`do`", "`do`", "_do"),
])  # fmt: skip
def test_keywords_are_names_too(name: str, kotlin: str, swift: str, member: str) -> None:
    assert (kotlin_name(name), swift_name(name), swift_property(name)) == (kotlin, swift, member)


@pytest.mark.parametrize(("name", "expected"), [("tags", "tags"), ("related_tags", "relatedTags"), ("a_1_b", "a1B")])
def test_names_of_the_api_are_written_in_camel_case(name: str, expected: str) -> None:
    assert camel(name) == expected


@pytest.mark.parametrize(("text", "kotlin", "swift"), [
    ("a", '"a"', '"a"'),
    ('it\'s "quoted"', '"it\'s \\"quoted\\""', '"it\'s \\"quoted\\""'),
    ("${price}", '"\\${price}"', '"${price}"'),
    ("\\(price)", '"\\\\(price)"', '"\\\\(price)"'),
    ("ä😀", '"ä😀"', '"ä😀"'),
    ("\x01", '"\\u0001"', '"\\u{0001}"'),
])  # fmt: skip
def test_texts_are_nothing_but_texts(text: str, kotlin: str, swift: str) -> None:
    assert (kotlin_literal(text), swift_literal(text)) == (kotlin, swift)


@pytest.mark.parametrize(("text", "resource"), [
    ("A & B's <app>", "A &amp; B\\'s &lt;app>"),
    ('say "hello"', 'say \\"hello\\"'),
    ("@home", "\\@home"),
    ("at home?", "at home?"),
    ("a\\n", "a\\\\n"),
])  # fmt: skip
def test_a_resource_is_what_the_text_says(text: str, resource: str) -> None:
    assert android_text(text) == resource


@pytest.mark.parametrize(("value", "text"), [
    ("a", "a"), (5, "5"), (1.5, "1.5"), (False, "false"), ({"a": [1, None]}, '{"a": [1, null]}'),
])  # fmt: skip
def test_a_default_is_what_a_person_would_enter(value: object, text: str) -> None:
    assert draft_text(value) == text


def test_only_imports_that_are_used_stay() -> None:
    code = "\nimport a.B\nimport a.Both\nimport c.D\n\nval x: Both = D()\n"
    assert used_imports(code) == "import a.Both\nimport c.D\n\nval x: Both = D()"
