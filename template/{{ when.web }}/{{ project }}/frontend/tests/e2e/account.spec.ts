// Spec: .specify/memory/constitution.md
import { spawnSync } from "node:child_process";
import { expect, expectAccessible, PASSWORD, signUp, test } from "./fixtures";

const COMPLETE = {
  BETTER_AUTH_SECRET: "0123456789abcdef".repeat(4),
  BETTER_AUTH_URL: "http://localhost:3000",
  AUTH_DATABASE_URL: "sqlite:///:memory:",
  AUTH_AUDIENCE: "http://localhost:3000/api",
  API_URL: "http://127.0.0.1:8000",
};

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

  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Not signed in" })).toBeVisible();
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
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

test("puts no password into an address, also without JavaScript", async ({ browser }) => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  for (const path of ["/sign-in", "/sign-up"]) {
    await page.goto(path);
    if (path === "/sign-up") await page.getByLabel("Name").fill("Ada Lovelace");
    await page.getByLabel("E-mail").fill("ada@example.com");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByLabel("Password").press("Enter");
    await expect(page.getByLabel("Password")).toHaveValue("");
    await expect(page).toHaveURL(path);
  }
  await page.close();
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

test("pages for guests are accessible", async ({ page }) => {
  for (const path of ["/sign-in", "/sign-up"]) {
    await page.goto(path);
    await expectAccessible(page);
  }
});

test("the first page is accessible", async ({ member }) => {
  await member.goto("/");
  await expectAccessible(member);
});

test("limits sign-ins by who sends them, whatever the request says of itself", async ({
  request,
}) => {
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
