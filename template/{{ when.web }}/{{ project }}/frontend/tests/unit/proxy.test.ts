// Spec: .specify/memory/constitution.md
import { NextRequest } from "next/server";
import { afterEach, expect, test, vi } from "vitest";
import { proxy } from "@/proxy";

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
