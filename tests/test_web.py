"""The pages of the web and mobile stack and their server: installed, linted, tested, run, driven by a browser, and broken."""

import re
import shutil
from pathlib import Path

import pytest
from browser import Browser
from conftest import run, status
from generated import Break, Project, breaks, grow, install
from names import add_random_and_everyday
from servers import call, fetch, free_port, serve, wait_for
from test_web_mobile import STACK

pytestmark = pytest.mark.generated


@pytest.fixture(scope="session")
def shop(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Install the defaults: a server and a frontend."""
    return install(template, tmp_path_factory.mktemp("web") / "shop", "3.13", "backend", **STACK)


@pytest.fixture(scope="session")
def grown(shop: Project, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    return grow(shop, template, tmp_path_factory.mktemp("grown") / "shop")


def test_setup_leaves_nothing_to_commit_but_the_lock_files(shop: Project) -> None:
    assert status(shop.folder) == ["?? backend/uv.lock", "?? frontend/package-lock.json"]


def test_the_lock_file_of_the_frontend_installs_what_it_says(shop: Project, tmp_path: Path) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        if (shop.folder / "frontend" / name).exists():
            shutil.copy(shop.folder / "frontend" / name, tmp_path)
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=tmp_path)
    assert "resolved" not in (tmp_path / "package-lock.json").read_text("utf-8"), "the address of a registry"


@pytest.mark.deep
def test_the_defaults_pass(shop: Project) -> None:
    shop.make("lint", "gates")
    assert shop.passed(shop.make("test")) > 150


def test_three_features_pass_everything(grown: Project) -> None:
    grown.make("lint")
    assert grown.passed(grown.make("test")) > 350
    assert "12 passed, 0 failed, 1 for a person" in grown.gates()


@pytest.mark.deep
@pytest.mark.parametrize("nouns", ["sample", "more"])
def test_random_features_and_everyday_names_make_clean_pages(
    shop: Project, plain: Path, tmp_path: Path, nouns: str
) -> None:
    project = shop.copy(tmp_path / "shop")
    add_random_and_everyday(plain, project.folder, "web-mobile", nouns)
    for command in ("run format:check", "run typecheck", "run lint", "test"):
        run("npm", *command.split(), cwd=project.folder / "frontend", check=True, **project.variables)


# Signs in, opens the form of a list, and tells what it is called; in development React shows everything twice.
SIGN_IN = """
import { chromium } from "playwright-core";

const [executablePath, address, email, password, page, button] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-quic"] });
const tab = await browser.newPage();
tab.setDefaultTimeout(60_000);
await tab.goto(`${address}/sign-in`, { waitUntil: "networkidle" });
await tab.getByLabel("E-mail").fill(email);
await tab.getByLabel("Password").fill(password);
await tab.getByRole("button", { name: "Sign in" }).click();
await tab.getByRole("button", { name: "Sign out" }).waitFor();
await tab.goto(`${address}${page}`, { waitUntil: "networkidle" });
await tab.getByRole("button", { name: button }).click();
// Long enough for a dialog that closes itself.
await tab.waitForTimeout(1000);
const dialogs = await tab.getByRole("dialog").getByRole("heading").allInnerTexts();
console.log(JSON.stringify({ dialogs }));
await browser.close();
"""


def test_make_run_starts_and_stops_the_server_and_the_pages(shop: Project, browser: Browser, tmp_path: Path) -> None:
    api, pages = free_port(), free_port()
    variables = shop.variables | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/server.db",
        "AUTH_DATABASE_URL": f"sqlite:///{tmp_path}/auth.db",
        "API_PORT": str(api),
        "PORT": str(pages),
    }
    with serve("make", "run", cwd=shop.folder, port=api, log=tmp_path / "server.log", **variables):
        wait_for(pages)
        assert fetch(f"http://127.0.0.1:{api}/health/ready")[0] == 200
        assert "Sign in" in fetch(f"http://127.0.0.1:{pages}/sign-in")[1]
        # Also at other ports, the pages and the server know each other.
        origin = f"http://localhost:{pages}"
        who = {"name": "Ada", "email": "ada@example.com", "password": "correct horse battery"}
        code, _, headers = call("POST", f"{origin}/api/auth/sign-up/email", who, Origin=origin)
        assert code == 200
        session = headers["set-cookie"].partition(";")[0]
        assert call("GET", f"{origin}/api/tasks", Cookie=session)[0] == 200
        seen = browser.play(SIGN_IN, origin, who["email"], who["password"], "/tasks", "New task")
        assert seen == {"dialogs": ["New task"]}
    for port in (api, pages):
        with pytest.raises(RuntimeError, match="nobody listens"):
            wait_for(port, seconds=1)


def test_a_browser_signs_up_creates_edits_and_deletes(grown: Project) -> None:
    ports = {"API_PORT": str(free_port()), "WEB_PORT": str(free_port())}
    output = grown.make("e2e", check=True, **ports)
    assert re.search(r"^\s*\d+ passed", output, re.MULTILINE), output
    assert not re.search(r"^\s*\d+ (failed|flaky|skipped)", output, re.MULTILINE), output


@breaks(
    ("stateless", "frontend/src/app/layout.tsx", "export default", "export const kept = () => localStorage.length;\nexport default", "uses localStorage"),
    ("tech-stack", "frontend/package.json", '"next": "', '"next": "^15.0.0 || ', "package.json asks for next"),
)  # fmt: skip
def test_a_gate_fails_when_the_frontend_breaks_its_rule(shop: Project, tmp_path: Path, row: Break) -> None:
    shop.broken(tmp_path / "shop", row).fails(row.gate, row.message)
