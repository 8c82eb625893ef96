// Spec: .specify/memory/constitution.md
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { DELETE } from "@/app/api/[...path]/route";
import { auth, migrate } from "@/services/auth";

// Next.js runs it after the answer to a request; here there is no request of Next.js.
vi.mock("next/server", () => ({ after: (task: () => Promise<void>) => void task() }));

const PAGES = "http://localhost:3000";
const PASSWORD = "correct horse battery";
const mails = join(mkdtempSync(join(tmpdir(), "auth-")), "mails");
/** What the server was asked, and what it answers. */
const asked: { method?: string; url?: string; authorization?: string }[] = [];
let status = 204;
let server: Server;

beforeAll(async () => {
  server = createServer(({ method, url, headers }, response) => {
    asked.push({ method, url, authorization: headers.authorization });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("API_URL", `http://127.0.0.1:${port}`);
  vi.stubEnv("BETTER_AUTH_URL", PAGES);
  vi.stubEnv("BETTER_AUTH_SECRET", "0123456789abcdef".repeat(4));
  vi.stubEnv("AUTH_AUDIENCE", `${PAGES}/api`);
  vi.stubEnv("AUTH_DATABASE_URL", "sqlite:///:memory:");
  vi.stubEnv("EMAIL_URL", `file://${mails}`);
  vi.stubEnv("EMAIL_FROM", "shop@example.com");
  await migrate();
});

afterAll(() => server.close());

async function call(path: string, body: object, cookie = ""): Promise<Response> {
  const headers = { "content-type": "application/json", origin: PAGES, cookie };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  return (await auth()).handler(new Request(`${PAGES}/api/auth${path}`, init));
}

function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

let number = 0;

/** Make an account, and return its address and the cookie of its session. */
async function member(): Promise<[string, string]> {
  const email = `ada-${++number}@example.com`;
  const answer = await call("/sign-up/email", { name: "Ada", email, password: PASSWORD });
  return [email, cookieOf(answer)];
}

/** The mails to an address. */
function mailsTo(email: string): string[] {
  return readdirSync(mails)
    .map((name) => readFileSync(join(mails, name), "utf8"))
    .filter((mail) => mail.includes(`To: ${email}\r\n`))
    .map((mail) => mail.replaceAll("=\r\n", "").replaceAll("=3D", "="));
}

async function isSignedIn(cookie: string): Promise<boolean> {
  const { api } = await auth();
  return (await api.getSession({ headers: new Headers({ cookie }) })) !== null;
}

test("an account takes along what the server keeps of it, in its own name", async () => {
  const [email, cookie] = await member();
  asked.length = 0;
  expect((await call("/delete-user", { password: PASSWORD }, cookie)).status).toBe(200);
  expect(asked).toEqual([
    { method: "DELETE", url: "/api/account", authorization: expect.stringMatching(/^Bearer ey/) },
  ]);
  expect(await isSignedIn(cookie)).toBe(false);
  expect((await call("/sign-in/email", { email, password: PASSWORD })).status).toBe(401);
});

test.each([500, 404, 401])("an account stays where the server answers %i", async (answered) => {
  const [email, cookie] = await member();
  status = answered;
  const answer = await call("/delete-user", { password: PASSWORD }, cookie);
  status = 204;
  expect(answer.status).toBe(502);
  expect((await answer.json()).message).toContain("your account is still there");
  expect(await isSignedIn(cookie)).toBe(true);
  expect((await call("/sign-in/email", { email, password: PASSWORD })).status).toBe(200);
});

test("an account stays where the server is away", async () => {
  const [, cookie] = await member();
  const address = process.env.API_URL;
  vi.stubEnv("API_URL", "http://127.0.0.1:9");
  expect((await call("/delete-user", { password: PASSWORD }, cookie)).status).toBe(502);
  vi.stubEnv("API_URL", address);
  expect(await isSignedIn(cookie)).toBe(true);
});

test.each([{}, { password: "" }, { password: "a guess" }, { token: "a guess" }])(
  "an account stays with %j for its password",
  async (body) => {
    const [, cookie] = await member();
    asked.length = 0;
    expect((await call("/delete-user", body, cookie)).status).toBe(400);
    expect(asked).toEqual([]);
    expect(await isSignedIn(cookie)).toBe(true);
  },
);

test("a new password ends every other session, whatever the caller says", async () => {
  const [email, cookie] = await member();
  const other = cookieOf(await call("/sign-in/email", { email, password: PASSWORD }));
  expect(await isSignedIn(other)).toBe(true);
  const passwords = { currentPassword: PASSWORD, newPassword: `${PASSWORD} 2` };
  const change = { ...passwords, revokeOtherSessions: false };
  const answer = await call("/change-password", change, cookie);
  expect(answer.status).toBe(200);
  expect(await isSignedIn(other)).toBe(false);
  expect(await isSignedIn(cookieOf(answer))).toBe(true);
});

test("no page deletes by the session alone what the server keeps", async () => {
  const [, cookie] = await member();
  asked.length = 0;
  const remove = (...path: string[]) => {
    const headers = { cookie, origin: PAGES };
    const request = new Request(`${PAGES}/api/${path.join("/")}`, { method: "DELETE", headers });
    return DELETE(request, { params: Promise.resolve({ path }) });
  };
  for (const path of [["account"], ["account", ""]]) {
    expect((await remove(...path)).status, path.join("/")).toBe(404);
  }
  expect(asked).toEqual([]);
  expect((await remove("tasks", "account")).status).toBe(204);
});

test.each([{}, { password: "" }, { password: 1 }, { password: "a guess" }])(
  "an address stays, and gets no mail, with %j for the password",
  async (password) => {
    const [email, cookie] = await member();
    const newEmail = `new-${email}`;
    const change = { newEmail, ...password };
    expect((await call("/change-email", change, cookie)).status).toBe(400);
    await call("/change-email", { newEmail: `last-${email}`, password: PASSWORD }, cookie);
    await vi.waitFor(() => expect(mailsTo(`last-${email}`)).toHaveLength(1));
    expect(mailsTo(newEmail)).toEqual([]);
  },
);

test("a wrong password is the same for a new address as for a new password", async () => {
  const [, cookie] = await member();
  const address = { newEmail: "somebody@example.com", password: "a guess" };
  const password = { currentPassword: "a guess", newPassword: `${PASSWORD} 2` };
  const answers = [
    await call("/change-email", address, cookie),
    await call("/change-password", password, cookie),
  ];
  const [one, other] = await Promise.all(answers.map((answer) => answer.json()));
  expect(one).toEqual(other);
  expect(one.code).toBe("INVALID_PASSWORD");
});

test("nobody changes an address who is not signed in", async () => {
  const change = { newEmail: "somebody@example.com", password: PASSWORD };
  expect((await call("/change-email", change)).status).toBe(401);
});

test("the link to a new password has its token where no server sees it", async () => {
  const [email, cookie] = await member();
  const { adapter } = await (await auth()).$context;
  const where = [{ field: "email", value: email }];
  await adapter.update({ model: "user", where, update: { emailVerified: true } });
  await call("/request-password-reset", { email });
  await vi.waitFor(() => expect(mailsTo(email)).toHaveLength(2));
  const [address = ""] = mailsTo(email).flatMap(
    (mail) => /http\S+reset-password\S+/.exec(mail) ?? [],
  );
  const { origin, pathname, search, hash } = new URL(address);
  expect([origin, pathname, search]).toEqual([PAGES, "/reset-password", ""]);
  const token = new URLSearchParams(hash.slice(1)).get("token");
  const answer = await call("/reset-password", { token, newPassword: `${PASSWORD} 2` });
  expect(answer.status).toBe(200);
  expect(await isSignedIn(cookie)).toBe(false);
});

test.each([
  ["/sign-up/email", { name: "Ada", password: "short" }],
  ["/change-email", {}],
  ["/request-password-reset", {}],
  ["/send-verification-email", {}],
])("%s sends no more than three mails a minute from one address", async (path, body) => {
  const { handler, $context } = await auth();
  const { options, rateLimit } = await $context;
  expect(options.rateLimit?.storage).toBe("database");
  rateLimit.enabled = true;
  vi.useFakeTimers({ toFake: ["Date"] });
  const send = async () => {
    const headers = { "content-type": "application/json", origin: PAGES, "x-forwarded-for": path };
    const sent = JSON.stringify({ email: "a", newEmail: "a", ...body });
    const init = { method: "POST", headers, body: sent };
    return (await handler(new Request(`${PAGES}/api/auth${path}`, init))).status;
  };
  const statuses = [await send(), await send(), await send()];
  vi.advanceTimersByTime(11_000);
  statuses.push(await send());
  vi.useRealTimers();
  rateLimit.enabled = false;
  expect(statuses.map((status) => status === 429)).toEqual([false, false, false, true]);
});
