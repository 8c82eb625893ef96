// Spec: .specify/memory/constitution.md
/** What the lists, forms and pages of all features have in common, told with the first of them. */
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Locator, Page, Route } from "@playwright/test";
import {
  button,
  clear,
  expect,
  expectAccessible,
  expectFilled,
  fill,
  forgetAttempts,
  onePerPage,
  openRecord,
  PASSWORD,
  refer,
  row,
  shown,
  signUp,
  test,
  type Feature,
} from "./fixtures";

const FEATURES = fileURLToPath(new URL("features/", import.meta.url));

/** Let the server do what it is asked for, and lose its answer. */
async function lose(route: Route): Promise<void> {
  await route.fetch();
  await route.abort();
}

function stories(feature: Feature): void {
  const { entries } = feature;
  const ADDRESS = `/api${feature.path}`;
  /** The requests for pages of the list, and those for one of it. */
  const LIST = (url: URL) => url.pathname === ADDRESS && url.search !== "";
  const ONE = (url: URL) => url.pathname.startsWith(`${ADDRESS}/`);

  async function make(page: Page, which: "first" | "second", origin = ""): Promise<void> {
    const data = Object.fromEntries(entries.map((entry) => [entry.name, entry[which]]));
    const answer = await page.request.post(ADDRESS, { data, headers: { origin } });
    expect(answer.status()).toBe(201);
  }

  async function stored(page: Page): Promise<number> {
    return (await (await page.request.get(ADDRESS)).json()).items.length;
  }

  async function open(page: Page): Promise<Locator> {
    await page.getByRole("button", { name: feature.create }).click();
    return page.getByRole("dialog");
  }

  test.beforeEach(async ({ member, baseURL }) => {
    await refer(member, feature, baseURL);
    await make(member, "first", baseURL);
    await member.goto("/");
    const links = member.getByRole("navigation");
    await links.getByRole("link", { name: feature.title, exact: true }).click();
    await expect(row(member, feature, "first")).toBeVisible();
  });

  test.afterEach(({ member, baseURL }) => clear(member, feature, baseURL));

  test("its list comes in pages, and the address says which", async ({ member, baseURL }) => {
    await make(member, "second", baseURL);
    await onePerPage(member, feature);
    await member.goto(feature.path);
    await expect(row(member, feature, "second")).toBeVisible();
    await expect(row(member, feature, "first")).toBeHidden();
    const pages = member.getByRole("navigation", { name: /^Pages of/ });
    await expect(button(pages, /^Previous/)).toBeDisabled();
    await button(pages, /^Count/).click();
    await expect(pages.getByText("2 in all")).toBeVisible();

    await button(pages, /^Next/).click();
    await expect(row(member, feature, "first")).toBeVisible();
    await expect(button(pages, /^Next/)).toBeDisabled();
    await member.reload();
    await expect(row(member, feature, "first")).toBeVisible();
    await member.goBack();
    await expect(row(member, feature, "second")).toBeVisible();
    await member.goForward();
    await expect(row(member, feature, "first")).toBeVisible();
    await button(pages, /^Previous/).click();
    await expect(row(member, feature, "second")).toBeVisible();
    await button(pages, /^Next/).click();
    await button(pages, /^First page/).click();
    await expect(member).toHaveURL(feature.path);
    await expect(row(member, feature, "second")).toBeVisible();

    await button(pages, /^Next/).click();
    await expect(row(member, feature, "first")).toBeVisible();
    await member.getByLabel("Sort by").selectOption("-created_at");
    await member.getByLabel("Sort by").selectOption("created_at");
    await expect(member).toHaveURL(`${feature.path}?sort=created_at`);
    await expect(row(member, feature, "first")).toBeVisible();
  });

  test("the page before follows when the last row of the last is deleted", async ({
    member,
    baseURL,
  }) => {
    await make(member, "second", baseURL);
    await onePerPage(member, feature);
    await member.goto(feature.path);
    await member.getByRole("button", { name: "Next" }).click();
    await button(row(member, feature, "first"), /^Delete/).click();
    await member.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect(row(member, feature, "second")).toBeVisible();
    await expect(row(member, feature, "first")).toBeHidden();
  });

  test("each has a page, from where it is edited and deleted", async ({ member }) => {
    await openRecord(member, feature, "first");
    const navigation = member.getByRole("navigation", { name: "Features" });
    await expect(
      navigation.getByRole("link", { name: feature.title, exact: true }),
    ).toHaveAttribute("aria-current", "true");
    const name = await member.getByRole("heading", { level: 1 }).innerText();
    await expect.poll(() => member.title()).toContain(`${name} · `);
    for (const { label, control, texts, first } of entries) {
      await expect(shown(member, label)).toBeVisible();
      const text = texts?.first ?? (control === "text" ? String(first) : "");
      await expect(shown(member, label)).toContainText(text);
    }
    await expectAccessible(member);

    await member
      .getByRole("main")
      .getByRole("button", { name: "Edit", exact: true })
      .first()
      .click();
    const form = member.getByRole("dialog");
    await fill(form, entries, "second");
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form).toBeHidden();
    await expect(member.getByText("is saved.")).toBeVisible();
    for (const reload of [false, true]) {
      if (reload) await member.reload();
      for (const { label, control, texts, second } of entries) {
        const text = texts?.second ?? (control === "text" ? String(second) : "");
        await expect(shown(member, label)).toContainText(text);
      }
    }

    const main = member.getByRole("main");
    await main.getByRole("link", { name: feature.title, exact: true }).click();
    await expect(member).toHaveURL(feature.path);
    await openRecord(member, feature, "second");
    await member
      .getByRole("main")
      .getByRole("button", { name: "Delete", exact: true })
      .first()
      .click();
    await form.getByRole("button", { name: "Delete" }).click();
    await expect(member).toHaveURL(feature.path);
    await expect(member.getByText("Nothing here yet")).toBeVisible();
    expect(await stored(member)).toBe(0);
  });

  test("what is not there or somebody else's has no page", async ({ member, page }) => {
    await openRecord(member, feature, "first");
    const address = member.url();
    await signUp(page, `other-${Date.now()}@example.com`);
    for (const nowhere of [
      address,
      address.replace(/[^/]+$/, crypto.randomUUID()),
      `${address}-`,
    ]) {
      await page.goto(nowhere);
      await expect(page.getByRole("heading", { name: "Nothing is here" })).toBeVisible();
      await expect(page.getByRole("definition")).toHaveCount(0);
    }
    await expectAccessible(page);
    await page.getByRole("link", { name: feature.title, exact: true }).click();
    await expect(page.getByText("Nothing here yet")).toBeVisible();
  });

  test("its page says why it cannot be read, and what changed meanwhile", async ({
    member,
    baseURL,
  }) => {
    await member.route(ONE, (route) => route.fulfill({ status: 503, body: "" }));
    await row(member, feature, "first").getByRole("rowheader").getByRole("link").click();
    const alert = member.getByRole("main").getByRole("alert");
    await expect(alert).toContainText("could not be read");
    await expect(alert).toContainText("The server has a fault (503).");
    await member.unroute(ONE);
    await button(alert, /^Try again/).click();
    await expect(alert).toBeHidden();
    const erase = member.getByRole("main").getByRole("button", { name: "Delete", exact: true });
    await erase.first().click();

    const { items } = await (await member.request.get(ADDRESS)).json();
    const { id, [feature.version]: version } = items[0];
    const data = Object.fromEntries(entries.map(({ name, second }) => [name, second]));
    const headers = { "if-match": `"${version}"`, origin: baseURL ?? "" };
    await member.request.put(`${ADDRESS}/${id}`, { data, headers });
    const dialog = member.getByRole("dialog");
    await dialog.getByRole("button", { name: "Delete" }).click();
    await expect(dialog).toBeHidden();
    await expect(alert).toContainText("It was changed since this page was read");
    for (const { label, control, texts, second } of entries) {
      const text = texts?.second ?? (control === "text" ? String(second) : "");
      await expect(shown(member, label)).toContainText(text);
    }
    expect(await stored(member)).toBe(1);
  });

  test("its list is read without what the server refuses", async ({ member }) => {
    const alert = member.getByRole("main").getByRole("alert");
    await member.goto(`${feature.path}?cursor=nonsense`);
    await expect(row(member, feature, "first")).toBeVisible();
    await expect(member.getByText("this is the first one")).toBeVisible();

    for (const name of feature.refused) {
      await member.goto(`${feature.path}?${name}=%00`);
      await expect(row(member, feature, "first")).toBeVisible();
      await button(alert, /^Clear/).click();
      await expect(alert).toBeHidden();
      await expect(member).toHaveURL(feature.path);
    }
  });

  test("is saved once, also if the list cannot be read afterwards", async ({ member }) => {
    const form = await open(member);
    await fill(form, entries, "second");
    await member.route(LIST, (route) => route.abort());
    await form.getByRole("button", { name: "Create" }).click();
    await expect(form).toBeHidden();
    await expect(member.getByText("is saved.")).toBeVisible();
    const alert = member.getByRole("alert").filter({ hasText: "could not be read" });
    await expect(alert).toContainText("cannot be reached");
    expect(await stored(member)).toBe(2);

    await member.unroute(LIST);
    await button(alert, /^Try again/).click();
    await expect(row(member, feature, "second")).toBeVisible();
    await expect(alert).toBeHidden();
  });

  test("is saved once, also if the answer is lost", async ({ member }) => {
    const form = await open(member);
    await fill(form, entries, "second");
    await member.route((url) => url.pathname === ADDRESS && !url.search, lose);
    await form.getByRole("button", { name: "Create" }).click();
    await expect(form.getByRole("alert")).toContainText("Perhaps not saved");
    await expectFilled(form, entries, "second");
    await form.getByRole("button", { name: "Look in the list" }).click();
    await expect(row(member, feature, "second")).toBeVisible();
    await member.unrouteAll();

    await button(row(member, feature, "first"), /^Delete/).click();
    await member.route(ONE, lose);
    await form.getByRole("button", { name: "Delete" }).click();
    await expect(form.getByRole("alert")).toContainText("Perhaps not deleted");
    await member.unrouteAll();
    await form.getByRole("button", { name: "Delete" }).click();
    await expect(form).toBeHidden();
    await expect(row(member, feature, "first")).toBeHidden();

    await button(row(member, feature, "second"), /^Edit/).click();
    await fill(form, entries, "first");
    await member.route(ONE, (route) =>
      route.request().method() === "PUT" ? lose(route) : route.continue(),
    );
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form.getByRole("alert")).toContainText("Perhaps not saved");
    await member.unrouteAll();
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form).toBeHidden();
    await expect(row(member, feature, "first")).toBeVisible();
    const { items } = await (await member.request.get(ADDRESS)).json();
    expect(items).toMatchObject([{ [feature.version]: 2 }]);
  });

  test("is not waited for longer than a person wants, or than it makes sense", async ({
    member,
  }) => {
    await button(row(member, feature, "first"), /^Edit/).click();
    const form = member.getByRole("dialog");
    await fill(form, entries, "second");
    await member.route(ONE, () => {});
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByRole("button", { name: "Stop waiting" }).click();
    await expect(form.getByRole("alert")).toContainText("You did not wait");

    await member.clock.install();
    await form.getByRole("button", { name: "Save" }).click();
    await member.clock.fastForward(5_000);
    await expect(form.getByText("The server is slow to answer.")).toBeVisible();
    await member.clock.fastForward(20_000);
    await expect(form.getByRole("alert")).toContainText("did not answer in time");
    await expectFilled(form, entries, "second");

    await member.unrouteAll();
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form).toBeHidden();
    await expect(row(member, feature, "second")).toBeVisible();
  });

  test("a form that fails late takes no other one's place", async ({ member }) => {
    const held: Route[] = [];
    await member.route(ONE, (route) => void held.push(route));
    await button(row(member, feature, "first"), /^Edit/).click();
    const form = member.getByRole("dialog");
    await form.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => held.length).toBe(1);
    for (const name of ["Stop waiting", "Cancel"]) {
      const leave = form.getByRole("button", { name });
      if (await leave.isVisible()) await leave.click();
    }
    await expect(form).toBeHidden();
    await open(member);
    await fill(form, entries, "second");
    await held[0]?.fulfill({ status: 503 }).catch(() => {});
    await member.waitForTimeout(500);
    await expectFilled(form, entries, "second");
    await expect(form.getByRole("alert")).toBeHidden();
  });

  test("what is typed outlives Esc and Back, until it is cancelled", async ({ member }) => {
    const form = await open(member);
    await fill(form, entries, "second");
    await member.keyboard.press("Escape");
    await expect(form).toBeHidden();
    await open(member);
    await expectFilled(form, entries, "second");
    await expect(form).toContainText("This is what you typed before.");

    await member.goBack();
    await expect(form).toBeHidden();
    await member
      .getByRole("navigation")
      .getByRole("link", { name: feature.title, exact: true })
      .click();
    await open(member);
    await expectFilled(form, entries, "second");
    await form.getByRole("button", { name: "Cancel" }).click();
    await open(member);
    await expect(form).not.toContainText("This is what you typed before.");
  });

  test("what is typed outlives the session", async ({ member }) => {
    const form = await open(member);
    await fill(form, entries, "second");
    await member.context().clearCookies();
    await form.getByRole("button", { name: "Create" }).click();
    const asked = member.getByRole("dialog", { name: "You are signed out" });
    await expect(asked).toBeVisible();
    await expectAccessible(member);
    await asked.getByLabel("Password").fill(PASSWORD);
    forgetAttempts();
    await asked.getByRole("button", { name: "Sign in" }).click();
    await expect(asked).toBeHidden();
    await expectFilled(form, entries, "second");
    await form.getByRole("button", { name: "Create" }).click();
    await expect(row(member, feature, "second")).toBeVisible();
  });

  test("it is said what happened, and when to try again", async ({ member }) => {
    const form = await open(member);
    await fill(form, entries, "second");
    for (const [status, headers, said] of [
      [429, { "retry-after": "30" }, "Too many requests came at once. Try again in 30 seconds."],
      [503, {}, "The server has a fault (503). Try again in a moment."],
      [500, {}, "The server has a fault (500)."],
    ] as const) {
      const answer = (route: Route) => route.fulfill({ status, headers, body: "<html>" });
      await member.route(`**${ADDRESS}`, answer);
      await form.getByRole("button", { name: "Create" }).click();
      await expect(form.getByRole("alert")).toContainText(said);
      await expectFilled(form, entries, "second");
      await member.unroute(`**${ADDRESS}`, answer);
    }
    await form.getByRole("button", { name: "Create" }).click();
    await expect(row(member, feature, "second")).toBeVisible();

    await member.route(LIST, (route) =>
      route.fulfill({ status: 429, headers: { "retry-after": "90" }, body: "" }),
    );
    await member.getByLabel("Sort by").selectOption("created_at");
    const alert = member.getByRole("alert").filter({ hasText: "could not be read" });
    await expect(alert).toContainText("Try again in 90 seconds.");
    await expect(row(member, feature, "first")).toBeVisible();
  });
}

const [first] = existsSync(FEATURES) ? readdirSync(FEATURES).sort() : [];
if (first) stories(((await import(`./features/${first}`)) as { feature: Feature }).feature);
