// Spec: .specify/memory/constitution.md
import { expect, test } from "vitest";
import { events, type Happening } from "@/services/assistant";

const STREAM =
  'event: text\ndata: {"delta":"Grüße"}\n\n: a comment\n\n' +
  'event: tool\ndata: {"name":"create","resource":"things","writes":true}\n\n' +
  "event: done\ndata: {}\n\n";

/** Cut bytes into parts of one size, wherever the cuts fall. */
function stream(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size)
        controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
}

test.each([1, 2, 7, 1000])("reads events out of parts of %d bytes", async (size) => {
  const found: Happening[] = [];
  for await (const event of events(stream(new TextEncoder().encode(STREAM), size)))
    found.push(event);
  expect(found).toEqual([
    { event: "text", data: { delta: "Grüße" } },
    { event: "tool", data: { name: "create", resource: "things", writes: true } },
    { event: "done", data: {} },
  ]);
});

test("reads lines that end as on the network", async () => {
  const text = STREAM.replaceAll("\n", "\r\n");
  const found: Happening[] = [];
  for await (const event of events(stream(new TextEncoder().encode(text), 1000))) found.push(event);
  expect(found).toHaveLength(3);
});
