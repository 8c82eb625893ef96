// Spec: .specify/memory/constitution.md
import { spawnSync } from "node:child_process";
import type { Browser, Page } from "@playwright/test";
import {
  expect,
  expectAccessible,
  forgetAttempts,
  link,
  links,
  PASSWORD,
  query,
  signIn,
  signUp,
  test,
} from "./fixtures";

const COMPLETE = {
  BETTER_AUTH_SECRET: "0123456789abcdef".repeat(4),
  BETTER_AUTH_URL: "http://localhost:3000",
  AUTH_DATABASE_URL: "sqlite:///:memory:",
  AUTH_AUDIENCE: "http://localhost:3000/api",
  API_URL: "http://127.0.0.1:8000",
  EMAIL_URL: "console:",
  EMAIL_FROM: "shop@example.com",
};
const NEW_PASSWORD = "a better horse battery";
const CONFIRM = "Confirm your e-mail address";
const CHOOSE = "Choose a new password";

/** A window of its own, in which nobody is signed in. */
async function guest(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage();
}

/** Somebody with an account whose address is confirmed. */
async function confirmed(page: Page, name: string): Promise<string> {
  const email = `${name}-${Date.now()}@example.com`;
  await signUp(page, email);
  await page.goto(await link(email, CONFIRM));
  await expect(page.getByRole("heading", { name: "The address is confirmed" })).toBeVisible();
  return email;
}

/** The form on a page that has several of them. */
function form(page: Page, name: string) {
  return page.getByRole("form", { name });
}

/** Ask for the link to a new password. */
async function forget(page: Page, email: string): Promise<void> {
  forgetAttempts();
  await page.goto("/forgot-password");
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page.getByRole("status")).toContainText("If this is the confirmed address");
}

/** Choose a new password by the link of a mail. */
async function choose(page: Page, address: string, password: string): Promise<void> {
  forgetAttempts();
  await page.goto(address);
  await expect(page).toHaveURL("/reset-password");
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Change the password" }).click();
}

/** The link of a mail gives no new password. */
async function expectUseless(page: Page, address: string): Promise<void> {
  await choose(page, address, PASSWORD);
  await expect(page.getByRole("alert").filter({ hasText: "used already" })).toBeVisible();
  await expect(page).toHaveURL("/reset-password");
}

/** Whether a window is still signed in. */
async function expectSignedOut(page: Page): Promise<void> {
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
}

test("signs up, out and in again, and finds the way back", async ({ page, context }) => {
  const email = `ada-${Date.now()}@example.com`;
  await signUp(page, email);

  const cookies = await context.cookies();
  const session = cookies.find(({ name }) => name.endsWith("session_token"));
  expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  expect(await page.evaluate(() => document.cookie)).not.toContain("session_token");

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/sign-in");
  await page.goto("/?from=elsewhere");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();

  await signIn(page, email, "not the password");
  await expect(page.getByRole("alert").filter({ hasText: "Not signed in" })).toBeVisible();
  await signIn(page, email, PASSWORD);
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
});

test("says what was done before, and nothing that it does not know", async ({ page }) => {
  await page.goto("/sign-in?done=deleted");
  await expect(page.getByText("Your account is deleted")).toBeVisible();
  await page.goto("/sign-in?done=constructor");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.locator("p.notice")).toHaveCount(0);
});

test("takes a password as it is typed", async ({ page }) => {
  const sent: unknown[] = [];
  await page.route("**/api/auth/*/email", (route) => {
    sent.push(route.request().postDataJSON());
    return route.fulfill({ status: 401, json: { message: "Not now" } });
  });
  for (const path of ["/sign-in", "/sign-up"]) {
    await page.goto(path);
    if (path === "/sign-up") await page.getByLabel("Name").fill(" Ada Lovelace ");
    await page.getByLabel("E-mail").fill("ada@example.com");
    await page.getByLabel("Password").fill(`  ${PASSWORD} `);
    await page.getByLabel("Password").press("Enter");
    await expect(page.getByRole("alert").filter({ hasText: "Not now" })).toBeVisible();
  }
  const account = { email: "ada@example.com", password: `  ${PASSWORD} ` };
  expect(sent).toMatchObject([account, { ...account, name: "Ada Lovelace" }]);
});

test("keeps what was typed when nobody can be let in now, and says why", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password").fill(PASSWORD);
  const alert = page.getByRole("alert").filter({ hasText: "Not signed in" });
  for (const [answer, said] of [
    [{ status: 429, headers: { "x-retry-after": "7" } }, "Try again in 7 seconds."],
    [{ status: 503, body: "<html>" }, "The server has a fault (503). Try again in a moment."],
    [undefined, "The server cannot be reached."],
  ] as const) {
    await page.route("**/api/auth/sign-in/email", (route) =>
      answer ? route.fulfill(answer) : route.abort(),
    );
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(alert).toContainText(said);
    await expect(page.getByLabel("E-mail")).toHaveValue("ada@example.com");
    await expect(page.getByLabel("Password")).toHaveValue(PASSWORD);
  }
  await page.route("**/api/auth/sign-in/email", () => {});
  await page.clock.install();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeDisabled();
  await page.clock.fastForward(20_000);
  await expect(alert).toContainText("did not answer in time");
});

test("says that it signed nobody out, if it did not", async ({ member }) => {
  await member.goto("/");
  await member.route("**/api/auth/sign-out", (route) => route.abort());
  await member.getByRole("button", { name: "Sign out" }).click();
  await expect(member.getByRole("banner").getByRole("alert")).toContainText("still signed in");
  await expectAccessible(member);
});

test("puts no password into an address, also without JavaScript", async ({ browser }) => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  for (const path of ["/sign-in", "/sign-up", "/reset-password"]) {
    await page.goto(path);
    if (path === "/sign-up") await page.getByLabel("Name").fill("Ada Lovelace");
    if (path !== "/reset-password") await page.getByLabel("E-mail").fill("ada@example.com");
    const password = page.locator("input[type=password]");
    await password.fill(PASSWORD);
    await password.press("Enter");
    await expect(password).toHaveValue("");
    await expect(page).toHaveURL(path);
  }
  await page.close();
});

test("confirms an address by the link of a mail", async ({ page, browser }) => {
  const email = `grace-${Date.now()}@example.com`;
  await signUp(page, email);
  await page.getByRole("link", { name: "Your account" }).click();
  await expect(page.getByText("Not confirmed")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Send the mail again" }).click();
  await expect(page.getByText(`on its way to ${email}`)).toBeVisible();
  const address = await link(email, CONFIRM, 2);

  const forged = new URL(address);
  const [head, , signature] = (forged.searchParams.get("token") ?? "").split(".");
  const claims = Buffer.from(JSON.stringify({ email, exp: 9_999_999_999 })).toString("base64url");
  forged.searchParams.set("token", [head, claims, signature].join("."));
  await page.goto(forged.href);
  await expect(page.getByRole("heading", { name: "not confirmed" })).toBeVisible();

  // Whoever has a mistyped address has the mail, but not the account.
  const stranger = await guest(browser);
  await stranger.goto(address);
  await expect(stranger.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await signUp(stranger, `stranger-${Date.now()}@example.com`);
  await stranger.goto(address);
  await expect(stranger.getByRole("heading", { name: "not confirmed" })).toBeVisible();
  await page.goto("/account");
  await expect(page.getByText("Not confirmed")).toBeVisible();

  await page.goto(address);
  await expect(page.getByRole("heading", { name: "The address is confirmed" })).toBeVisible();
  await page.goto("/account");
  await expect(page.getByText("Confirmed", { exact: true })).toBeVisible();
});

test("gives a new password to who has the mail, once, and signs everybody else out", async ({
  page,
  browser,
}) => {
  const email = await confirmed(page, "reset");
  const other = await guest(browser);
  await forget(other, email);
  await expectAccessible(other);
  const address = await link(email, CHOOSE);

  const asked: string[] = [];
  other.on("request", (request) => asked.push(request.url()));
  await choose(other, address, NEW_PASSWORD);
  await expect(other.getByText("The password is changed. Sign in with it.")).toBeVisible();
  await expectSignedOut(page);
  await signIn(other, email, PASSWORD);
  await expect(other.getByRole("alert").filter({ hasText: "Not signed in" })).toBeVisible();
  await signIn(other, email, NEW_PASSWORD);
  await expect(other.getByRole("button", { name: "Sign out" })).toBeVisible();

  const token = new URLSearchParams(new URL(address).hash.slice(1)).get("token") ?? "";
  expect(token).not.toBe("");
  expect(
    asked.filter((url) => new URL(url).pathname.concat(new URL(url).search).includes(token)),
  ).toEqual([]);

  for (const wrong of [address, "/reset-password#token=made-up"]) await expectUseless(page, wrong);
  await page.reload();
  await expect(page.getByRole("heading", { name: "does not work any more" })).toBeVisible();
  // In the same window, without loading anew.
  await expectUseless(page, address);
});

test("sends no way to a password that is too old, or to an address that nobody confirmed", async ({
  page,
  browser,
}) => {
  const email = await confirmed(page, "late");
  const other = await guest(browser);
  await forget(other, email);
  const address = await link(email, CHOOSE);
  const [sent] = query("auth", "SELECT max(expiresAt) AS at FROM verification") as { at: string }[];
  expect(Date.parse(sent?.at ?? "") - Date.now()).toBeLessThan(30 * 60_000);
  // As it is half an hour later.
  const past = new Date(Date.now() - 1000).toISOString();
  query("auth", "UPDATE verification SET expiresAt = ? RETURNING id", past);
  await expectUseless(other, address);

  const mistyped = `mistyped-${Date.now()}@example.com`;
  await signUp(await guest(browser), mistyped);
  await forget(other, mistyped);
  await forget(other, `nobody-${Date.now()}@example.com`);
  // What was asked for later comes later.
  await forget(other, email);
  await link(email, CHOOSE, 2);
  expect(links(mistyped, CHOOSE)).toEqual([]);
});

test("changes the password, and signs everybody else out", async ({ page, browser }) => {
  const email = await confirmed(page, "change");
  const other = await guest(browser);
  await forget(other, email);
  const waiting = await link(email, CHOOSE);
  await other.goto("/sign-in");
  await signIn(other, email, PASSWORD);
  await expect(other.getByRole("button", { name: "Sign out" })).toBeVisible();

  await page.goto("/account");
  const change = form(page, "Change your password");
  await change.getByLabel("Current password").fill("not the password");
  await change.getByLabel("New password").fill(NEW_PASSWORD);
  await change.getByRole("button").click();
  await expect(change.getByRole("alert")).toContainText("The password is not right.");
  await change.getByLabel("Current password").fill(PASSWORD);
  await change.getByRole("button").click();
  await expect(change.getByRole("status")).toContainText("Everywhere else you are signed out.");
  await expect(change.getByLabel("New password")).toHaveValue("");
  await expectAccessible(page);

  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
  await expectSignedOut(other);
  await signIn(other, email, PASSWORD);
  await expect(other.getByRole("alert").filter({ hasText: "Not signed in" })).toBeVisible();
  await expectUseless(other, waiting);
});

test("changes the e-mail address when the new one is confirmed by who is signed in", async ({
  page,
  browser,
}) => {
  const email = await confirmed(page, "old");
  const other = `new-${Date.now()}@example.com`;
  await page.goto("/account");
  const change = form(page, "Change your e-mail address");
  await change.getByLabel("New e-mail").fill(other);
  await change.getByLabel("Password").fill("not the password");
  await change.getByRole("button").click();
  await expect(change.getByRole("alert")).toContainText("The password is not right.");
  await change.getByLabel("Password").fill(PASSWORD);
  await change.getByRole("button").click();
  await expect(change.getByRole("status")).toContainText(`on its way to ${other}`);
  const address = await link(other, CONFIRM);
  expect(await link(email, "Your account at")).toContain("/account");
  await page.reload();
  await expect(page.getByText(email)).toBeVisible();

  // Whoever has the mail, and no account, gets no further than this.
  const stranger = await guest(browser);
  await stranger.goto(address);
  await expect(stranger.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.reload();
  await expect(page.getByText(email)).toBeVisible();

  await signIn(stranger, email, PASSWORD);
  await expect(stranger.getByRole("heading", { name: "The address is confirmed" })).toBeVisible();
  await page.reload();
  await expect(page.getByText(other)).toBeVisible();
  await expect(page.getByText("Confirmed", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/sign-in");
  await signIn(page, email, PASSWORD);
  await expect(page.getByRole("alert").filter({ hasText: "Not signed in" })).toBeVisible();
  await signIn(page, other, PASSWORD);
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
});

test("deletes the account of who knows its password", async ({ page }) => {
  const email = await confirmed(page, "gone");
  await page.goto("/account");
  const removal = form(page, "Delete your account");
  await removal.getByLabel("Password").fill("not the password");
  await removal.getByRole("button").click();
  await expect(removal.getByRole("alert")).toContainText("The password is not right.");
  await page.route("**/api/auth/delete-user", (route) => route.abort());
  await removal.getByLabel("Password").fill(PASSWORD);
  await removal.getByRole("button").click();
  await expect(removal.getByRole("alert")).toContainText("The server cannot be reached.");
  await page.unrouteAll();
  forgetAttempts();
  await removal.getByRole("button").click();
  await expect(page.getByText("Your account is deleted")).toBeVisible();
  await signIn(page, email, PASSWORD);
  await expect(page.getByRole("alert").filter({ hasText: "Not signed in" })).toBeVisible();
  expect(query("auth", "SELECT id FROM user WHERE email = ?", email)).toEqual([]);
});

test("takes no password of a megabyte", async ({ request }) => {
  forgetAttempts();
  const answer = await request.post("/api/auth/sign-in/email", {
    data: { email: "ada@example.com", password: "a".repeat(1024 * 1024) },
  });
  expect(answer.status()).toBe(413);
  expect(answer.headers()["content-type"]).toBe("application/problem+json");
  expect((await answer.json()).detail).toBe("The body has more than 1048576 bytes.");
});

test("tells every page which scripts it may run", async ({ page, member }) => {
  for (const [who, path] of [
    [page, "/sign-in"],
    [member, "/"],
    [member, "/health-records"],
  ] as const) {
    const answer = await who.goto(path);
    expect(answer?.headers()["content-security-policy"], path).toContain(
      "script-src 'self' 'nonce-",
    );
  }
});

test("lets no page use what it does not need", async ({ page }) => {
  const headers = (await page.goto("/sign-in"))?.headers() ?? {};
  expect(headers["permissions-policy"]).toContain("camera=(), ");
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["strict-transport-security"], "these pages have no HTTPS").not.toBeDefined();
});

test("refuses who is not signed in", async ({ request }) => {
  const answer = await request.get("/api/anything");
  expect(answer.status()).toBe(401);
  expect(answer.headers()["content-type"]).toBe("application/problem+json");
});

test("refuses changes that another site sends", async ({ member, baseURL }) => {
  const send = (origin: string) =>
    member.request.post("/api/anything", { data: {}, headers: { origin } });
  expect((await send("https://elsewhere.example")).status()).toBe(403);
  expect((await send(new URL(baseURL ?? "").origin)).status()).toBe(404);
});

test("reaches nothing of the server outside of /api", async ({ member }) => {
  const answer = await member.request.get("/api/%2e%2e/openapi.json");
  expect(answer.status()).toBe(404);
});

for (const path of [
  "/sign-in",
  "/sign-in?done=reset",
  "/sign-in?done=constructor",
  "/sign-up",
  "/forgot-password",
  "/reset-password",
  "/reset-password#token=one",
  "/verify-email",
  "/verify-email?confirmed=yes",
  "/verify-email?confirmed=yes&error=TOKEN_EXPIRED",
]) {
  test(`${path} is accessible`, async ({ page }) => {
    await page.goto(path);
    await expectAccessible(page);
  });
}

test("the first page is accessible", async ({ member }) => {
  await member.goto("/");
  await expectAccessible(member);
});

test("limits sign-ins by who sends them, whatever the request says of itself", async ({
  request,
}) => {
  forgetAttempts();
  const statuses: number[] = [];
  for (let attempt = 1; attempt <= 5; attempt++) {
    const answer = await request.post("/api/auth/sign-in/email", {
      data: { email: "ada@example.com", password: "a guess" },
      headers: { "x-forwarded-for": `198.51.100.${attempt}` },
    });
    statuses.push(answer.status());
  }
  expect(statuses).toContain(429);
});

for (const [name, value] of [
  ["BETTER_AUTH_SECRET", "development-only-and-in-every-copy-of-this-file"],
  ["API_URL", ""],
  ["EMAIL_URL", ""],
  ["EMAIL_FROM", ""],
] as const) {
  test(`does not start in production with the ${name} "${value}"`, () => {
    const { status, stderr } = spawnSync("npm", ["start", "--", "--port", "0"], {
      env: { ...process.env, ...COMPLETE, [name]: value },
      encoding: "utf8",
      timeout: 45_000,
    });
    expect(status, stderr).toBe(1);
    expect(stderr).toContain(`The environment is not complete: ${name} `);
    expect(stderr).not.toContain("    at ");
  });
}
