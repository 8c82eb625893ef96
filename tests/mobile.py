"""The mobile clients of a generated project: compiled, linked and parsed as far as tools without Apple's and Google's go."""

import re
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
import tree_sitter_kotlin
import tree_sitter_swift
from conftest import run
from tree_sitter import Language, Node, Parser

KOTLIN_COMPILER = "kotlin-compiler@2.4"
"""The compiler as npm has it, with its test library and the coroutines it was built with."""

DEBIAN = Path("/usr/share/java")
JSON, RUNNER = DEBIAN / "com.android.json.jar", DEBIAN / "junit-platform-console-standalone.jar"
JUNIT = [
    DEBIAN / f"{name}.jar" for name in ("junit-jupiter-api", "junit-platform-commons", "opentest4j", "apiguardian-api")
]
FRAMEWORK = Path("/usr/share/android-framework-res/framework-res.apk")
# The parts of a module in the order of their compilation, and the parts of it and of its neighbours that each sees.
PARTS = {"main": ["main"], "testFixtures": ["main"], "test": ["main", "testFixtures"]}
LANGUAGES = {
    ".kt": tree_sitter_kotlin.language,
    ".kts": tree_sitter_kotlin.language,
    ".swift": tree_sitter_swift.language,
}


def need(*commands: str) -> None:
    """Fail a test that has nothing to run with, and say which packages bring it."""
    missing = [str(path) for path in (JSON, RUNNER, *JUNIT, FRAMEWORK) if not path.exists()]
    missing += [command for command in commands if not shutil.which(command)]
    if missing:
        pytest.fail(f"{', '.join(missing)} missing: run .ci/servers")


class Kotlin:
    """The Kotlin compiler and the test runner."""

    def __init__(self, folder: Path) -> None:
        need("java", "npm")
        run("npm", "install", "--no-fund", "--no-audit", "--prefix", folder, KOTLIN_COMPILER, cwd=folder)
        self.folder = folder / "node_modules" / "kotlin-compiler"
        library = self.folder / "lib"
        self.runtime = [library / f"{name}.jar" for name in ("kotlin-stdlib", "kotlinx-coroutines-core-jvm")]
        self.tests = [library / f"{name}.jar" for name in ("kotlin-test", "kotlin-test-junit5")]

    def compile(self, sources: Iterable[Path], classes: Path, path: Iterable[Path]) -> str:
        """Compile to class files; the compiler's warnings are errors. Returns what it said when it failed."""
        files = [str(path) for path in sources]
        assert files
        said = subprocess.run(
            [
                "java", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", str(self.folder / "lib" / "kotlin-compiler.jar"),
                "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler", "-no-stdlib", "-no-reflect", "-Werror", "-jvm-target", "17",
                "-classpath", ":".join(map(str, path)), "-d", str(classes), *files,
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return said.stdout + said.stderr if said.returncode else ""

    def check(self, android: Path, build: Path) -> int:
        """Compile the modules that need no Android, each against those its build file names, and run their tests.

        Returns:
            How many tests passed; a compiler's message or a failing test fails the test.
        """
        tests: list[Path] = []
        everything: list[Path] = []
        for module in plain_modules(android):
            named = re.findall(r'project\(":([^"]+)"\)', (module / "build.gradle.kts").read_text("utf-8"))
            own = build / module.relative_to(android)
            others = [build / name.replace(":", "/") for name in dict.fromkeys(named)]
            for part, visible in PARTS.items():
                classes = own / part
                path = [folder / name for folder in (own, *others) for name in visible if (folder / name).exists()]
                libraries = [*self.runtime, JSON, *([*self.tests, *JUNIT] if part == "test" else [])]
                if sources := sorted((module / "src" / part).rglob("*.kt")):
                    if said := self.compile(sources, classes, [*path, *libraries]):
                        pytest.fail(said)
                    (tests if part == "test" else everything).append(classes)
        return self.run_tests(tests, everything)

    def run_tests(self, tests: list[Path], classes: list[Path]) -> int:
        """Run the tests in some class folders and count them."""
        path = [*tests, *classes, *self.runtime, *self.tests, JSON]
        said = subprocess.run(
            [
                "java", "-jar", str(RUNNER), "--class-path", ":".join(map(str, path)), "--details", "tree", "--details-theme", "ascii",
                "--disable-ansi-colors", *(f"--scan-class-path={folder}" for folder in tests),
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        found = re.search(r"\[ +(\d+) tests successful", said.stdout)
        if said.returncode or not found:
            pytest.fail(said.stdout + said.stderr)
        return int(found[1])


def plain_modules(android: Path) -> list[Path]:
    """List the modules that use Gradle's JVM plugin, each after those that it needs."""
    features = sorted(path.parent for path in android.glob("feature/*/domain/build.gradle.kts"))
    return [android / "core" / "model", android / "core" / "network", *features]


@cache
def parser(suffix: str) -> Parser:
    """Make the parser of a language."""
    return Parser(Language(LANGUAGES[suffix]()))


def syntax_errors(file: Path) -> list[str]:
    """List the places of a source file that its language's grammar does not know."""
    found = []

    def visit(node: Node) -> None:
        if node.is_error or node.is_missing:
            found.append(f"{file.name}:{node.start_point[0] + 1}: {node.text!r}")
        for child in node.children if node.has_error else []:
            visit(child)

    visit(parser(file.suffix).parse(file.read_bytes()).root_node)
    return found


def link(android: Path, build: Path, package: str) -> str:
    """Compile and link the resources of all modules with the app's manifest; returns what aapt2 says of the result."""
    need("aapt2")
    build.mkdir()
    archives = []
    for number, folder in enumerate(sorted(android.glob("**/src/main/res"))):
        archive = build / f"{number}.zip"
        run("aapt2", "compile", "--dir", folder, "-o", archive, cwd=android)
        archives.append(archive)
    text = (android / "app/src/main/AndroidManifest.xml").read_text("utf-8")
    manifest = build / "AndroidManifest.xml"
    # What the Gradle plugin adds: the name of the package, and the values of the placeholders.
    manifest.write_text(text.replace("<manifest ", f'<manifest package="{package}" ', 1), "utf-8")
    table = build / "app.apk"
    overlays = [part for archive in archives for part in ("-R", archive)]
    run(
        "aapt2",
        "link",
        "-I",
        FRAMEWORK,
        "--manifest",
        manifest,
        "--auto-add-overlay",
        "-o",
        table,
        *overlays,
        cwd=android,
    )
    return run("aapt2", "dump", "resources", table, cwd=android).stdout
