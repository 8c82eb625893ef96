// Spec: .specify/memory/constitution.md
import { mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { addressWarning, confirmationLink, passwordLink } from "@/services/account-letters";
import { deliver, send } from "@/services/mail";

const LINK = `https://shop.example.com/reset-password#token=${"x".repeat(80)}`;
const MAIL = passwordLink("ada@example.com", LINK);

/** A server of a laptop, without passwords and encryption. */
const PLAIN = { authOptional: true, disabledCommands: ["STARTTLS"] };

/** A mail server that keeps what it is sent. */
async function mailServer(options: object): Promise<{ port: number; received: string[] }> {
  const received: string[] = [];
  const server = new SMTPServer({
    ...options,
    onAuth: ({ username, password }, _session, done) =>
      done(null, { user: `${username}:${password}` }),
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        received.push(`${session.user ?? "nobody"}\n${Buffer.concat(parts)}`);
        done();
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanup.push(() => server.close());
  return { port: (server.server.address() as AddressInfo).port, received };
}

const cleanup: (() => void)[] = [];

beforeEach(() => {
  vi.stubEnv("EMAIL_FROM", "Shop <shop@example.com>");
});

afterEach(() => {
  cleanup.splice(0).forEach((run) => run());
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test("goes to a mail server", async () => {
  const { port, received } = await mailServer(PLAIN);
  vi.stubEnv("EMAIL_URL", `smtp://127.0.0.1:${port}`);
  await deliver(MAIL);
  expect(received).toHaveLength(1);
  expect(received[0]).toContain("From: Shop <shop@example.com>");
  expect(received[0]).toContain("To: ada@example.com");
  expect(received[0]).toContain("Subject: Choose a new password for shop.example.com");
});

test("goes with a password by an encrypted connection", async () => {
  const { port, received } = await mailServer({});
  // The certificate of the test is signed by nobody.
  const url = `smtp://user:word@127.0.0.1:${port}`;
  vi.stubEnv("EMAIL_URL", `${url}?tls.rejectUnauthorized=false`);
  await deliver(MAIL);
  expect(received[0]).toMatch(/^user:word\n/);
});

test("goes with no password by a connection that is not encrypted", async () => {
  const { port, received } = await mailServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
  });
  vi.stubEnv("EMAIL_URL", `smtp://user:word@127.0.0.1:${port}`);
  await expect(deliver(MAIL)).rejects.toThrow();
  expect(received).toEqual([]);
});

test("goes into a folder that others cannot read, a file each", async () => {
  const folder = join(mkdtempSync(join(tmpdir(), "mail-")), "mails");
  vi.stubEnv("EMAIL_URL", `file://${folder}`);
  await Promise.all([deliver(MAIL), deliver(MAIL)]);
  const files = readdirSync(folder).map((name) => join(folder, name));
  expect(files.map((file) => statSync(file).mode & 0o077)).toEqual([0, 0]);
  for (const file of files) {
    expect(file).toMatch(/\.eml$/);
    expect(readFileSync(file, "utf8").replaceAll("=\r\n", "").replaceAll("=3D", "=")).toContain(
      LINK,
    );
  }
});

test("goes to the terminal, as it is", async () => {
  const printed = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.stubEnv("EMAIL_URL", "console:");
  await deliver(MAIL);
  expect(printed.mock.calls.join("")).toContain(`To: ${MAIL.to}`);
  expect(printed.mock.calls.join("")).toContain(LINK);
});

test("that nobody takes is told to the log, without what it is about", async () => {
  const closed = createServer().listen(0);
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const refusing = await mailServer({
    ...PLAIN,
    onRcptTo: ({ address }: { address: string }, _session: unknown, done: (no: Error) => void) =>
      done(new Error(`no ${address} here`)),
  });
  const logged = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  for (const number of [port, refusing.port]) {
    vi.stubEnv("EMAIL_URL", `smtp://127.0.0.1:${number}`);
    await send(MAIL);
  }
  const lines = logged.mock.calls.map(([line]) => String(line));
  expect(lines).toEqual([
    "A mail could not be sent: ESOCKET\n",
    "A mail could not be sent: EENVELOPE\n",
  ]);
});

test.each([passwordLink, confirmationLink, addressWarning])("%o says whose it is", (letter) => {
  const { to, subject, text } = letter("ada@example.com", LINK);
  expect(to).toBe("ada@example.com");
  expect(subject).toContain("shop.example.com");
  expect(text).toContain(`\n${LINK}\n`);
});
