// Spec: .specify/memory/constitution.md
import { readFileSync } from "node:fs";
import { NextRequest } from "next/server";
import { afterEach, describe, expect, test, vi } from "vitest";
import { proxy } from "@/proxy";
import { problems } from "@/services/config";

const LINES = readFileSync(".env.example", "utf8").matchAll(/^([A-Z_]+)=(.*)$/gm);
const EXAMPLE = Object.fromEntries(Array.from(LINES, ([, name = "", value]) => [name, value]));
const PRODUCTION = { ...EXAMPLE, BETTER_AUTH_SECRET: "0123456789abcdef".repeat(4) };

describe("the environment", () => {
  test("of the example serves development, and no production", () => {
    expect(problems(EXAMPLE, false)).toEqual([]);
    expect(problems(EXAMPLE, true)).toEqual([
      "BETTER_AUTH_SECRET needs 32 characters of its own, not those of an example",
    ]);
    expect(problems(PRODUCTION, true)).toEqual([]);
  });

  test("has a secret that nobody guesses", () => {
    const short = { ...PRODUCTION, BETTER_AUTH_SECRET: "too-short" };
    expect(problems(short, true)).toHaveLength(1);
  });

  test("counts proxies in digits", () => {
    const wrong = { ...PRODUCTION, TRUSTED_PROXIES: "the ingress" };
    expect(problems(wrong, true)).toEqual(["TRUSTED_PROXIES must be a number, such as 1"]);
  });

  test.each([
    ["EMAIL_URL", "mail.example.com"],
    ["EMAIL_URL", "http://mail.example.com"],
    ["EMAIL_URL", "smtp://"],
    ["EMAIL_URL", "file://mails"],
    ["EMAIL_FROM", "the shop"],
  ])("sends mails by no %s like %s", (name, value) => {
    expect(problems({ ...PRODUCTION, [name]: value }, true)).toEqual([
      expect.stringContaining(`${name} must be `),
    ]);
  });

  test.each([
    "smtp://127.0.0.1:25",
    "smtps://user:pass%2Fword@mail.example.com:465",
    "smtp://user:word@mail.example.com:587/?requireTLS=true",
    "file:///var/mails",
    "console:",
  ])("sends mails by %s", (value) => {
    expect(problems({ ...PRODUCTION, EMAIL_URL: value }, true)).toEqual([]);
  });

  const needed = Object.keys(EXAMPLE).filter((name) => name !== "TRUSTED_PROXIES");
  test.each(needed)("is not complete without %s", (name) => {
    expect(problems({ ...PRODUCTION, [name]: "" }, true)).toEqual([`${name} is missing`]);
  });
});

afterEach(() => vi.unstubAllEnvs());

test.each([
  ["https://shop.example.com", "max-age=31536000"],
  ["http://localhost:3000", null],
])("pages at %s tell browsers of HTTPS: %s", (address, header) => {
  vi.stubEnv("BETTER_AUTH_URL", address);
  for (const path of ["/sign-in", "/"]) {
    const { headers } = proxy(new NextRequest(new URL(path, address)));
    expect(headers.get("strict-transport-security"), path).toBe(header);
  }
});
