// Spec: .specify/memory/constitution.md
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { auth, migrate } from "@/services/auth";

// Next.js runs it after the answer to a request; here there is no request of Next.js.
vi.mock("next/server", () => ({ after: (task: () => Promise<void>) => void task() }));

const PAGES = "http://localhost:3000";
const PASSWORD = "correct horse battery";
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
  vi.stubEnv("EMAIL_URL", `file://${join(mkdtempSync(join(tmpdir(), "auth-")), "mails")}`);
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
