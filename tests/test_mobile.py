"""The iOS and the Android app, as far as a machine without Xcode and without the Android SDK can prove them."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest
import yaml
from conftest import Render, commit_all, copy_into, replace, run, status, tool
from generated import EVERYTHING, LONG, Project, check_workflows
from mobile import JSON, LANGUAGES, Kotlin, link, syntax_errors
from servers import free_port, serve

pytestmark = pytest.mark.generated

APPS = {"stack": "web-mobile", "clients": ["ios", "android"], "project_name": 'A & B\'s "app"', "package": "shop"}
SECOND = {"feature_title": "Everything there is", "module": "everything", "entity": "Thing", "fields": EVERYTHING}
THIRD = {"feature_title": "Long names", "module": "abcdefghijklmnopqrstuvwxyz_2",
         "entity": "Abcdefghijklmnopqrstuvwxyzab", "fields": LONG}  # fmt: skip
FOURTH = {"feature_title": "Words", "module": "words", "entity": "Page",
          "fields": "do:bool\nobject_type:str\nsuper:str?\nwhen:date?\ninterface:str\ntypeof:text?\ninit:int=1\npublic:json?\n"
          "defer:date\nkind:enum(when,in,null)\nversion:str\ncopy:str\nhash:str\ndefault:int=2\ntag:str\nval:str?\nlimit:int(1,9)\n"
          "page:enum(one,two)\nform:enum(one,two)\njson:json?\nsort:str\n"
          "[Line]\nwhole:ref(Page) cascade\ndo:many(Page)\nbefore:ref(self)?\nlinked_pages:many(Page)\ntext:text"}  # fmt: skip


@pytest.fixture(scope="session")
def kotlin(tmp_path_factory: pytest.TempPathFactory) -> Kotlin:
    return Kotlin(tmp_path_factory.mktemp("kotlin"))


@pytest.fixture(scope="session")
def apps(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Render a project with four features, all but the first as new files only; the fourth is all names that languages and lists have too."""
    folder = copy_into(template, tmp_path_factory.mktemp("mobile") / "shop", **APPS)
    for feature in (SECOND, THIRD, FOURTH):
        commit_all(folder)
        copy_into(template, folder, **feature)
        assert not [line for line in status(folder) if not line.startswith("?? ")]
    return folder


def sources(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in LANGUAGES)


# Android ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def built(kotlin: Kotlin, apps: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Compile what needs no Android and run its tests: the folder of the classes, and how many tests passed."""
    folder = tmp_path_factory.mktemp("classes")
    return folder, kotlin.check(apps / "android", folder)


def test_what_needs_no_android_compiles_and_passes_its_tests(built: tuple[Path, int]) -> None:
    assert built[1] > 60


@pytest.mark.deep
def test_the_tests_fail_when_the_code_is_broken(kotlin: Kotlin, rendered: Render, tmp_path: Path) -> None:
    android = tmp_path / "android"
    shutil.copytree(rendered(**APPS) / "android", android)
    replace(android / "core/network/src/main/kotlin/Api.kt", "412 -> Changed(detail)", "412 -> Missing(detail)")
    replace(android / "core/network/src/main/kotlin/Session.kt", "setOf(401, 403)", "(400..499).toSet()")
    replace(android / "core/network/src/main/kotlin/Session.kt", "if (left > 0)", "if (left > 60)")
    replace(android / "core/network/src/main/kotlin/Transport.kt", "throw TooSlow(", "throw Unreachable(")
    replace(
        android / "core/model/src/main/kotlin/Models.kt",
        "state.following && state.failure",
        "state.items.isEmpty() && state.failure",
    )
    replace(android / "core/model/src/main/kotlin/Models.kt", ".filled(it.items.size) }", ".filled(1) }")
    replace(android / "core/model/src/main/kotlin/Models.kt", "failure is Unreachable || ", "")
    replace(android / "core/model/src/main/kotlin/Choices.kt", "delay(pause)", "delay(0)")
    replace(android / "core/model/src/main/kotlin/Forms.kt", "others.size < chosen.size || ", "")
    replace(android / "core/network/src/main/kotlin/Api.kt", 'URLEncoder.encode(search, "UTF-8")', "search")
    replace(android / "feature/steps/domain/src/main/kotlin/Step.kt", ".naming(TASK_ID, item.taskId, item.task)", "")
    replace(
        android / "core/model/src/main/kotlin/Inputs.kt", "atZone(zone).toInstant", "atZone(ZoneOffset.UTC).toInstant"
    )
    replace(android / "feature/tasks/domain/src/main/kotlin/TaskRepository.kt", '"due_on", entered', '"due", entered')
    with pytest.raises(pytest.fail.Exception) as failure:
        kotlin.check(android, tmp_path / "build")
    for test in (
        "a note is created, read, changed and deleted",
        "an issuer that refuses signs nobody out",
        "an issuer that asks to be left alone is left alone",
        "a server that is slow is not one that is away",
        "a part that failed is loaded again when somebody asks for it",
        "a refresh reads as far as the list is shown",
        "what was entered stays when the server does not take it",
        "the server is asked when nobody types on",
        "of many each is added and taken away",
        "what is typed finds what can be referred to",
        "what is referred to is known by its text",
        "a moment is picked as clocks show it",
        "what is entered is what the server gets",
    ):
        assert f"{test}() [X]" in str(failure.value)


def test_the_client_and_the_server_understand_each_other(
    kotlin: Kotlin, built: tuple[Path, int], apps: Path, tmp_path: Path
) -> None:
    """The plain Kotlin modules against the project's own API: every rule that a form relies on."""
    project = Project(tmp_path / "shop", "3.13", "api")
    shutil.copytree(apps, project.folder)
    project.make("setup")
    project.make("migrate")
    token = project.make("--no-print-directory", "token", SUBJECT="somebody").split()[-1]
    classes = [
        built[0] / name / "main"
        for name in ("core/model", "core/network", "feature/tasks/domain", "feature/steps/domain")
    ]
    path = [*classes, *kotlin.runtime, JSON]
    assert kotlin.compile([Path(__file__).with_name("Live.kt")], tmp_path / "live", path) == ""
    port = free_port()
    uvicorn = str(project.environment / "bin/uvicorn")
    command = [uvicorn, "--factory", "src.main:create_app", "--no-access-log", "--port", str(port)]
    with serve(*command, cwd=project.folder / "api", port=port, log=tmp_path / "log", **project.variables):
        address = f"http://127.0.0.1:{port}"
        said = run(
            "java", "-cp", ":".join(map(str, [tmp_path / "live", *path])), "LiveKt", address, token, cwd=tmp_path
        )
    assert said.stdout.splitlines() == [
        "created, read and changed",
        "changed by somebody else",
        "refused: title",
        "20, more: true",
        "26, more: false",
        "offered: 20, cut: true",
        "found, chosen and shown by its text",
        "deleted",
        "signed out",
    ]


def test_the_resources_of_all_features_link_with_the_manifest(apps: Path, tmp_path: Path) -> None:
    linked = link(apps / "android", tmp_path / "build", "app.shop")
    for name in ("tasks_title", "everything_field_posted_at", "everything_choice_state_in_review", "app_name"):
        assert f"string/{name}" in linked
    assert 'A & B\'s "app"' in linked


def test_every_resource_that_the_code_names_is_there(apps: Path, tmp_path: Path) -> None:
    found = set(
        re.findall(
            r"(?:string|plurals|drawable|xml|style)/(\w+)", link(apps / "android", tmp_path / "build", "app.shop")
        )
    )
    for file in sources(apps / "android"):
        named = set(re.findall(r"\bR\.\w+\.(\w+)", file.read_text("utf-8")))
        assert named <= found, f"{file.name} names {named - found}"


def test_every_import_of_the_apps_own_code_is_declared(apps: Path) -> None:
    """What no compiler sees here, the Compose screens, takes from the modules only what they have."""
    declared: set[str] = set()
    imported: dict[str, Path] = {}
    for file in sources(apps / "android"):
        text = file.read_text("utf-8")
        if not (package := re.search(r"^package (.+)$", text, re.MULTILINE)):
            continue
        pattern = r"^(?:\w+ )*?(?:class|interface|object|fun|val|var)(?: <[^>]+>)? (?:[\w<>?]+\.)?(\w+)"
        names = re.findall(pattern, text, re.MULTILINE)
        declared |= {f"{package[1]}.{name}" for name in names}
        imported |= dict.fromkeys(re.findall(r"^import (app\..+)$", text, re.MULTILINE), file)
    assert not {name: file.name for name, file in imported.items() if name not in declared}


def test_the_build_names_only_what_the_catalog_has(apps: Path) -> None:
    android = apps / "android"
    catalog = tomllib.loads((android / "gradle/libs.versions.toml").read_text("utf-8"))
    known = {f"libs.{name}" for name in catalog["libraries"]}
    known |= {f"libs.plugins.{name}" for name in catalog["plugins"]}
    known |= {f"libs.versions.{name}" for name in catalog["versions"]}
    used = set()
    for file in android.rglob("*.gradle.kts"):
        used |= set(re.findall(r"\blibs\.[\w.]+?(?=\.get\(\)|\))", file.read_text("utf-8")))
    assert used
    assert used <= {name.replace("-", ".") for name in known}
    for entry in [*catalog["libraries"].values(), *catalog["plugins"].values()]:
        assert entry.get("version", {}).get("ref", "kotlin") in catalog["versions"]


def test_a_feature_is_found_by_its_service_entry(apps: Path) -> None:
    """The class that META-INF/services names is declared where it says."""
    entries = sorted(apps.glob("android/feature/*/src/main/resources/META-INF/services/app.shop.core.ui.Feature"))
    assert len(entries) == 6
    for entry in entries:
        package, _, name = entry.read_text("utf-8").strip().rpartition(".")
        files = (entry.parents[3] / "kotlin").glob("*.kt")
        assert any(
            f"package {package}\n" in (text := file.read_text("utf-8")) and f"class {name} : Feature" in text
            for file in files
        )


# iOS ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def prepared(apps: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the step before Swift's build, as `make -C ios prepare` does."""
    folder = tmp_path_factory.mktemp("prepared") / "shop"
    shutil.copytree(apps, folder)
    run(tool("python"), "prepare.py", cwd=folder / "ios")
    return folder


def test_every_feature_is_in_the_registry(prepared: Path) -> None:
    registry = (prepared / "ios/Registry/Registry.swift").read_text("utf-8")
    for name in ("Tasks", "Steps", "Everything", "Abcdefghijklmnopqrstuvwxyz2", "Words", "Lines"):
        assert f"import {name}Feature\n" in registry
        assert f"    {name}Entry(),\n" in registry
        (file,) = (prepared / "ios/Features" / name / "Sources").glob("*Screens.swift")
        assert f"public struct {name}Entry: Feature {{" in file.read_text("utf-8")


def test_the_contracts_are_written_for_the_generator(prepared: Path) -> None:
    found = sorted(prepared.glob("ios/Features/*/Sources/openapi.yaml"))
    assert len(found) == 6
    for file in found:
        text = file.read_text("utf-8")
        run(tool("openapi-spec-validator"), file, cwd=prepared)
        assert "type: 'null'" not in text
        assert "additionalProperties: false" not in text
    thing = yaml.safe_load((prepared / "ios/Features/Everything/Sources/openapi.yaml").read_text("utf-8"))
    schemas = thing["components"]["schemas"]
    assert schemas["ThingRead"]["properties"]["kind"] == {"$ref": "#/components/schemas/ThingKind"}
    assert "kind" not in schemas["ThingRead"]["required"]
    assert "title" in schemas["ThingRead"]["required"]
    assert schemas["ThingRead"]["properties"]["data"]["additionalProperties"] is True


def test_a_feature_without_a_contract_is_named(prepared: Path, tmp_path: Path) -> None:
    shutil.copytree(prepared, tmp_path / "shop")
    (tmp_path / "shop/ios/Features/Orders/Sources").mkdir(parents=True)
    said = run(tool("python"), "prepare.py", cwd=tmp_path / "shop/ios", check=False)
    assert said.returncode == 1
    assert "Orders: openapi-generator-config.yaml has to begin with the lines '# Spec: specs/…/spec.md'" in said.stderr


def test_swift_uses_the_operations_and_properties_of_the_contract(prepared: Path) -> None:
    """What the generator makes of the contract cannot be compiled here: at least every name is one of the contract's."""
    for file in prepared.glob("ios/Features/*/Sources/openapi.yaml"):
        contract = yaml.safe_load(file.read_text("utf-8"))
        # Parts are listed and created among all, by the filter: no app asks below the address of their whole.
        paths = [path for address, path in contract["paths"].items() if "}/" not in address]
        operations = {entry["operationId"] for path in paths for entry in path.values()}
        schemas = contract["components"]["schemas"]
        fields = {name for schema in schemas.values() for name in schema.get("properties", {})}
        code = "".join(path.read_text("utf-8") for path in file.parent.glob("*.swift"))
        assert set(re.findall(r"client\.(\w+)\(", code)) == operations
        assert set(re.findall(r"Components\.Schemas\.(\w+)", code)) <= set(schemas)
        assert {name.removeprefix("_") for name in re.findall(r"\bitem\.(\w+)", code)} - {"eTag"} <= fields


def test_the_project_of_the_app_is_what_xcodegen_reads(apps: Path) -> None:
    project = yaml.safe_load((apps / "ios/App/project.yml").read_text("utf-8"))
    app = project["targets"]["App"]
    package = (apps / "ios/Package.swift").read_text("utf-8")
    for dependency in app["dependencies"]:
        assert dependency["package"] in project["packages"]
        assert f'.library(name: "{dependency["product"]}"' in package
    assert [(apps / "ios/App" / source).is_dir() for source in app["sources"]] == [True]
    assert app["info"]["properties"]["CFBundleDisplayName"] == APPS["project_name"]


# Both ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_all_swift_and_kotlin_parses(prepared: Path) -> None:
    files = sources(prepared)
    assert len(files) > 70
    assert not [error for file in files for error in syntax_errors(file)]


def test_a_syntax_error_is_found(tmp_path: Path) -> None:
    for name, code in [("a.kt", "fun f( { }"), ("a.kts", "plugins { x( }"), ("a.swift", "struct A { func }")]:
        (tmp_path / name).write_text(code, "utf-8")
        assert syntax_errors(tmp_path / name), name


def test_every_picker_asks_at_a_path_of_the_api(apps: Path) -> None:
    contracts = [yaml.safe_load(file.read_text("utf-8")) for file in apps.glob("specs/*/contracts/*.yaml")]
    known = {path.removeprefix("/api/") for contract in contracts for path in contract["paths"]}
    for folder in ("android/feature", "ios/Features"):
        code = "".join(file.read_text("utf-8") for file in sources(apps / folder))
        asked = re.findall(r'References?Input\("([^"]+)"\)', code)
        assert {"tasks", "pages", "lines"} == set(asked) <= known


def test_the_workflows_are_valid(apps: Path) -> None:
    check_workflows(apps)


def test_every_source_file_names_its_specification(prepared: Path) -> None:
    for file in sources(prepared / "ios/Features") + sources(prepared / "android/feature"):
        if "Registry" not in file.parts:
            first, second, *_ = file.read_text("utf-8").splitlines()
            assert re.match(
                r"// Spec: specs/00\d-[\w-]+/spec\.md$", second if first.startswith("// swift-tools") else first
            ), file
