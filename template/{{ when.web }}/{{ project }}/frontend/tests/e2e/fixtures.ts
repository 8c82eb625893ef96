// Spec: .specify/memory/constitution.md
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import Sqlite from "libsql";
import { show, toText, type Control } from "../../src/services/fields";

/** A field of a form, with what is entered first and what replaces it. */
export interface Entry {
  name: string;
  label: string;
  control: Control;
  labels?: Record<string, string>;
  first: unknown;
  second: unknown;
  /** What the field refers to: its feature, and the texts of the two that `refer` made. */
  target?: Feature;
  texts?: Record<"first" | "second", string>;
}

/** A feature, as a person meets it. */
export interface Feature {
  title: string;
  /** The button that opens the form for a new one. */
  create: string;
  path: string;
  /** What its API calls the version of a row. */
  version: string;
  /** Parameters of its list that refuse what is no value of theirs. */
  refused: string[];
  entries: Entry[];
}

type State = Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;

const SCHEMES = ["light", "dark"] as const;
const SIZES = [
  { width: 390, height: 844 },
  { width: 1280, height: 900 },
];

export const PASSWORD = "correct horse battery";

// The folder of this run, as the configuration made it: the databases and the mails are in it.
const FOLDER = process.env.E2E_FOLDER ?? "";

/** Run SQL on a database of this run, and return its rows: what no page shows, and no person could wait for. */
export function query(database: "auth" | "server", sql: string, ...values: unknown[]): unknown[] {
  const connection = new Sqlite(join(FOLDER, `${database}.db`), { timeout: 5000 });
  try {
    return connection.prepare(sql).all(...values);
  } finally {
    connection.close();
  }
}

/** Forget how many requests came from here: tests are faster than people. */
export function forgetAttempts(): void {
  query("auth", "DELETE FROM rateLimit RETURNING id");
}

/** The links in the mails to an address about something, the oldest first. */
export function links(email: string, subject: string): string[] {
  const folder = join(FOLDER, "mails");
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .filter((mail) => mail.includes(`To: ${email}\r\n`) && mail.includes(`Subject: ${subject}`))
    .map((mail) => mail.replaceAll("=\r\n", "").replaceAll("=3D", "="))
    .map((mail) => /http\S+/.exec(mail)?.[0] ?? "");
}

/** Wait for a mail, which comes after the answer, and return its link. */
export async function link(email: string, subject: string, number = 1): Promise<string> {
  await expect.poll(() => links(email, subject).length).toBe(number);
  return links(email, subject)[number - 1] ?? "";
}

/** Make an account as a person does. */
export async function signUp(page: Page, email: string): Promise<void> {
  forgetAttempts();
  await page.goto("/sign-up");
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create an account" }).click();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
}

/** Sign in as a person does, from wherever the sign-in page is shown. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  forgetAttempts();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** The control of a form that has a label. */
export function labelled(form: Locator, label: string): Locator {
  return form
    .getByLabel(label, { exact: true })
    .or(form.getByLabel(`${label} optional`, { exact: true }));
}

/** What the open picker of a form offers. */
export function offered(form: Locator): Locator {
  return form.getByRole("listbox", { name: "Choices" }).getByRole("option");
}

/** What a form shows as chosen for a field that has many. */
export function chips(form: Locator, label: string): Locator {
  return form.getByRole("list", { name: `${label}, chosen`, exact: true }).getByRole("listitem");
}

/** The row that shows what was entered. */
export function row(
  page: Page | Locator,
  { entries }: Feature,
  which: "first" | "second",
): Locator {
  const entry = entries.find(({ control }) => control !== "references") as Entry;
  return page
    .getByRole("table")
    .getByRole("row")
    .filter({ hasText: entry.texts?.[which] ?? show(entry, entry[which]) });
}

/** Open the page of what was entered, by the first column of its list. */
export async function openRecord(
  page: Page,
  feature: Feature,
  which: "first" | "second",
  list: Page | Locator = page,
) {
  const link = row(list, feature, which).getByRole("rowheader").getByRole("link");
  const name = await link.innerText();
  await link.click();
  await expect(page).toHaveURL(new RegExp(`${feature.path}/[0-9a-f-]{36}$`));
  await expect(page.getByRole("heading", { level: 1, name, exact: true })).toBeVisible();
}

/** What the page of a record shows for a field. */
export function shown(page: Page, label: string): Locator {
  const field = page.locator("dl > div").filter({ has: page.getByText(label, { exact: true }) });
  return field.getByRole("definition");
}

/** Read pages of one row: the server has too few rows for others. */
export async function onePerPage(page: Page, { path }: Feature): Promise<void> {
  const isList = (url: URL) => url.pathname === `/api${path}` && url.search !== "";
  await page.route(isList, async (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set("limit", "1");
    await route.continue({ url: url.href });
  });
}

export function button(within: Locator, name: RegExp): Locator {
  return within.getByRole("button", { name });
}

/** Make what the entries of a feature refer to, and have them refer to it. */
export async function refer(page: Page, feature: Feature, origin = ""): Promise<void> {
  for (const entry of feature.entries) {
    const { target } = entry;
    if (!target) continue;
    await refer(page, target, origin);
    const address = `/api${target.path}`;
    const made = async () => (await (await page.request.get(address)).json()).items;
    // What one entry has made, another one of the same kind finds.
    const missing = (await made()).length === 0 ? (["first", "second"] as const) : [];
    for (const which of missing) {
      const data = Object.fromEntries(target.entries.map((one) => [one.name, one[which]]));
      await page.request.post(address, { data, headers: { origin } });
    }
    // The newest come first.
    const [second, first] = await made();
    const many = entry.control === "references";
    entry.first = many ? [first.id] : first.id;
    entry.second = many ? [second.id] : second.id;
    const choices = await (await page.request.get(`/api/choices${target.path}`)).json();
    const texts = new Map<string, string>(
      choices.map(({ id, text }: { id: string; text: string }) => [id, text]),
    );
    entry.texts = { first: texts.get(first.id) ?? "", second: texts.get(second.id) ?? "" };
  }
}

/** What a field refers to, as `refer` has made it. */
export function reference({ entries }: Feature, name: string) {
  const entry = entries.find((one) => one.name === name);
  if (!entry?.target || !entry.texts) throw new Error(`${name} refers to nothing`);
  const { label, target, texts, first, second } = entry;
  const [id, other] = [first, second].flat().map(String);
  return { label, id, ids: { first: id, second: other }, target, texts };
}

/** Delete what the list has, and what that referred to. */
export async function clear(page: Page, feature: Feature, baseURL = ""): Promise<void> {
  const { items } = await (await page.request.get(`/api${feature.path}`)).json();
  for (const { id, [feature.version]: version } of items) {
    const headers = { "if-match": `"${version}"`, origin: baseURL };
    const answer = await page.request.delete(`/api${feature.path}/${id}`, { headers });
    expect(answer.status()).toBe(204);
  }
  for (const { target } of feature.entries) if (target) await clear(page, target, baseURL);
}

/** Enter one value into every control of a form, as a person does. */
export async function fill(form: Locator, entries: Entry[], which: "first" | "second") {
  for (const { label, control, texts, [which]: value } of entries) {
    const input = labelled(form, label);
    const text = texts?.[which] ?? toText({ control }, value);
    if (texts) {
      const chosen = chips(form, label);
      while (await chosen.count()) await chosen.first().getByRole("button").click();
      await input.fill(text);
      await offered(form).getByText(text, { exact: true }).click();
    } else if ((await input.getAttribute("type")) === "checkbox")
      await input.setChecked(text === "true");
    else if (["select", "checkbox"].includes(control)) await input.selectOption(text);
    else await input.fill(text);
  }
}

/** Every control of a form holds what was entered. */
export async function expectFilled(form: Locator, entries: Entry[], which: "first" | "second") {
  for (const { label, control, texts, [which]: value } of entries) {
    const input = labelled(form, label);
    const text = texts?.[which] ?? toText({ control }, value);
    if ((await input.getAttribute("type")) === "checkbox") {
      await expect(input).toBeChecked({ checked: text === "true" });
    } else if (control === "references") {
      await expect(chips(form, label)).toContainText([text]);
    } else {
      // Browsers leave seconds that are none out of a date with a time, not out of a time alone.
      await expect(input).toHaveValue(control === "datetime" ? text.replace(/:00$/, "") : text);
    }
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
