"""A Next.js application on a FastAPI server that was there before: both take features in, and stay what they were."""

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import Browser
from conftest import commit_all, copy_into, run, status
from servers import call, fetch, free_port, serve
from test_adopting import FEATURE, ONE_FILE, Adopted, new, only_new, repository

SECTION = "Features in a web application on an API"
TSCONFIG = {
    "compilerOptions": {
        "target": "ES2017",
        "lib": ["dom", "dom.iterable", "esnext"],
        "allowJs": True,
        "skipLibCheck": True,
        "strict": True,
        "noEmit": True,
        "esModuleInterop": True,
        "module": "esnext",
        "moduleResolution": "bundler",
        "resolveJsonModule": True,
        "isolatedModules": True,
        "jsx": "react-jsx",
        "incremental": True,
        "plugins": [{"name": "next"}],
        "paths": {"@/*": ["./src/*"]},
    },
    "include": ["next-env.d.ts", "**/*.ts", "**/*.tsx", ".next/types/**/*.ts", ".next/dev/types/**/*.ts"],
    "exclude": ["node_modules"],
}
PACKAGES = {
    "name": "shop",
    "private": True,
    "scripts": {
        "dev": "next dev",
        "build": "next build",
        "start": "next start",
        "test": "vitest run",
        "typecheck": "next typegen && tsc --noEmit",
    },
    "dependencies": {"next": "16.4.5", "react": "^19.3.1", "react-dom": "^19.3.1"},
    "devDependencies": {
        "@types/node": "^20.19.0",
        "@types/react": "^19.3.0",
        "@types/react-dom": "^19.2.0",
        "typescript": "~5.9.3",
        "vitest": "^4.0.0",
    },
}
# An application such as create-next-app makes, with a page and a test of its own.
REPOSITORY = {
    "backend/main.py": ONE_FILE,
    "backend/requirements.txt": "fastapi\nuvicorn\n",
    "backend/test_main.py": "from fastapi.testclient import TestClient\n\nfrom main import app\n\n\n"
    'def test_hello() -> None:\n    assert TestClient(app).get("/hello").json() == {"hello": "world"}\n',
    "backend/tests/__init__.py": "# mine\n",
    "backend/tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef answer() -> int:\n    return 42\n",
    "backend/tests/test_answer.py": "def test_answer(answer: int) -> None:\n    assert answer == 42\n",
    "frontend/package.json": json.dumps(PACKAGES, indent=2),
    "frontend/tsconfig.json": json.dumps(TSCONFIG, indent=2),
    "frontend/src/app/globals.css": "h1 { color: rgb(1, 2, 3); }\nbody { margin: 7px; }\n",
    "frontend/src/app/layout.tsx": 'import "./globals.css";\n\n'
    "export default function Layout({ children }: { children: React.ReactNode }) {\n"
    '  return (\n    <html lang="en">\n      <body>{children}</body>\n    </html>\n  );\n}\n',
    "frontend/src/app/page.tsx": 'import Link from "next/link";\nimport { greeting } from "@/greeting";\n\n'
    "export default function Home() {\n"
    '  return (\n    <>\n      <h1>{greeting("you")}</h1>\n      <Link href="/about">About</Link>\n    </>\n  );\n}\n',
    "frontend/src/app/about/page.tsx": "export default function About() {\n  return <h1>About us</h1>;\n}\n",
    "frontend/src/app/api/time/route.ts": "export function GET() {\n  return Response.json({ time: 1 });\n}\n",
    "frontend/src/greeting.ts": "export function greeting(name: string): string {\n  return `Hello ${name}`;\n}\n",
    "frontend/src/greeting.test.ts": 'import { expect, test } from "vitest";\nimport { greeting } from "./greeting";\n\n'
    'test("greets", () => {\n  expect(greeting("Ada")).toBe("Hello Ada");\n});\n',
    ".gitignore": "__pycache__/\n.pytest_cache/\n.env\n*.db\nnode_modules/\n.next/\nnext-env.d.ts\n*.tsbuildinfo\n",
}
# What a person does: sees the application's own page, makes an account, and then something of the feature's.
STORY = """
import { chromium } from "playwright-core";

const [executablePath, web, path, one] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-quic"] });
const page = await browser.newPage();
const look = () =>
  page.evaluate(() => [
    getComputedStyle(document.body).margin,
    getComputedStyle(document.querySelector("h1")).color,
  ].join());
page.setDefaultTimeout(30_000);
await page.goto(`${web}/${path}`);
await page.waitForURL(`${web}/sign-in`);
await page.getByRole("link", { name: "Create one" }).click();
await page.getByLabel("Name").fill("Ada Lovelace");
await page.getByLabel("E-mail").fill(`${path}@example.com`);
await page.getByLabel("Password").fill("correct horse battery");
await page.getByRole("button", { name: "Create an account" }).click();
await page.getByRole("heading", { name: "Hello you" }).waitFor();
const before = await look();
await page.goto(`${web}/${path}`);
await page.getByText("Nothing here yet").waitFor();
await page.getByRole("button", { name: `New ${one}` }).click();
const form = page.getByRole("dialog");
await form.getByRole("textbox").first().fill("The first");
await form.getByRole("button", { name: "Create" }).click();
await page.getByRole("button", { name: "Edit The first" }).waitFor();
const background = await page
  .getByRole("button", { name: `New ${one}` })
  .evaluate((button) => getComputedStyle(button).backgroundColor);
await page.reload();
await page.getByRole("button", { name: "Edit The first" }).waitFor();
// Without loading anew: the feature's style sheet stays in the document.
await page.getByRole("banner").getByRole("link").filter({ hasNotText: "Skip" }).first().click();
await page.getByRole("heading", { name: "Hello you" }).waitFor();
console.log(JSON.stringify({ same: before === (await look()), before, background }));
await browser.close();
"""


# Built pages are production, which does not take the secret of the document; the keys that are stored need the same one again.
SECRET = secrets.token_hex(32)


class Web(Adopted):
    """The project with both its halves."""

    def npm(self, *command: str) -> str:
        """Run npm in the frontend."""
        return run("npm", *command, cwd=self.folder / "frontend", NEXT_TELEMETRY_DISABLED="1", NO_COLOR="1").stdout

    def add_packages(self) -> None:
        """Type what the document says for the pages."""
        (script,) = re.findall(r"^```sh\n(cd frontend\n.*?)^```", self.text, re.MULTILINE | re.DOTALL)
        run("sh", "-euc", script, cwd=self.folder)

    @contextmanager
    def both(self) -> Iterator[tuple[str, str]]:
        """Serve the built pages and the API, and hand out their addresses."""
        api, web = free_port(), free_port()
        pages, server = f"http://localhost:{web}", f"http://127.0.0.1:{api}"
        for file in self.folder.glob("*/.env"):
            text = re.sub(r"http://localhost:\d+", pages, file.read_text("utf-8"))
            file.write_text(re.sub(r"http://127.0.0.1:\d+", server, text), "utf-8")
        log = self.folder.parent
        uvicorn = [str(self.python), "-m", "uvicorn", "main:app", "--port", str(api)]
        start = ["npm", "start", "--", "--port", str(web)]
        with (
            serve(*uvicorn, cwd=self.server, port=api, log=log / "api.log"),
            serve(*start, cwd=self.folder / "frontend", port=web, log=log / "web.log", BETTER_AUTH_SECRET=SECRET),
        ):
            yield pages, server


@pytest.mark.generated
@pytest.mark.deep
def test_a_web_application_serves_a_feature_beside_its_own(template: Path, tmp_path: Path, browser: Browser) -> None:
    folder = repository(tmp_path / "old", REPOSITORY)
    project = Web(folder, SECTION, "3.13", "backend")
    project.npm("install", "--no-fund", "--no-audit")
    commit_all(folder)
    own = ("-m", "pytest", "-q", "test_main.py", "tests/test_answer.py")
    assert "2 passed" in project.run(*own)
    assert "1 passed" in project.npm("test")
    with only_new(folder):
        copy_into(
            template, folder, **FEATURE, slice=True, fields="title:str(80)\nsalary:decimal(10,2)?\nopen:bool=true"
        )
    assert new(folder) == {".copier-answers.yml", ".specify", "specs", "backend", "frontend", "load"}
    assert "2 passed" in project.run(*own), "nothing is different yet"
    assert "1 passed" in project.npm("test", "--", "src")
    commit_all(folder)

    assert project.add_lines() == {
        ".gitignore",
        "backend/.env",
        "backend/main.py",
        "backend/pyproject.toml",
        "frontend/.env",
        "frontend/src/instrumentation.ts",
        "frontend/vitest.config.ts",
    }
    project.add_packages()
    project.run("-m", "alembic", "upgrade", "head")
    assert "No new upgrade operations detected" in project.run("-m", "alembic", "check")
    output = project.run("-m", "pytest", "-q")
    assert int(re.findall(r"^(\d+) passed", output, re.MULTILINE)[-1]) > 32, output
    project.npm("run", "generate")
    assert re.search(r"Test Files\s+2 passed", project.npm("test"))
    project.npm("run", "typecheck")
    project.npm("run", "build")
    with project.both() as (pages, server):
        assert json.loads(fetch(f"{server}/hello")[1]) == {"hello": "world"}
        assert fetch(f"{server}/api/job-offers")[0] == 401
        token = project.run("-m", "src.development").strip()
        code, page, _ = call("GET", f"{server}/api/job-offers", token=token)
        assert (code, page["items"]) == (200, [])
        assert "Hello you" in fetch(pages)[1]
        assert json.loads(fetch(f"{pages}/api/time")[1]) == {"time": 1}
        seen = browser.play(STORY, pages, "job-offers", "job offer")
    assert (seen["same"], seen["before"]) == (True, "7px,rgb(1, 2, 3)"), "the application's pages look as they did"
    assert seen["background"] == "rgb(31, 95, 191)", "the feature's pages have their style"
    made = {"development-key.json", "app.db", "auth.db", "generated"}
    assert not [line for line in status(folder) if made & set(line.split("/"))], "git keeps nothing that commands make"
    commit_all(folder)

    with only_new(folder):
        copy_into(template, folder, feature_title="Exports")
    project.run("-m", "alembic", "upgrade", "head")
    assert " passed" in project.run("-m", "pytest", "-q")
    project.npm("run", "generate")
    assert re.search(r"Test Files\s+3 passed", project.npm("test"))
    project.npm("run", "build")
    with project.both() as (pages, server):
        assert fetch(f"{server}/api/exports")[0] == 401
        browser.play(STORY, pages, "exports", "export")
