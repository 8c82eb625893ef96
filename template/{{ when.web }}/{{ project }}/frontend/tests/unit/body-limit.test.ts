// Spec: .specify/memory/constitution.md
import { expect, test } from "vitest";
import { limited } from "@/services/body-limit";

const ADDRESS = "https://shop.example.com/api/auth/sign-in/email";

/** A request whose body comes in parts, so that no header announces its length. */
function sent(...parts: string[]): Request {
  const body = new ReadableStream({
    start(stream) {
      parts.forEach((part) => stream.enqueue(new TextEncoder().encode(part)));
      stream.close();
    },
  });
  const headers = { "content-type": "application/json", cookie: "a=b" };
  return new Request(ADDRESS, { method: "POST", headers, body, duplex: "half" } as RequestInit);
}

test("a body that is short enough arrives as it was sent", async () => {
  const taken = await limited(sent('{"name":', ' "Ada"}'), 15);
  expect(await taken?.json()).toEqual({ name: "Ada" });
  expect(taken?.method).toBe("POST");
  expect(taken?.url).toBe(ADDRESS);
  expect(taken?.headers.get("content-type")).toBe("application/json");
  expect(taken?.headers.get("cookie")).toBe("a=b");
});

test("a body that is too long does not", async () => {
  expect(await limited(sent('{"name":', ' "Ada"} '), 15)).toBeNull();
});

test("a body without an end is not waited for", async () => {
  const endless = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(1000)) });
  const init = { method: "POST", body: endless, duplex: "half" };
  expect(await limited(new Request(ADDRESS, init as RequestInit), 10_000)).toBeNull();
});

test("a request without a body is left alone", async () => {
  const request = new Request(ADDRESS);
  expect(await limited(request, 0)).toBe(request);
});
