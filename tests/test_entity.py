"""The mini-language of the fields, and what the type table makes of it."""

import datetime as dt
import math
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from entity import (
    MAX_CLASS,
    MAX_DEFAULT,
    MAX_FIELDS,
    MAX_NAME,
    OPTIONS,
    TYPES,
    FieldError,
    entity_model,
    entity_models,
    entity_modules,
    fields_error,
    options,
    parse_field,
    parse_fields,
    payload,
    relation_error,
)
from naming import entity_names
from stacks import stack_of

LINES = {
    "str": "a:str", "text": "a:text", "int": "a:int", "bigint": "a:bigint", "float": "a:float", "decimal": "a:decimal", "bool": "a:bool",
    "date": "a:date", "datetime": "a:datetime", "time": "a:time", "duration": "a:duration", "uuid": "a:uuid", "email": "a:email", "url": "a:url", "json": "a:json",
    "enum": "a:enum(draft,open,closed)", "user": "a:user?", "ref": "a:ref(companies.Company)", "many": "a:many(tags.Tag)",
}  # fmt: skip
SHAPES = [
    *LINES.values(),
    "a:str(1)", "a:str(2)", "a:str(6)", "a:str(500)", "very_long_name_of_a_field_xy:str(9)", "a:int(0,2)", "a:int(-5,-3)",
    "a:int(-2147483648,2147483647)", "a:int(2147483645,2147483647)", "a:bigint(-9007199254740991,9007199254740991)", "a:bigint(0,2)", "a:decimal(1,0)", "a:decimal(18,17)",
    "a:decimal(18,0)", "a:decimal(5,1)", "a:enum(x,y)", "a:enum(in-work,a_b,c3)", "a:enum(one)", 'a:enum(EUR,in_work="In the (old) shop, today",x)',
]  # fmt: skip
DEFAULTS = [
    ("a:str=hello = world", "hello = world"),
    ("a:str=an index", "an index"),
    ("a:text=not unique", "not unique"),
    ("a:str(5)=12345", "12345"),
    ('a:text= O\'Brien "quoted" ', 'O\'Brien "quoted"'),
    ("a:int=-7", -7),
    ("a:int(1,5)=5", 5),
    ("a:bigint=9007199254740991", 2**53 - 1),
    ("a:time=09:30", "09:30:00"),
    ("a:time=23:59:59", "23:59:59"),
    ("a:duration=PT15M", "PT15M"),
    ("a:duration?=PT90M", "PT1H30M"),
    ("a:duration=PT26H", "P1DT2H"),
    ("a:duration=PT1H1S", "PT1H0M1S"),
    ("a:duration=P0400D", "P400D"),
    ("a:duration=P0D", "PT0S"),
    ("a:duration=P9999DT23H59M59S", "P9999DT23H59M59S"),
    ("a:float=1.5", 1.5),
    ("a:float=-1e3", -1000.0),
    ("a:decimal=7", "7.00"),
    ("a:decimal(5,1)=-12.5", "-12.5"),
    ("a:decimal(3,0)=007", "7"),
    ("a:bool=true", True),
    ("a:bool=False", False),
    ("a:date=2026-02-28", "2026-02-28"),
    ("a:datetime=2026-01-15T09:30:00+02:00", "2026-01-15T07:30:00Z"),
    ("a:datetime=2026-01-15T09:30:00Z", "2026-01-15T09:30:00Z"),
    ("a:uuid=11111111111141118111111111111111", "11111111-1111-4111-8111-111111111111"),
    ("a:email=a.b+c@example.com", "a.b+c@example.com"),
    ("a:url=https://example.com/?a=1", "https://example.com/?a=1"),
    ('a:json={"rows": [1, true, null]}', {"rows": [1, True, None]}),
    ("a:json={}", {}),
    ("a:enum(x,y)=y", "y"),
    ('a:enum(EUR="Euro, everywhere = €",USD)?=EUR', "EUR"),
    ("a:enum(unique,index)=unique", "unique"),
    ("a:enum(x,y)?index=y", "y"),
]


def field(line: str, prefix: str = "Job") -> dict[str, Any]:
    return parse_field(line, prefix)


def accepts(schema: dict[str, Any], value: Any, one: dict[str, Any]) -> bool:
    """Tell whether a value satisfies the JSON Schema of a field, as far as the type table uses it."""
    if "$ref" in schema:
        return value in [entry["value"] for entry in one["values"]]
    kinds = {"string": str, "integer": int, "number": float, "boolean": bool, "object": dict, "array": list}
    kind = kinds[schema["type"]]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return False
    if isinstance(value, list):
        return all(accepts(schema["items"], entry, one) for entry in value)
    if isinstance(value, str):
        formats: dict[str, Callable[[str], Any]] = {
            "date": dt.date.fromisoformat,
            "date-time": dt.datetime.fromisoformat,
            "uuid": uuid.UUID,
        }
        try:
            formats.get(schema.get("format", ""), str)(value)
        except ValueError:
            return False
        fits = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", math.inf)
        return fits and bool(re.search(schema.get("pattern", ""), value))
    if isinstance(value, int) and kind is int:
        return bool(schema["minimum"] <= value <= schema["maximum"])
    return True


def test_there_are_nineteen_types() -> None:
    assert list(TYPES) == list(LINES)


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_has_the_same_columns(kind: str) -> None:
    assert list(TYPES[kind]) == list(TYPES["str"])
    assert len(TYPES[kind]["examples"]) == 3
    assert TYPES[kind]["filter"] in ("", "equals", "range", "links")
    assert bool(TYPES[kind]["filter"]) == bool(TYPES[kind]["query"])


@pytest.mark.parametrize("line", SHAPES)
def test_every_placeholder_is_filled(line: str) -> None:
    filled = entity_model(entity_names("Job"), f"{line}\nother:int", named=entity_names)["fields"][0]
    # A default is known only to the field: its templates keep that one place open.
    of_a_default = {"default_code", "django_value", "django_default", "domain_value"}
    for column in set(TYPES["str"]) - {"openapi", "arguments", "server_default", *of_a_default}:
        assert not re.search(r"\{[a-z_]+\}", str(filled[column])), column
    for column in of_a_default if not filled["relation"] and filled["type"] != "user" else ():
        # Django's default of a JSON field is a function, for the value is mutable.
        open_places = [] if (filled["type"], column) == ("json", "django_default") else ["{literal}"]
        # How the code writes a length of time is known with the value.
        if (filled["type"], column) == ("duration", "django_default"):
            open_places = ["{parts}"]
        assert re.findall(r"\{[a-z_]+\}", filled[column]) == open_places, column
    assert not re.search(r"\{[a-z_]+\}", str(filled["openapi"]))


@pytest.mark.parametrize("line", SHAPES)
def test_examples_satisfy_the_rules_of_the_field_and_invalid_does_not(line: str) -> None:
    one = field(line)
    for example in one["examples"]:
        assert accepts(one["openapi"], example, one), example
    assert not accepts(one["openapi"], one["invalid"], one)


@pytest.mark.parametrize("line", SHAPES)
def test_examples_ascend(line: str) -> None:
    one = field(line)
    first, second, third = one["examples"]
    match one["type"]:
        case "json" | "many":
            assert first != second != third
        case "enum":
            order = [entry["value"] for entry in one["values"]]
            assert [order.index(first), order.index(second)] == [0, min(1, len(order) - 1)]
            assert third == order[-1]
        case "bool":
            assert (first, second, third) == (False, True, True)
        case "decimal":
            assert float(first) < float(second) < float(third)
        case _:
            assert first < second < third


@pytest.mark.parametrize("line", [LINES[kind] for kind in TYPES if kind not in ("many", "user")], ids=str)
@pytest.mark.parametrize("optional", [True, False])
def test_a_question_mark_makes_any_field_optional(line: str, optional: bool) -> None:
    one = field(line + "?" * optional)
    assert one["optional"] is optional
    assert (one["has_default"], one["default"], one["unique"], one["index"]) == (False, None, False, False)


@pytest.mark.parametrize("kind", [kind for kind in LINES if kind != "user"])
@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("mark", ["", "?"])
def test_an_option_is_set_where_the_type_can(kind: str, option: str, mark: str) -> None:
    line = f"{LINES[kind]}{mark} {option}"
    if option in TYPES[kind]["options"]:
        one = field(line)
        assert (one["unique"], one["index"], one["optional"]) == (option == "unique", option == "index", bool(mark))
        assert (one["show"], one["pii"]) == (option == "show", option == "pii")
    else:
        with pytest.raises(FieldError, match=f"'{option}' cannot stand behind {kind}: leave it out"):
            field(line)


@pytest.mark.parametrize(
    "line", ["a:str(9)? unique index", "  a : str ( 9 ) ?unique,index  ", "a:str(9)? index , unique"]
)
def test_spaces_and_the_order_of_options_do_not_matter(line: str) -> None:
    one = field(line)
    assert (one["name"], one["type"], one["openapi"]["maxLength"]) == ("a", "str", 9)
    assert one["optional"]
    assert one["unique"]
    assert one["index"]


@pytest.mark.parametrize(("line", "value"), DEFAULTS)
def test_a_default_is_a_value_of_the_type(line: str, value: Any) -> None:
    one = field(line)
    assert one["has_default"]
    assert one["default"] == value
    assert type(one["default"]) is type(value)
    assert accepts(one["openapi"], one["default"], one)


def test_every_type_has_a_default_in_the_table_above() -> None:
    assert {field(line)["type"] for line, _ in DEFAULTS} == set(TYPES) - {"ref", "many", "user"}


def test_the_arguments_decide() -> None:
    assert field("a:str")["openapi"]["maxLength"] == 120
    assert field("a:int(1,5)")["openapi"] == {"type": "integer", "minimum": 1, "maximum": 5}
    assert field("a:int(1,5)")["check"] == "a BETWEEN 1 AND 5"
    assert field("a:int")["check"] == ""
    assert field("a:int")["openapi"]["maximum"] == 2_147_483_647
    assert "le=2_147_483_647" in field("a:int")["pydantic"]
    assert field("a:decimal")["sqlalchemy"] == "ExactNumeric(12, 2)"
    assert (field("a:decimal(10,3)")["places"], field("a:decimal(3,0)")["places"]) == (3, 0)


@pytest.mark.parametrize(
    ("value", "good"),
    [("0", True), ("-12345678.12", True), ("123456789", False), ("1.234", False), ("1.", False), (".5", False), ("1e3", False)],
)  # fmt: skip
def test_the_pattern_of_a_decimal_holds_its_digits(value: str, good: bool) -> None:
    assert bool(re.search(field("a:decimal(10,2)")["openapi"]["pattern"], value)) is good


def test_an_enum_has_names_for_its_values_and_a_class() -> None:
    one = field("work_state:enum(in-work,a_b,c3)")
    assert one["class"] == one["python"] == "JobWorkState"
    assert one["values"] == [
        {"value": "in-work", "name": "IN_WORK", "label": "In work"},
        {"value": "a_b", "name": "A_B", "label": "A b"},
        {"value": "c3", "name": "C3", "label": "C3"},
    ]
    assert one["labels"] == {}
    assert one["check"] == "work_state IN ('in-work', 'a_b', 'c3')"
    assert one["migration"] == "sa.String(7)"
    assert one["openapi"] == {"$ref": "#/components/schemas/JobWorkState"}
    assert one["meaning"] == "one of `in-work`, `a_b`, `c3`"


def test_a_value_of_an_enum_has_the_label_that_people_know() -> None:
    one = field('currency:enum(EUR = "Euro, (old)" , USD)')
    assert [entry["value"] for entry in one["values"]] == ["EUR", "USD"]
    assert one["labels"] == {"EUR": "Euro, (old)"}
    assert one["meaning"] == "one of `EUR` (Euro, (old)), `USD`"
    assert field("currency:enum(EUR)")["values"] == [{"value": "EUR", "name": "EUR", "label": "EUR"}]


def test_entities_that_could_not_differ_are_refused() -> None:
    assert "every field has one value only" in fields_error("a:enum(x)\nb:enum(y)?", "Job")


MANY = "firm:str(60)\ncode:int unique\nopen:bool\nkind:enum(a,b)\nbody:text\nlong:str(441)\nonly:enum(a)\n"


def test_fields_can_be_unique_together() -> None:
    model = entity_model(entity_names("Item"), MANY + "size:int\nunique( firm , kind )\nunique(firm, size, open)\n")
    assert [(unique["names"], unique["name"], unique["alone"]) for unique in model["uniques"]] == [
        (["code"], "code", True),
        (["firm", "kind"], "firm_kind", False),
        (["firm", "size", "open"], "firm_size_open", False),
    ]
    assert model["parts"] == ["firm", "open", "kind", "size"]


def test_the_name_of_what_is_unique_together_stays_short() -> None:
    names = [f"{letter * 20}_{number}" for number, letter in enumerate("ab")]
    model = entity_model(
        entity_names("Item"), "\n".join([*(f"{name}:int" for name in names), f"unique({','.join(names)})"])
    )
    (unique,) = model["uniques"]
    assert re.fullmatch(r"a{19}_[0-9a-f]{8}", unique["name"])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("unique(firm)", "takes two fields or more, each once; one alone is 'unique' behind its type"),
        ("unique()", "takes two fields or more"),
        ("unique(firm, firm)", "each once"),
        ("unique(firm, kin)", "knows no field 'kin', did you mean 'kind'?"),
        ("unique(firm, body)", "'body' cannot be in unique(…): leave it out"),
        ("unique(firm, only)", "'only' cannot be in unique(…)"),
        ("unique(open, kind)", "would soon be full: add a field that is no bool and no enum"),
        ("unique(firm, code)", "'code' is unique alone, so unique(…) with it says nothing: leave one of the two out"),
        ("unique(firm, long)", "have more than 500 characters together"),
        ("unique(kind, firm)\nunique(firm, kind)", "'unique(firm, kind)' stands twice"),
    ],
)
def test_what_cannot_be_unique_together_is_refused(line: str, message: str) -> None:
    error = fields_error(MANY + line, "Item")
    assert error.startswith(f"fields, line {8 + line.count(chr(10))}: ")
    assert message in error


def test_a_field_has_all_its_names() -> None:
    one = field("first_seen_at:datetime")
    assert {key: one[key] for key in ("name", "label", "title", "camel")} == {
        "name": "first_seen_at",
        "label": "first seen at",
        "title": "First seen at",
        "camel": "firstSeenAt",
    }


LONG = "a" * (MAX_NAME + 1)
REFUSED = [
    ("a", "'a' is no field: write name:type, such as title:str(200)"),
    (":str", "is no field"),
    ("a b:str", "is no field"),
    ("a:", "is no field"),
    ("a:strng", "unknown type 'strng', did you mean 'str'?"),
    ("a:String", "unknown type 'String', did you mean 'str'?"),
    ("a:integer", "did you mean 'int'?"),
    ("a:xyz", "unknown type 'xyz', use one of str, text, int"),
    ("a:str(0)", "a str holds 1 to 500 characters: str(LENGTH)"),
    ("a:str(501)", "for longer text use 'text'"),
    ("a:str(1,2)", "a str holds 1 to 500 characters"),
    ("a:str()", "the parentheses hold whole numbers: str(LENGTH)"),
    ("a:str(x)", "the parentheses hold whole numbers"),
    ("a:str(9", "the parentheses of 'a' stand after the type and are closed"),
    ("a:str?(9)", "the parentheses of 'a' stand after the type and are closed"),
    ("a:enum(x,y))", "the parentheses of 'a' stand after the type and are closed"),
    ("a:int(1)", "int takes the smallest and the largest value"),
    ("a:int(5,1)", "int takes the smallest value first: int(1,5)"),
    ("a:int(1,2)", "at least 2 apart"),
    ("a:int(1,2)", "at least 2 apart"),
    ("a:int(0,2147483648)", "within 32 bits"),
    ("a:int(-2147483649,0)", "within 32 bits"),
    ("a:int(1.5,9)", "whole numbers"),
    ("a:bigint(0,9007199254740992)", "within 53 bits"),
    ("a:bigint(5,1)", "bigint takes the smallest value first: bigint(1,5)"),
    ("a:time=24:00", "default '24:00' does not fit time, which takes: time of day"),
    ("a:duration=90", "default '90' does not fit duration, which takes: length of time in whole seconds"),
    *[
        (f"a:duration={text}", f"default {text!r} does not fit duration")
        for text in ("P", "PT", "P1DT", "P1Y", "P1M", "P1W", "-PT1H", "PT0.5S", "P1DT24H", "P10000D", "pt1h", "1:30")
    ],
    ("a:duration show", "'show' cannot stand behind duration: leave it out"),
    ("a:decimal(19,2)", "up to 18"),
    ("a:decimal(2,2)", "how many stand after the point"),
    ("a:decimal(5,-1)", "how many stand after the point"),
    ("a:decimal(5)", "how many stand after the point"),
    ("a:decimal(10.2)", "whole numbers"),
    *[
        (f"a:{kind}(5)", f"{kind} takes no parentheses: write {kind}")
        for kind in TYPES
        if TYPES[kind]["arguments"] == kind
    ],
    ("a:enum", "enum value '' is not usable"),
    ("a:enum()", "enum value '' is not usable"),
    ("a:enum(x,)", "enum value '' is not usable"),
    ("a:enum(x=Ex)", "the label of 'x' is not usable: write x=\"…\""),
    ('a:enum(x="a|b")', "the label of 'x' is not usable"),
    ('a:enum(x="")', "with 1 to 40 characters"),
    (f'a:enum(x="{"x" * 41}")', "with 1 to 40 characters"),
    (f"a:enum({','.join(f'v{number}' for number in range(31))})", "an enum has up to 30 values"),
    ("a:enum(x,x)", "two values of the enum are the same"),
    ("a:enum(a-b,a_b)", "two values of the enum are the same"),
    ("a:enum(draft,Draft)", "two values of the enum are the same: each may stand once, in capitals or not"),
    ("a:enum(x,9y)", "enum value '9y'"),
    (f"a:enum(x,{LONG})", "is not usable"),
    ("a:str uniqe", "unknown option 'uniqe', did you mean 'unique'?"),
    ("a:str required", "unknown option 'required', use one of unique, index"),
    ("a:str unique=x", "a unique field has no default"),
    ("A:str", "'A' is no field name: use lower-case letters"),
    ("a__b:str", "is no field name"),
    ("a_:str", "is no field name"),
    ("_a:str", "is no field name"),
    ("1a:str", "is no field name"),
    ("ü:str", "is no field name"),
    (f"{LONG}:str", f"has {MAX_NAME + 1} characters: at most {MAX_NAME} fit"),
    *[
        (f"{name}:str", f"every entity has '{name}' already")
        for name in ("id", "created_at", "updated_at", "owner_id", "row_version")
    ],
    *[(f"{name}:str", f"'{name}' is a Python keyword: choose another name") for name in ("class", "import")],
    ("model_config:str", "begins like Pydantic's own attributes: choose another name, such as 'the_model_config'"),
    ("save:str", "'save' is a method of every row: choose another name, such as 'the_save'"),
    ("no:int", "'no' is a value in YAML, not a text: choose another name, such as 'no_value'"),
    ("null:text", "is a value in YAML"),
    ("task:enum(x,y)", "the class of 'task' would be 'JobTask', which the code uses: rename it"),
    ("copy_value:str", "'copy_value' and 'copy' are the same name in the code: rename one"),
    ("page_state_of_the_whole_thing:enum(x,y)", "characters"),
    ("a:int=", "default '' does not fit int, which takes: whole number from"),
    ("a:int=1.5", "default '1.5' does not fit int"),
    ("a:int(1,5)=6", "which takes: whole number from 1 to 5"),
    ("a:int=2147483648", "does not fit int"),
    ("a:float=nan", "does not fit float"),
    ("a:float=-inf", "does not fit float"),
    ("a:float=1e999", "does not fit float"),
    ("a:float=much", "does not fit float"),
    ("a:decimal(4,2)=123", "which takes: exact number, 4 digits with 2 after the point"),
    ("a:decimal=1e3", "does not fit decimal"),
    ("a:bool=yes", "does not fit bool, which takes: true or false"),
    ("a:date=2026-02-30", "does not fit date, which takes: calendar date"),
    ("a:date=20260228", "does not fit date"),
    ("a:datetime=2026-01-15T09:30:00", "does not fit datetime, which takes: point in time with an offset"),
    ("a:datetime=0001-01-01T00:00:00+05:00", "does not fit datetime"),
    ("a:uuid=123", "does not fit uuid"),
    ("a:email=nobody", "does not fit email"),
    ("a:url=ftp://example.com", "does not fit url"),
    ("a:url=https://example.com/ö", "does not fit url"),
    ("a:json=[1]", "does not fit json"),
    ("a:json={", "does not fit json"),
    ('a:json={"a": NaN}', "does not fit json"),
    ('a:json={"a": 1e999}', "does not fit json"),
    ('a:json={"a": "\\ud800"}', "does not fit json"),
    ('a:json={"a": "\\u0000"}', "does not fit json"),
    ("a:enum(x,y)=z", "default 'z' does not fit enum, which takes: one of `x`, `y`"),
    ("a:str=", "default '' does not fit str"),
    ("a:str(3)=long", "does not fit str, which takes: text of 1 to 3 characters"),
    ("a:str=a\tb", "does not fit str"),
    (f"a:str={'x' * (MAX_DEFAULT + 1)}", f"the default has {MAX_DEFAULT + 1} characters: at most {MAX_DEFAULT} fit"),
    (f"a:url=https://example.com/{'x' * MAX_DEFAULT}", f"at most {MAX_DEFAULT} fit"),
    (f'a:json={{"a": "{"x" * MAX_DEFAULT}"}}', f"at most {MAX_DEFAULT} fit"),
    ("a:int=5 unique", "the option 'unique' stands before the default: write '… unique=5'"),
    ("a:enum(x,y)=x index", "write '… index=x'"),
]


RULES = {"fields": {"is a method of every row": ["save"]}, "attributes": ["copy"], "classes": ["JobTask"]}


@pytest.mark.parametrize(("line", "message"), REFUSED)
def test_a_bad_line_is_refused_with_its_number_and_what_would_be_right(line: str, message: str) -> None:
    error = fields_error(f"# fields\n\ncopy:str\n{line}\n", "Job", RULES)
    assert error.startswith("fields, line 4: ")
    assert message in error
    assert "\n" not in error
    assert fields_error(f"copy:str\r\n{line}", "Job", RULES).startswith("fields, line 2: ")


@pytest.mark.parametrize(
    ("name", "proposal"),
    [("when", "when_at"), ("start_date", "start_at"), ("date", "happened_at"), ("posted_on", "posted_at"), ("time", "happened_at")],
)  # fmt: skip
def test_a_datetime_is_named_as_the_stack_demands(name: str, proposal: str) -> None:
    rules = {"datetime_suffix": "_at"}
    error = fields_error(f"{name}:datetime", "Job", rules)
    assert error.endswith(f"write '{proposal}'")
    assert fields_error(f"{proposal}:datetime", "Job", rules) == ""
    assert fields_error(f"{name}:datetime", "Job") == ""


@pytest.mark.parametrize(
    "line",
    [
        "order:int(1,5)",
        "group:enum(x,y)",
        "read:enum(x,y)",
        "limit:int",
        "match:str",
        "task:str",
        "version:str",
        f"{'a' * MAX_NAME}:str",
    ],
)
def test_a_name_is_refused_only_where_it_does_harm(line: str) -> None:
    assert fields_error(line, "Job", RULES) == ""


def test_a_condition_names_a_word_of_sql_in_quotes() -> None:
    assert [field(line)["check"] for line in ("order:int(1,5)", "rank:enum(a,b)", "stars:int(1,5)")] == [
        '"order" BETWEEN 1 AND 5', "\"rank\" IN ('a', 'b')", "stars BETWEEN 1 AND 5"
    ]  # fmt: skip


def test_an_enum_named_like_a_class_of_the_entity_has_a_class_of_its_own() -> None:
    assert [field(f"{name}:enum(x,y)", "Job")["class"] for name in ("sort", "state")] == ["JobSortChoice", "JobState"]


def test_a_name_that_the_code_s_classes_have_is_another_one_in_them_alone() -> None:
    model = entity_model(entity_names("Job"), "copy:str index\ntitle:str index", RULES)
    assert [(entry["name"], entry["attribute"]) for entry in model["fields"]] == [
        ("copy", "copy_value"),
        ("title", "title"),
    ]
    assert [(entry["name"], entry["attribute"]) for entry in model["filters"]] == [
        ("copy", "copy_value"),
        ("title", "title"),
    ]


@pytest.mark.parametrize(("line", "version"), [("version:str", "row_version"), ("title:str", "version")])
def test_the_row_s_own_version_gives_way_to_a_field_of_that_name(line: str, version: str) -> None:
    assert entity_model(entity_names("Job"), line)["version"] == version


@pytest.mark.parametrize("name", ["limit", "cursor", "offset", "total", "sort", "page", "search"])
def test_a_filter_leaves_the_parameters_of_the_list_alone(name: str) -> None:
    assert filters(f"{name}:str index") == [(f"{name}_is", "eq")]
    assert filters(f"{name}:int index") == [(f"{name}_from", "ge"), (f"{name}_to", "le")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "fields of Job: there are none, and an entity has at least one: write name:type"),
        ("\n# title:str\n", "fields of Job: there are none"),
        ("a:str\nb:int\na:text", "fields, line 3: 'a' stands twice"),
        ("phase_1:str\nphase1:int", "fields, line 2: 'phase1' and 'phase_1' are the same name in camel case"),
        ("a:str?\nb:int=1", "fields of Job: every field may be left out"),
        ("\n".join(f"f{number}:int" for number in range(MAX_FIELDS + 1)), f"at most {MAX_FIELDS} make one entity"),
    ],
)
def test_fields_that_make_no_entity_are_refused(text: str, message: str) -> None:
    assert message in fields_error(text, "Job")


def test_as_many_fields_as_are_allowed_make_an_entity() -> None:
    text = "\n".join(f"f{number}:int" for number in range(MAX_FIELDS))
    assert fields_error(text, "Job") == ""
    assert len(entity_model(entity_names("Job"), text)["fields"]) == MAX_FIELDS


def test_the_class_of_an_enum_has_room_in_a_line() -> None:
    prefix = "J" * (MAX_CLASS - 5)
    assert field("state:enum(x,y)", prefix)["class"] == prefix + "State"
    with pytest.raises(FieldError, match=f"at most {MAX_CLASS} characters, shorten 'states'"):
        field("states:enum(x,y)", prefix)
    assert field("states:str", prefix)["name"] == "states"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a:user", "'a' is emptied when the user goes, whom nothing may hold: make it optional, 'a:user?'"),
        ("a_id:user?", "'a_id' would be kept as a_id_id: write a:user?"),
        ("a:user?=me", "'a' is somebody, so it has no default: leave it out"),
        ("a:user? index", "'index' cannot stand behind user: leave it out"),
        ("owner:user?", "every entity has 'owner_id' already"),
        ("a:user?\na_id:str", "'a_id' stands twice"),
        ("a:user?\na:str", "'a' stands twice"),
        ("a:user?\na:ref(m.A)", "'a_id' stands twice"),
    ],
)
def test_a_user_that_means_nothing_is_refused(line: str, message: str) -> None:
    assert message in fields_error(f"z:int\n{line}", "Job")


def test_nobody_signs_in_where_no_users_are() -> None:
    assert "is somebody who signs in, of whom this stack keeps nothing: use str" in fields_error(
        "a:user?\nz:int", "Job", {}
    )


@pytest.mark.parametrize(("stack", "python"), [("django", "UUID"), ("fastapi", "str"), ("web-mobile", "str")])
def test_a_user_is_known_as_the_stack_knows_users(stack: str, python: str) -> None:
    one = parse_field("reviewed_by:user? unique", "Job", stack_of(stack)["names"])
    assert (one["name"], one["declared"], one["python"]) == ("reviewed_by_id", "reviewed_by", python)
    assert (one["optional"], one["unique"], one["relation"]) == (True, True, "")


def filters(text: str) -> list[tuple[str, str]]:
    return [
        (entry["name"], entry["operator"]) for entry in entity_model(entity_names("Job"), f"{text}\nz:int")["filters"]
    ]


@pytest.mark.parametrize("kind", LINES)
def test_a_filter_is_made_as_the_type_says(kind: str) -> None:
    expected = {"": [], "range": [("a_from", "ge"), ("a_to", "le")]}
    option = " index" if "index" in TYPES[kind]["options"] else ""
    expected["equals"] = [(field(LINES[kind])["name"], "eq")]
    expected["links"] = [(field(LINES[kind])["one"], "has")]
    assert filters(LINES[kind] + option) == expected[TYPES[kind]["filter"]]


def test_lists_offer_what_an_index_serves() -> None:
    text = "a:str\nb:str index\nc:str unique\nd:enum(x,y)\ne:date pii\nf:date pii index\ng:bool\nh:int\ni:datetime?\nj:json"
    model = entity_model(entity_names("Job"), text)
    assert model["sorts"] == ["b", "c", "d", "f", "g", "i"]
    assert [one["name"] for one in model["indexes"]] == ["b", "d", "f", "g", "i"]
    assert list(dict.fromkeys(one["field"]["name"] for one in model["filters"])) == model["sorts"]


def test_two_fields_never_share_a_query_parameter() -> None:
    assert filters("price:int index\nprice_from:str index\nprice_to:date") == [
        ("price_from", "eq"),
        ("price_to_from", "ge"),
        ("price_to_to", "le"),
    ]
    names = [name for name, _ in filters("a:int index\na_from:int index\na_from_from:int index\na_to:bool")]
    assert len(names) == len(set(names))


def test_the_model_selects_what_files_need() -> None:
    text = "\n".join(["b:str(9) unique", "c:int(1,3)=2", "d:text?", "e:enum(x,y) index=x", "f:json", "g:date?"])
    model = entity_model(entity_names("JobPosting"), text)
    selected = {
        key: [one["name"] for one in model[key]] for key in ("fields", "required", "enums", "uniques", "checks")
    }
    assert selected == {
        "fields": ["b", "c", "d", "e", "f", "g"],
        "required": ["b", "f"],
        "enums": ["e"],
        "uniques": ["b"],
        "checks": ["c", "e"],
    }
    assert model["sorts"] == ["b", "e", "g"]
    assert model["path"] == "job-postings"
    assert model["enums"][0]["class"] == "JobPostingE"


@pytest.mark.parametrize("number", range(3))
def test_a_payload_holds_every_field(number: int) -> None:
    model = entity_model(entity_names("Job"), "\n".join(f"f_{kind}{line[1:]}" for kind, line in LINES.items()))
    assert payload(model, number) == {one["name"]: one["examples"][number] for one in model["fields"]}
    assert len(payload(model, number)) == len(TYPES)


def test_parsing_leaves_the_type_table_as_it_is() -> None:
    before = repr(TYPES)
    for line in SHAPES:
        field(line)["openapi"]["type"] = "changed"
    assert repr(TYPES) == before


JOB = """
title:str(200)
company:ref(companies.Company)
reviewer:ref(staff.Person)? unique
place:ref(places.Place)? cascade
replaces:ref(self)?
unique(company, title)
"""


def relations(text: str) -> dict[str, dict[str, Any]]:
    model = entity_model(entity_names("JobPosting"), text, {"tables": ["place"]}, "jobs", entity_names)
    return {one["relation"]: one for one in model["relations"]}


def test_a_relation_is_known_by_its_name() -> None:
    found = relations(JOB)
    assert {name: (one["name"], one["type"], one["python"]) for name, one in found.items()} == {
        name: (f"{name}_id", "ref", "UUID") for name in ("company", "reviewer", "place", "replaces")
    }
    company = found["company"]
    assert (company["target"], company["target_module"], company["target_path"]) == (
        "Company",
        "companies",
        "companies",
    )
    assert company["sqlalchemy"] == 'sa.Uuid(), sa.ForeignKey("company.id", ondelete="RESTRICT")'
    assert company["django_args"] == '"companies.Company", on_delete=models.RESTRICT, related_name="+"'
    assert company["meaning"] == "id of a company"
    assert found["replaces"]["django_args"] == '"self", on_delete=models.SET_NULL, related_name="+"'


def test_what_happens_when_a_target_goes() -> None:
    assert {name: one["on_delete"] for name, one in relations(JOB).items()} == {
        "company": "RESTRICT", "reviewer": "SET NULL", "place": "CASCADE", "replaces": "SET NULL",
    }  # fmt: skip


def test_what_an_entity_is_a_part_of_counts_once_for_each_kind() -> None:
    """Two fields for the same kind would lead to the same address, and a whole of its own kind is none."""
    text = JOB + "origin:ref(places.Place) cascade\nsite:ref(sites.SiteOffice) cascade\nabove:ref(self)? cascade\n"
    model = entity_model(entity_names("JobPosting"), text, named=entity_names)
    assert [(one["name"], one["of"], one["of_one"]) for one in model["wholes"]] == [
        ("place_id", "OfPlace", "of_place"),
        ("site_id", "OfSite", "of_site"),
    ]
    assert [one["name"] for one in model["fields"] if one["whole"]] == ["place_id", "site_id"]
    assert entity_model(entity_names("Job"), "a:str")["wholes"] == []


def test_a_table_that_the_stack_has_is_named_as_the_target_names_it() -> None:
    """The table of an entity whose name the stack has taken is called after its module as well."""
    assert relations(JOB)["place"]["target_table"] == "places_place"
    assert entity_model(entity_names("Place"), "name:str", {"tables": ["place"]}, "places")["table"] == "places_place"


def test_what_is_unique_together_names_relations() -> None:
    model = entity_model(entity_names("JobPosting"), JOB, named=entity_names)
    assert [one["names"] for one in model["uniques"]] == [["reviewer_id"], ["company_id", "title"]]


def test_a_relation_filters_a_list_and_sorts_none() -> None:
    assert [name for name, _ in filters(JOB)] == ["company_id", "reviewer_id", "place_id", "replaces_id"]
    assert entity_model(entity_names("JobPosting"), JOB, named=entity_names)["sorts"] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("code:int show\nname:str", "code"),
        ("a:text\nname:str", "name"),
        ("a:str? \nb:str pii\nc:str=x", "c"),
        ("a:int\nb:date", None),
    ],
)
def test_people_know_an_entity_by_one_field(text: str, shown: str | None) -> None:
    model = entity_model(entity_names("Job"), text)
    assert (model["show"]["name"] if model["show"] else None) == shown


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("a:ref", "line 1: the parentheses name the entity that is referred to: ref(Entity)"),
        ("a_id:ref(m.A)", "'a_id' would be kept as a_id_id: write a:ref(m.A)"),
        (
            "a:ref(Company)",
            "line 1: 'a' refers to Company, which this feature does not have: write its fields below a heading [Company], or "
            "module.Company for that of another feature",
        ),
        ("a:ref(Job)?", "line 1: 'a' refers to Job, which is its own kind: write a:ref(self)?"),
        ("a:ref(companies.company)", "'companies.company' names no entity, which begins with a capital"),
        (
            "a:ref(self)",
            "'a' refers to its own kind, so the first would need one before it: make it optional, 'ref(self)?'",
        ),
        ("a:ref(m.A)=x", "'a' refers to an entity, so it has no default: leave it out"),
        ("a:ref(m.A) pii", "'pii' cannot stand behind ref: leave it out"),
        ("a:str cascade", "'cascade' cannot stand behind str: leave it out"),
        ("owner:ref(m.A)", "every entity has 'owner_id' already"),
        ("a:ref(m.A)\na_id:str", "'a_id' stands twice"),
        ("a:ref(m.A)\na:str", "'a' stands twice: each may stand once"),
        ("a:str show\nb:int show", "'a' is shown already: one field tells people what they see"),
    ],
)
def test_a_relation_that_means_nothing_is_refused(lines: str, message: str) -> None:
    assert message in fields_error(f"{lines}\nz:int", "Job")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("tags:many", "the parentheses name the entity that is referred to: many(Entity) of the feature"),
        ("tags:many(Job)", "line 2: 'tags' would refer to its own kind: make an entity of the links"),
        ("tags:many(Tag)?", "'tags' may be empty in any case: leave the ? out"),
        ("tags:many(m.Tag)=x", "'tags' refers to entities, so it has no default: leave it out"),
        ("tags:many(m.Tag) unique", "'unique' cannot stand behind many: leave it out"),
        ("tags:many(m.Tag) cascade", "'cascade' cannot stand behind many: leave it out"),
        ("tag_ids:many(m.Tag)", "'tag_ids' is kept as ids anyway: write tags:many(m.Tag)"),
        ("tag_id:many(m.Tag)", "'tag_id' is kept as ids anyway: write tags:many(m.Tag)"),
        ("others:many(self)", "'others' would refer to its own kind: make an entity of the links"),
        ("tags:many(Tga)\n[Tag]\nb:int", "'tags' refers to Tga, which this feature does not have: did you mean 'Tag'?"),
        ("tags:many(Tag)\n[Tag]\nb:int\njobs:many(Job)", "Job and Tag refer to one another"),
        ("tags:many(m.Tag)\ntag:ref(m.Tag)", "'tag' and 'tags' both need the name 'tag': each may stand once"),
        ("tags:many(m.Tag)\ntag_id:uuid", "'tag_id' and 'tags' both need the name 'tag_id': each may stand once"),
        ("tags:many(m.Tag)\ntags:str", "'tags' stands twice: each may stand once"),
        ("tags:many(m.Tag)\ntag:str", "'tag' and 'tags' both need the name 'tag': each may stand once"),
        ("jobs:many(m.Tag)", "'jobs' is called like the entity itself: call the relation otherwise"),
        ("owners:many(m.Owner)", "every entity has 'owner_id' already"),
        ("a_name_of_19_letters:many(m.Tag)", "has 20 characters: at most 18 fit into the table of the links"),
        ("tags:many(m.Tag)\nunique(tags, z)", "'tag_ids' cannot be in unique(…): leave it out"),
    ],
)
def test_many_that_means_nothing_is_refused(lines: str, message: str) -> None:
    assert message in fields_error(f"z:int\n{lines}", "Job")


def test_many_are_no_column() -> None:
    model = entity_model(
        entity_names("JobPosting"),
        "a:int\nkey_categories:many(m.Category)\nfirm:ref(m.Firm)",
        module="jobs",
        named=entity_names,
    )
    (many,) = model["manies"]
    assert [many[key] for key in ("name", "one", "relation", "join", "default")] == [
        "key_category_ids", "key_category_id", "key_categories", "job_posting__key_categories", [],
    ]  # fmt: skip
    assert [one["name"] for one in model["stored"]] == ["a", "firm_id"]
    assert [one["name"] for one in model["relations"]] == ["firm_id"]
    assert [one["name"] for one in model["referring"]] == ["key_category_ids", "firm_id"]
    assert options(model, 1)[1:3] == [
        "--key-category 22222222-2222-4222-8222-222222222222",
        "--key-category 33333333-3333-4333-8333-333333333333",
    ]
    assert many["meaning"] == "ids of categories, up to 100, each once"


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("firm:ref(m.Firm)", "firm"),
        ("main_companies:many(m.Company)", "main-company"),
        # A list has an option of the one name, and every command has one of the other.
        ("page:ref(m.Page)", "page-id"),
        ("pages:many(m.Page)", "page-id"),
        ("helps:many(m.Help)", "help-id"),
    ],
)
def test_an_option_is_called_like_one_of_what_it_refers_to(line: str, option: str) -> None:
    model = entity_model(entity_names("Job"), f"a:int\n{line}", {"fields": {"is an option": ["help"]}})
    assert model["referring"][0]["typed"] == option
    assert model["filters"][-1]["typed"] == option


def test_a_stack_without_many_says_what_works_instead() -> None:
    error = fields_error("a:int\ntags:many(m.Tag)", "Job", {"many": False})
    assert error.startswith("fields, line 2: 'tags' refers to many, which this stack cannot do yet: ")


def test_nothing_goes_with_what_another_context_has() -> None:
    contexts = {"parts_across": False}
    error = fields_error("a:int\nfirm:ref(firms.Firm) cascade", "Job", contexts)
    assert error == (
        "fields, line 2: 'firm' stands in another context, which takes nothing of this one along when it goes: leave cascade "
        "out, so that it stays as long as it is needed, or write ref(firms.Firm)?, which is emptied"
    )
    assert not fields_error("a:int\nwhole:ref(self)? cascade\nfirm:ref(firms.Firm)", "Job", contexts)
    assert not fields_error("a:int\n[Part]\njob:ref(Job) cascade", "Job", contexts)
    assert not fields_error("a:int\nfirm:ref(firms.Firm) cascade", "Job")


@pytest.mark.parametrize(
    ("known", "advice"),
    [
        (["companies.Company"], ""),
        (["companies.Companies", "staff.Person"], "no feature has it: did you mean 'companies.Companies'?"),
        (["staff.Person"], "no feature has it: use one of staff.Person"),
        ([], "the project has no other feature: start the one that it belongs to first"),
    ],
)
def test_a_target_has_to_be_there(known: list[str], advice: str) -> None:
    text = "title:str\nbefore:ref(self)?\n\nfirm:ref(companies.Company)"
    error = relation_error(text, "Job", {}, {"Job": "jobs"}, known)
    assert error == (advice and f"fields, line 4: 'firm' refers to companies.Company, and {advice}")


def test_an_entity_refers_to_itself_by_self() -> None:
    error = relation_error("a:int\nb:ref(jobs.Job)", "Job", {}, {"Job": "jobs"}, [])
    assert error == "fields, line 2: 'b' refers to jobs.Job, and this feature has it: write b:ref(self)?"


MARKET = """
title:str(200)
company:ref(Company)

[ Company ]   # who offers it
name:str(80) unique

[Application]
posting:ref(JobPosting) cascade
applicant:email pii
"""


def market(text: str = MARKET) -> list[dict[str, Any]]:
    return entity_models("JobPosting", text, {}, "jobs", entity_names, 3, "002_notes")


ONE_MODULE = {"one_module": True}


def test_a_feature_has_further_entities_under_headings() -> None:
    assert [(one["name"], one["module"], one["main"], one["suffix"]) for one in market()] == [
        ("Company", "companies", False, "-companies"),
        ("JobPosting", "jobs", True, ""),
        ("Application", "applications", False, "-applications"),
    ]
    assert [[field["name"] for field in one["fields"]] for one in market()] == [
        ["name"],
        ["title", "company_id"],
        ["posting_id", "applicant"],
    ]


def test_each_entity_comes_behind_what_it_refers_to_and_so_does_its_migration() -> None:
    assert [(one["revision"], one["migration_parent"]) for one in market()] == [
        ("003_companies", "002_notes"),
        ("003_jobs", "003_companies"),
        ("003_applications", "003_jobs"),
    ]


def test_an_entity_of_the_feature_is_referred_to_without_its_module() -> None:
    _, posting, application = market()
    assert [(one["target_ref"], one["sibling"]) for one in posting["relations"] + application["relations"]] == [
        ("companies.Company", True),
        ("jobs.JobPosting", True),
    ]


def test_the_number_of_a_line_is_that_of_the_answer() -> None:
    assert fields_error(MARKET + "applicant:str", "JobPosting").startswith("fields, line 11: 'applicant' stands twice")
    assert relation_error(
        MARKET + "x:ref(a.Company)", "JobPosting", {}, entity_modules("JobPosting", MARKET, "jobs", entity_names), []
    ).startswith("fields, line 11: 'x' refers to a.Company, and the project has no other feature")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a:int\n[tag]\nb:int", "fields, line 2: [tag] names no entity: write it in PascalCase"),
        ("a:int\n[]\nb:int", "fields, line 2: [] names no entity"),
        ("a:int\n[Tag] b:int", "a line [Name], and nothing beside it, begins another entity"),
        ("a:int\n[LineItem]\nb:int\n[Lineitem]\nc:int", "fields, line 4: Lineitem stands twice"),
        ("a:ref(TAG)\n[Tag]\nb:int", "did you mean 'Tag'?"),
        ("a:int\n[Tag]\nb:int\n[Tag]\nc:int", "fields, line 4: Tag stands twice"),
        ("a:int\n[Tag]\n", "fields of Tag: there are none"),
        ("[Tag]\na:int", "fields of Job: there are none above the first heading, where they belong"),
        (
            "a:ref(Tga)\nb:int\n[Tag]\nb:int",
            "line 1: 'a' refers to Tga, which this feature does not have: did you mean 'Tag'?",
        ),
        (
            "a:ref(Tag)\n[Tag]\nb:ref(Job)",
            "fields: Job and Tag refer to one another, so none could be there first: leave one of the references out",
        ),
        (
            "a:int" + "".join(f"\n[A{number}]\na:int" for number in range(8)),
            "[A7] is one too many: a feature has up to 8",
        ),
    ],
)
def test_entities_that_cannot_be_made_are_refused(text: str, message: str) -> None:
    assert message in fields_error(text, "Job")


@pytest.mark.parametrize(
    ("line", "name", "default"),
    [
        ("a:ref(m.A)?  # who it is", "a_id", None),
        ("a:str(9) unique # a number", "a", None),
        ("a:str=x # y", "a", "x # y"),
        ('a:enum(one="No # 1",two)', "a", None),
        ("\t a:int\t#x", "a", None),
    ],
)
def test_what_stands_behind_a_number_sign_is_for_people(line: str, name: str, default: str | None) -> None:
    assert fields_error(f"b:int\n{line}", "Job") == ""
    (_, found) = parse_fields(f"b:int\n{line}", "Job")
    assert (found["name"], found["default"]) == (name, default)


def test_where_a_feature_has_one_module_all_its_entities_are_in_it() -> None:
    models = entity_models("JobPosting", MARKET, ONE_MODULE, "jobs", entity_names)
    assert [(one["name"], one["module"], one["stem"]) for one in models] == [
        ("Company", "jobs", "jobs_companies"),
        ("JobPosting", "jobs", "jobs"),
        ("Application", "jobs", "jobs_applications"),
    ]
    assert [one["stem"] for one in market()] == ["companies", "jobs", "applications"]
    _, posting, application = models
    kinds = [(one["kind"], one["within"]) for one in posting["relations"] + application["relations"]]
    assert kinds == [("jobs.Company", True), ("jobs.JobPosting", True)]


@pytest.mark.parametrize(
    ("line", "whole", "owned", "followers"),
    [
        ("job:ref(Job) cascade", "job_id", ["Part"], ["Part"]),
        ("job:ref(Job)? cascade", None, [], ["Part"]),
        ("job:ref(Job)?", None, [], ["Part"]),
        ("job:ref(Job)", None, [], []),
        ("job:ref(Job)\nwhole:ref(Job) cascade\nother:ref(Job) cascade", "whole_id", ["Part"], ["Part", "Part"]),
        ("job:ref(jobs.Job)", None, [], []),
    ],
)
def test_a_part_is_never_without_its_whole(
    line: str, whole: str | None, owned: list[str], followers: list[str]
) -> None:
    job, part = entity_models("Job", f"a:int\n[Part]\nb:int\n{line}", ONE_MODULE, "work", entity_names)
    assert (part["whole"] or {}).get("name") == whole
    assert [one["name"] for one in job["owned"]] == owned
    assert [one["name"] for one in job["followers"]] == followers


def test_its_own_kind_follows_an_entity() -> None:
    (job,) = entity_models("Job", "a:int\nb:ref(self)?\nc:ref(self)? cascade", ONE_MODULE, "work", entity_names)
    assert [(one["field"]["name"], one["field"]["kind"]) for one in job["followers"]] == [
        ("b_id", "work.Job"),
        ("c_id", "work.Job"),
    ]
    assert (job["whole"], job["owned"]) == (None, [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("result:decimal\n[CheckResult]\na:int", "'result' of Check and the entity CheckResult would both need the class CheckResult"),
        ("result_kind:email\n[CheckResult]\nkind:enum(a,b)\nc:int", "'kind' of CheckResult and the entity Check would both need the class CheckResultKind"),
        ("result_values:url\n[CheckResult]\na:int", "'result_values' of Check and the entity CheckResult would both need the class CheckResultValues"),
        ("add_check_result:str\n[CheckResult]\na:int", "'add_check_result' of Check is what a whole does with its parts"),
        ("a:int\n[Datum]\nb:int\n[Data]\nc:int", ""),
        ("a:int\n[News]\nb:int\n[NewsList]\nc:int", ""),
        ("result:str\n[CheckResult]\na:int", ""),
    ],
)  # fmt: skip
def test_entities_of_one_module_need_no_name_twice(text: str, message: str) -> None:
    assert message in fields_error(text, "Check", ONE_MODULE)
    assert bool(fields_error(text, "Check", ONE_MODULE)) == bool(message)
    assert fields_error(text, "Check") == ""


def test_a_module_of_the_feature_need_not_be_named() -> None:
    modules = entity_modules("JobPosting", MARKET, "jobs", entity_names)
    error = relation_error(MARKET + "x:ref(companies.Company)", "JobPosting", {}, modules, [])
    assert error.endswith("refers to companies.Company, and this feature has it: write x:ref(Company)")


def test_a_relation_is_called_like_nothing_that_every_row_has() -> None:
    rules = {"attributes": ["etag"], "relations": True}
    with pytest.raises(FieldError, match="'etag' is a name that every row has"):
        parse_field("etag:ref(companies.Company)", "Job", rules)
    assert parse_field("company:ref(companies.Company)", "Job", rules)["name"] == "company_id"
