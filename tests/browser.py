"""A browser for the tests: Debian's Chromium, driven by playwright-core as a person would."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Opens a page, fills its fields by their labels, presses a button, and tells what the page says then.
FORM = """
import { chromium } from "playwright-core";

const [executablePath, address, fields, button, picture] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-quic"] });
const page = await browser.newPage({ viewport: { width: 390, height: 700 } });
page.setDefaultTimeout(30_000);
// A link in a mail may find the page open: what changes then is behind the "#" alone.
await page.goto(address.split("#")[0]);
await page.goto(address);
for (const [label, text] of Object.entries(JSON.parse(fields))) await page.getByLabel(label, { exact: true }).fill(text);
if (picture) await page.screenshot({ path: picture });
await page.getByRole("button", { name: button }).click();
const said = page.locator("[role=status]:not(:empty), [role=alert]:not(:empty)").first();
await said.waitFor();
console.log(JSON.stringify({ said: await said.innerText(), address: page.url() }));
await browser.close();
"""


@dataclass
class Browser:
    """Chromium, and a folder with what drives it."""

    folder: Path

    @classmethod
    def install(cls, folder: Path) -> "Browser":
        """Bring what drives it."""
        command = ["npm", "install", "--no-fund", "--no-audit", "playwright-core@^1.65.1"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return cls(folder)

    def play(self, script: str, *arguments: str) -> dict[str, Any]:
        """Run a script, which gets Chromium's path before its arguments, and return the JSON that it prints at last."""
        chromium = shutil.which("chromium")
        assert chromium, "the tests need Chromium: apt-get install chromium"
        (self.folder / "script.mjs").write_text(script, "utf-8")
        command = ["node", "script.mjs", chromium, *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert not done.returncode, done.stderr
        printed: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return printed

    def submit(self, address: str, button: str, **fields: str) -> str:
        """Fill a form and press its button; return what the page says, whose address keeps nothing that is secret."""
        seen = self.play(FORM, address, json.dumps(fields), button)
        assert seen["address"] == address.partition("#")[0]
        said: str = seen["said"]
        return said
