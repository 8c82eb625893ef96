// Spec: .specify/memory/constitution.md
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { choices } from "@/services/choices";

const ACME = { id: "11111111-1111-4111-8111-111111111111", text: "Acme & Sons" };

let server: Server;
let asked: (string | undefined)[];

beforeEach(async () => {
  asked = [];
  server = createServer(({ url }, response) => {
    asked.push(url);
    if (url?.startsWith("/api/choices/companies")) response.end(JSON.stringify([ACME]));
    else response.writeHead(404).end("<html>");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  vi.stubGlobal("location", new URL(`http://127.0.0.1:${port}/`));
});

afterEach(() => {
  server.close();
  vi.unstubAllGlobals();
});

test("the server is asked by a text, or by an id", async () => {
  expect(await choices("companies", { search: "me & s" })).toEqual([ACME]);
  expect(await choices("companies", { id: ACME.id })).toEqual([ACME]);
  expect(asked).toEqual([
    "/api/choices/companies?search=me+%26+s",
    `/api/choices/companies?id=${ACME.id}`,
  ]);
});

test("it is said why nothing can be chosen", async () => {
  await expect(choices("nothing", { search: "" })).rejects.toThrow("The server answered 404.");
});
