"""What is rendered, before the eyes of scanners that other people keep: bandit looks at code, detect-secrets at everything."""

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import Render, run, tool
from generated import Project, interpreter
from stacks import SECTIONS, stack_names

pytestmark = pytest.mark.generated

BANDIT = "bandit>=1.9,<2"
"""It reads the Python that it runs on, and the rendered code is for a newer one than this repository's."""


class Finding(NamedTuple):
    """A place, the line that stands there, and what a scanner says of it."""

    path: str
    line: str
    what: str


class Excuse(NamedTuple):
    """What is no fault although a scanner takes it for one: stacks, patterns of path and line, and the reason."""

    stacks: str
    path: str
    line: str
    reason: str


def code(folder: Path) -> Iterator[Finding]:
    """Run bandit; a line that says why ruff passes it over, by the same number, says so to bandit too.

    That a module can start processes is not asked (B404): what it starts is, by B602 to B607. In tests, which run what they
    themselves write, only what is more than low counts.
    """
    bandit = [tool("uvx"), "--quiet", "--python", interpreter("3.13"), BANDIT]
    report = json.loads(run(*bandit, "-q", "-r", ".", "-f", "json", cwd=folder, check=False).stdout)
    assert report["errors"] == []
    for entry in report["results"]:
        path, rule = entry["filename"].removeprefix("./"), entry["test_id"]
        line = (folder / path).read_text("utf-8").splitlines()[entry["line_number"] - 1]
        low = entry["issue_severity"] == "LOW" and "tests" in Path(path).parts
        if rule != "B404" and not low and not re.search(rf"noqa: .*\bS{rule[1:]}\b", line):
            yield Finding(path, line.strip(), f"{rule} {entry['issue_text']}")


def secrets(folder: Path) -> Iterator[Finding]:
    """Run detect-secrets, without asking anybody whether a secret is good."""
    report = json.loads(run(tool("detect-secrets"), "scan", "--no-verify", "--all-files", cwd=folder).stdout)
    for path, entries in report["results"].items():
        lines = (folder / path).read_text("utf-8").splitlines()
        for entry in entries:
            yield Finding(path, lines[entry["line_number"] - 1].strip(), entry["type"])


Scanner = Callable[[Path], Iterator[Finding]]
DJANGO, ASGI = "django contexts", "fastapi web-mobile"
EXCUSES: dict[Scanner, list[Excuse]] = {
    code: [
        Excuse(DJANGO, r".*/settings(\.py|/security\.py)", r'"CHECK_REVOKE_TOKEN": True,', "a switch, no token"),
    ],
    secrets: [
        Excuse(f"{ASGI} {DJANGO}", r".*README\.md|.*\.env\.example|.*src/config\.py", r".*://user:password@", "how an address is written"),
        Excuse(f"web-mobile {DJANGO}", r"compose\.yaml|frontend/src/services/config\.ts", r".*EMAIL_URL.*smtp(\+tls)?://user:password@", "the same"),
        Excuse(DJANGO, r"tests/.*test_environment\.py", r'\("EMAIL_URL", "smtp://shop:password@mail\.example\.com', "is refused, because it goes in clear"),
        Excuse("web-mobile", r"frontend/tests/unit/(config|mail)\.test\.ts", r".*smtps?://user:(word|pass%2Fword)@", "an address of nobody"),
        Excuse("web-mobile", r"frontend/src/services/account\.ts", r'INVALID_PASSWORD: "The password is not right\.",', "a message"),
        Excuse("web-mobile", r"frontend/src/services/auth\.ts", r'if \(WITH_PASSWORD\.includes', "asks for one"),
        Excuse(f"{ASGI} {DJANGO}", r"\.github/workflows/ci\.yml", r".*_PASSWORD: test$|DATABASE_URL: \w+://\w+:test@127\.0\.0\.1:", "a database that lives as long as a run of CI"),
        Excuse(f"web-mobile {DJANGO}", r"k8s/overlays/production/.*", r"- patch: \|-$", "names the Secret that holds the certificate"),
        Excuse("fastapi", r"src/config\.py", r'DEVELOPMENT_SECRET = "development-only-', "a laptop's: production refuses to start with it"),
        Excuse("contexts", r"compose\.yaml", r'MYSQL_RANDOM_ROOT_PASSWORD: "yes"$', "asks for a random one"),
        Excuse(DJANGO, r"tests/.*", r'"?SECRET_KEY"?[:=] ?"(tests-only-key|a-secret-of-ones-own)-" \+ ', "of settings that live as long as a test"),
        Excuse(DJANGO, r"tests/.*", r'.*"?(PASSWORD|password)"?(:| =) "a long enough password"', "of users that live as long as a test"),
        Excuse("web-mobile", r"frontend/tests/.*", r'.*PASSWORD = "(correct horse|a better horse) battery";', "the same"),
        Excuse(DJANGO, r"tests/.*", r'.*"password": "(short|wrong|not this one|password1234|1qaz2wsx3edc)"', "is refused, as it is wrong or weak"),
        Excuse("fastapi", r"tests/.*", r'.*"JWT_SECRET": "short"', "the same"),
        Excuse("web-mobile", r"frontend/tests/.*", r'.*(password: "(a guess|short)"|SECRET: "too-short")', "the same"),
        Excuse("web-mobile", r"backend/tests/.*", r'NEON = "postgresql://user:word@host-pooler\.example\.com/', "an address of nobody"),
        Excuse("web-mobile", r"android/.*/src/test/.*", r'vault\.secret = "better-auth\.session_token=old"', "a session of nobody"),
    ],
}  # fmt: skip
"""The one place where what stands in every project that is rendered, and looks like a secret, is excused."""


@pytest.fixture
def tree(rendered: Render) -> Callable[[str], Path]:
    """Render a stack with all that can be chosen."""

    def render(stack: str) -> Path:
        chosen: dict[str, Any] = {"clients": ["web", "ios", "android"]} if stack == "web-mobile" else {}
        return rendered(stack=stack, plan_sections=SECTIONS, **chosen)

    return render


@pytest.mark.parametrize("scanner", EXCUSES, ids=lambda scanner: scanner.__name__)
@pytest.mark.parametrize("stack", stack_names())
def test_a_scanner_finds_nothing(tree: Callable[[str], Path], stack: str, scanner: Scanner) -> None:
    excuses = [excuse for excuse in EXCUSES[scanner] if stack in excuse.stacks.split()]
    used, faults = set(), []
    for finding in scanner(tree(stack)):
        covers = {
            excuse
            for excuse in excuses
            if re.fullmatch(excuse.path, finding.path) and re.match(excuse.line, finding.line)
        }
        used |= covers
        faults += [] if covers else [finding]
    assert not faults, "\n".join(map(str, faults))
    assert not set(excuses) - used, "an excuse that nothing needs any more"


LETTERS = "QX7RZ2JVK4WPD6MN"
PLANTED: dict[Scanner, dict[str, str]] = {
    code: {
        "src/service.py": "import subprocess\n\n\ndef tell(text: str) -> None:\n    subprocess.run(f'echo {text}', shell=True)\n",
        "src/excused.py": "import hashlib\n\nDIGEST = hashlib.md5(b'').hexdigest()  # noqa: S105 (of another rule)\n",
        "tests/test_service.py": "import yaml\n\n\ndef read(text: str) -> object:\n    return yaml.load(text, yaml.Loader)\n",
    },
    secrets: {
        ".env.example": f"AWS_ACCESS_KEY_ID=AKIA{LETTERS}\n",
        "src/settings.py": f'API_KEY = "{LETTERS.lower()}"\n',
        "deploy/key.pem": "-----BEGIN {} KEY-----\nabc\n".format("RSA PRIVATE"),
        "tests/test_settings.py": 'URL = "postgresql://app:{}@db.example.com/app"\n'.format("s3cr3t-one"),
    },
}


@pytest.mark.parametrize("scanner", PLANTED, ids=lambda scanner: scanner.__name__)
def test_a_scanner_finds_what_is_planted(tree: Callable[[str], Path], tmp_path: Path, scanner: Scanner) -> None:
    folder = shutil.copytree(tree("single"), tmp_path / "shop")
    for path, text in PLANTED[scanner].items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    assert {finding.path for finding in scanner(folder)} == set(PLANTED[scanner])


ADVISORY = {"id": "PYSEC-2026-1", "summary": "It is broken.", "modified": "2026-01-15T00:00:00Z"}


@contextmanager
def osv(vulnerable: str) -> Iterator[tuple[str, set[str]]]:
    """Stand in for osv.dev, which tests cannot reach: one package has an advisory. Hands out the address and what is asked."""
    asked: set[str] = set()

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            names = [query["package"]["name"] for query in queries]
            asked.update(names)
            self.answer({"results": [{"vulns": [ADVISORY]} if name == vulnerable else {} for name in names]})

        def do_GET(self) -> None:
            self.answer(ADVISORY)

        def answer(self, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()


@pytest.mark.parametrize(("vulnerable", "status"), [("pydantic-core", 2), ("nothing-of-this-project", 0)])
def test_make_audit_asks_about_every_locked_package_and_fails_for_a_vulnerable_one(
    rendered: Render, tmp_path: Path, vulnerable: str, status: int
) -> None:
    project = Project(shutil.copytree(rendered(stack="single"), tmp_path / "shop"))
    run(tool("uv"), "lock", "--quiet", cwd=project.folder, check=True, **project.variables)
    locked = set(re.findall(r'^name = "(.+)"$', (project.folder / "uv.lock").read_text("utf-8"), re.MULTILINE))
    with osv(vulnerable) as (address, asked):
        command = ["make", "audit", f"OPTIONS=--service-url {address}"]
        result = run(*command, cwd=project.folder, check=False, **project.variables)
    assert result.returncode == status, result.stderr
    assert asked == locked - {"shop"}
    assert ("PYSEC-2026-1: It is broken." in result.stdout) is (status != 0)
