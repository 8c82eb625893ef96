// Spec: .specify/memory/constitution.md
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { toText, type Control } from "../../src/services/fields";

/** A field of a form, with what is entered first and what replaces it. */
export interface Entry {
  name: string;
  label: string;
  control: Control;
  first: unknown;
  second: unknown;
}

type State = Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;

const SCHEMES = ["light", "dark"] as const;
const SIZES = [
  { width: 390, height: 844 },
  { width: 1280, height: 900 },
];

export const PASSWORD = "correct horse battery";

/** Make an account as a person does. */
export async function signUp(page: Page, email: string): Promise<void> {
  await page.goto("/sign-up");
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create an account" }).click();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
}

/** Enter one value into every control of a form, as a person does. */
export async function fill(form: Locator, entries: Entry[], which: "first" | "second") {
  for (const { label, control, [which]: value } of entries) {
    const input = form
      .getByLabel(label, { exact: true })
      .or(form.getByLabel(`${label} optional`, { exact: true }));
    const text = toText({ control }, value);
    if ((await input.getAttribute("type")) === "checkbox") await input.setChecked(text === "true");
    else if (["select", "checkbox"].includes(control)) await input.selectOption(text);
    else await input.fill(text);
  }
}

/** axe finds nothing on this page, in light and dark, with little room and with much. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of SCHEMES) {
    for (const size of SIZES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize(size);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      expect(found, `${colorScheme}, ${size.width} wide`).toEqual([]);
    }
  }
}

/** Pages of somebody who is signed in. After every test nothing may be left in the browser's storages. */
export const test = base.extend<{ member: Page }, { account: State }>({
  account: [
    async ({ browser }, provide, { workerIndex }) => {
      const context = await browser.newContext();
      await signUp(await context.newPage(), `member-${workerIndex}-${Date.now()}@example.com`);
      const state = await context.storageState();
      await context.close();
      await provide(state);
    },
    { scope: "worker" },
  ],
  member: async ({ browser, account }, provide) => {
    const context = await browser.newContext({ storageState: account });
    const page = await context.newPage();
    await provide(page);
    if (page.url() === "about:blank") return context.close();
    const kept = await page.evaluate(() => ({ ...localStorage, ...sessionStorage }));
    expect(kept, "localStorage and sessionStorage").toEqual({});
    await context.close();
  },
});

export { expect };
