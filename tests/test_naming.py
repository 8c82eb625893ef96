"""Names that come from titles, and answers that may not be names."""

import keyword
import sys

import pytest
from naming import (
    MAX_NAME,
    MAX_SLUG,
    class_name,
    entity_error,
    entity_names,
    identifier_error,
    index_name,
    line_error,
    module_name,
    plural,
    singular,
    slug,
    slug_error,
    words,
)

TITLES = [
    # title, slug, module, class
    ("Job postings", "job-postings", "job_postings", "JobPosting"),
    ("Größere Übersicht", "groessere-uebersicht", "groessere_uebersicht", "GroessereUebersicht"),
    ("ÄÖÜ ẞ", "aeoeue-ss", "aeoeue_ss", "AeoeueSs"),
    ("Cafe\u0301 menü 🎉", "cafe-menue", "cafe_menue", "CafeMenue"),
    ("Łódź & smørrebrød", "lodz-smoerrebroed", "lodz_smoerrebroed", "LodzSmoerrebroed"),
    ("O'Brien’s \"best\" deals", "obriens-best-deals", "obriens_best_deals", "ObriensBestDeal"),
    ("3D models", "3d-models", "n3d_models", "N3dModel"),
    ("2026", "2026", "n2026", "N2026"),
    ("日本語", "", "", ""),
    ("🎉 … ???", "", "", ""),
    ("", "", "", ""),
    ("日本 trips", "trips", "trips", "Trip"),
    ("../../etc/passwd", "etc-passwd", "etc_passwd", "EtcPasswd"),
    ("x" * 80, "x" * MAX_SLUG, "x" * MAX_NAME, "X" + "x" * (MAX_NAME - 1)),
    ("1" * 80, "1" * MAX_SLUG, "n" + "1" * (MAX_NAME - 1), "N" + "1" * (MAX_NAME - 1)),
    ("one two three four five six seven", "one-two-three-four-five-six-seven", "one_two_three_four_five_six", "OneTwoThreeFourFiveSix"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "folder", "module", "entity"), TITLES)
def test_a_title_gives_every_name(title: str, folder: str, module: str, entity: str) -> None:
    assert (slug(title), module_name(title)) == (folder, module)
    assert class_name(module_name(title)) == entity


@pytest.mark.parametrize("title", [title for title, folder, _, _ in TITLES if folder])
def test_the_names_of_a_title_are_accepted(title: str) -> None:
    assert slug_error(slug(title)) == ""
    assert identifier_error("module", module_name(title), []) == ""
    assert entity_error(class_name(module_name(title)), {}) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("JobPosting", ["job", "posting"]),
        ("HTTPServerError", ["http", "server", "error"]),
        ("job_postings-and more", ["job", "postings", "and", "more"]),
        ("Model3D", ["model3d"]),
        ("S3Bucket", ["s3", "bucket"]),
        ("2FA tokens", ["2fa", "tokens"]),
        ("O'Brien", ["obrien"]),
        ("tab\tand\nline", ["tab", "and", "line"]),
        ("½ price", ["12", "price"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


NOUNS = [
    ("post", "posts"), ("category", "categories"), ("day", "days"), ("box", "boxes"), ("branch", "branches"),
    ("bus", "buses"), ("status", "statuses"), ("bonus", "bonuses"), ("address", "addresses"), ("process", "processes"),
    ("dish", "dishes"), ("quiz", "quizzes"), ("person", "people"), ("child", "children"), ("analysis", "analyses"),
    ("index", "indexes"), ("movie", "movies"), ("cache", "caches"), ("news", "news"), ("series", "series"),
    ("warehouse", "warehouses"), ("house", "houses"), ("clause", "clauses"), ("cause", "causes"), ("size", "sizes"),
    ("prize", "prizes"), ("course", "courses"), ("expense", "expenses"), ("case", "cases"), ("database", "databases"),
    ("response", "responses"), ("alias", "aliases"), ("canvas", "canvases"), ("lens", "lenses"), ("hero", "heroes"),
    ("photo", "photos"), ("matrix", "matrices"), ("key", "keys"), ("check", "checks"), ("note", "notes"),
    ("waltz", "waltzes"), ("tax", "taxes"), ("purchase", "purchases"), ("release", "releases"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "many"), NOUNS)
def test_a_noun_finds_its_plural_and_the_way_back(one: str, many: str) -> None:
    assert plural(one) == many
    assert singular(many) == one
    assert singular(one) == one


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        (
            "JobPosting",
            {
                "name": "JobPosting", "names": "JobPostings", "variable": "job_posting", "table": "job_posting",
                "plural": "job_postings", "path": "job-postings", "label": "job posting", "labels": "job postings",
                "a_label": "a job posting", "title": "Job posting", "titles": "Job postings",
            },
        ),
        ("News", {"names": "NewsList", "plural": "news_list", "path": "news", "variable": "news", "labels": "news"}),
        ("Address", {"plural": "addresses", "a_label": "an address"}),
        ("UptimeCheck", {"path": "uptime-checks", "a_label": "an uptime check"}),
        ("User", {"a_label": "a user"}),
        ("Unit", {"a_label": "a unit"}),
        ("HTTPProbe", {"name": "HTTPProbe", "table": "http_probe", "names": "HttpProbes"}),
    ],
)  # fmt: skip
def test_an_entity_has_all_its_names(entity: str, expected: dict[str, str]) -> None:
    names = entity_names(entity)
    assert {key: names[key] for key in expected} == expected
    assert names["plural"] != names["variable"]


@pytest.mark.parametrize(
    ("entity", "instance"),
    [("Post", "post"), ("Session", "session_row"), ("Filter", "filter_row"), ("UserSession", "user_session")],
)
def test_a_variable_that_holds_one_hides_nothing_that_the_code_needs(entity: str, instance: str) -> None:
    assert entity_names(entity)["instance"] == instance


IDENTIFIERS = [
    ("", "module is missing"),
    ("abc\n", "no module name"),
    ("-rf", "no module name"),
    ("a:b", "no module name"),
    ("a/b", "no module name"),
    ("..", "no module name"),
    ("a.b", "no module name"),
    ("a b", "no module name"),
    ("Job", "use lower-case letters"),
    ("3d", "no module name"),
    ("_a", "no module name"),
    ("a_", "no module name"),
    ("a__b", "no module name"),
    ("jürgen", "no module name"),
    ("a" * (MAX_NAME + 1), f"has {MAX_NAME + 1} characters: at most {MAX_NAME} fit"),
    ("class", "is a Python keyword: choose another name, such as 'classes'"),
    ("import", "is a Python keyword: choose another name, such as 'imports'"),
    ("json", "standard library: choose another name, such as 'my_json'"),
    ("typing", "standard library"),
    (
        "main",
        "is the name of something that the project has or uses (a module, a folder, a package): choose another name, such as 'main_records'",
    ),
    ("con", "device of Windows, not a folder: choose another name, such as 'con_records'"),
    ("aux", "device of Windows"),
    ("com1", "device of Windows"),
]


@pytest.mark.parametrize(("name", "message"), IDENTIFIERS, ids=repr)
def test_what_is_no_identifier_is_refused(name: str, message: str) -> None:
    assert message in identifier_error("module", name, ["main"])


@pytest.mark.parametrize(("name", "message"), IDENTIFIERS, ids=repr)
def test_a_name_that_is_proposed_is_accepted(name: str, message: str) -> None:
    _, _, proposal = identifier_error("module", name, ["main"]).partition("such as '")
    if proposal:
        assert identifier_error("module", proposal.rstrip("'"), ["main"]) == ""


@pytest.mark.parametrize("name", keyword.kwlist)
def test_every_keyword_is_refused(name: str) -> None:
    assert "keyword" in identifier_error("package", name, [], camel=True)


@pytest.mark.parametrize("name", sorted(name for name in sys.stdlib_module_names if name.islower() and name[0] != "_"))
def test_every_module_of_the_standard_library_is_refused(name: str) -> None:
    assert identifier_error("package", name, [])


@pytest.mark.parametrize("name", ["a", "job_postings", "n3d", "match", "type", "case", "a" * MAX_NAME, "console"])
def test_a_usable_identifier_is_accepted(name: str) -> None:
    assert identifier_error("module", name, ["main"]) == ""


def test_capitals_are_for_stacks_that_allow_them() -> None:
    assert identifier_error("package", "JobApp", [], camel=True) == ""
    assert "that the project has or uses" in identifier_error("package", "Main", ["main"], camel=True)
    assert "device of Windows" in identifier_error("package", "Con", [], camel=True)
    assert "use letters, digits" in identifier_error("package", "Job-App", [], camel=True)


@pytest.mark.parametrize(
    ("entity", "message"),
    [
        ("", "entity is missing"),
        ("post", "not in PascalCase: use letters and digits only, such as 'Post'"),
        ("Job_Postings", "such as 'JobPosting'"),
        ("Post\n", "not in PascalCase"),
        ("3dModel", "such as 'N3dModel'"),
        ("日本", "such as 'JobPosting'"),
        ("Größe", "such as 'Groesse'"),
        ("A" + "b" * MAX_NAME, f"of {MAX_NAME + 1} characters: at most {MAX_NAME} fit"),
        ("Base", "entity 'Base' is the base class: choose another, such as 'BaseRecord'"),
        ("None", "is a Python keyword: choose another, such as 'NoneRecord'"),
        ("Class", "such as 'ClassRecord'"),
        ("Import", "such as 'ImportRecord'"),
        ("Con", "such as 'ConRecord'"),
    ],
    ids=repr,
)
def test_what_is_no_entity_is_refused(entity: str, message: str) -> None:
    assert message in entity_error(entity, {"is the base class": ["Base"]})


@pytest.mark.parametrize("entity", ["A", "JobPosting", "HTTPProbe", "N3dModel", "A" + "b" * (MAX_NAME - 1), "Match"])
def test_a_usable_entity_is_accepted(entity: str) -> None:
    assert entity_error(entity, {"is the base class": ["Base"]}) == ""


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "feature_slug is missing"),
        ("x\n", "no folder name"),
        ("-rf", "no folder name"),
        ("a--b", "no folder name"),
        ("a-", "no folder name"),
        ("../x", "no folder name"),
        ("Job", "no folder name"),
        ("a:b", "no folder name"),
        ("ü", "no folder name"),
        ("a" * 61, "has 61 characters: at most 60"),
    ],
    ids=repr,
)
def test_what_is_no_slug_is_refused(value: str, message: str) -> None:
    assert message in slug_error(value)


@pytest.mark.parametrize("value", ["a", "3d-models", "a" * 60])
def test_a_usable_slug_is_accepted(value: str) -> None:
    assert slug_error(value) == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "title is missing: give one line of text, -d title='…'"),
        (" \u3000", "title is missing"),
        *[
            (f"a{letter}b", "line break or a control character")
            for letter in "\n\r\t\0\x0b\x1b\x7f\x85\u2028\u2029\ud800"
        ],
        ("trailing\n", "line break"),
        (" a", "begins or ends with a space"),
        ("a ", "begins or ends with a space"),
        ("a" * 201, "has 201 characters: at most 200 fit"),
    ],
    ids=repr,
)
def test_what_is_no_line_is_refused(text: str, message: str) -> None:
    assert message in line_error("title", text)


@pytest.mark.parametrize("text", ["a", "a" * 200, 'O\'Brien "Söhne" {{ 7*7 }} 👩‍💻 日本', "100 % \\ $HOME"])
def test_a_line_of_any_language_is_accepted(text: str) -> None:
    assert line_error("title", text) == ""


def test_the_longest_line_is_the_caller_s() -> None:
    assert line_error("title", "a" * 61, 60) == "title has 61 characters: at most 60 fit into a line"


# Names that `manage.py makemigrations` gave.
@pytest.mark.parametrize(
    ("table", "columns", "name"),
    [
        ("job_posting", ["created_at", "id"], "job_posting_created_4578fd_idx"),
        ("job_posting", ["company", "created_at", "id"], "job_posting_company_b3910e_idx"),
        ("check", ["team_id", "last_ping_at", "created_at", "id"], "check_team_id_4809db_idx"),
    ],
)
def test_an_index_is_called_as_django_calls_it(table: str, columns: list[str], name: str) -> None:
    assert index_name(table, *columns) == name
