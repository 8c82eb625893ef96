// Spec: .specify/memory/constitution.md
import { ApiError, asApiError, body, ifMatch } from "@/services/api";

/** One turn of the conversation. */
export interface Message {
  role: "user" | "assistant";
  content: string;
}

/** What the assistant would delete, if the person agrees. */
export interface Deletion {
  resource: string;
  id: string;
  version: number;
  label: string;
  name: string;
}

/** What the server tells while it answers. */
export type Happening =
  | { event: "text"; data: { delta: string } }
  | { event: "tool"; data: { name: string; resource: string; writes: boolean } }
  | { event: "confirm"; data: Deletion }
  | { event: "done"; data: Record<string, never> }
  | { event: "error"; data: { detail: string } };

/** Read one block of a stream of events (HTML standard, server-sent events). */
function parse(block: string): Happening | undefined {
  const lines = block.split("\n").map((line) => line.split(/: ?(.*)/s));
  const fields = Object.fromEntries(lines.map(([name, value]) => [name, value]));
  if (!fields.event || !fields.data) return undefined;
  return { event: fields.event, data: JSON.parse(fields.data) } as Happening;
}

/** Read the events of a stream as they come, however its parts are cut. */
export async function* events(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Happening> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value.replaceAll("\r\n", "\n")).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const happening = parse(block);
        if (happening) yield happening;
      }
    }
  } finally {
    await reader.cancel();
  }
}

/**
 * Ask the assistant to go on with a conversation.
 *
 * @throws ApiError when it does not even begin to answer.
 */
export async function* ask(messages: Message[], signal: AbortSignal): AsyncGenerator<Happening> {
  let response: Response;
  try {
    response = await fetch("/api/assistant", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ messages }),
      signal,
    });
  } catch (error) {
    throw asApiError(error);
  }
  if (!response.ok) {
    const error: unknown = await response.json().catch(() => undefined);
    body({ error, response });
  }
  if (!response.body)
    throw new ApiError({ title: "", status: 0, detail: "No answer.", errors: [] });
  yield* events(response.body);
}

/**
 * Delete what the assistant asked about, as the person's own request.
 *
 * @throws ApiError when it was not deleted.
 */
export async function agree(deletion: Deletion): Promise<void> {
  const { resource, id } = deletion;
  let response: Response;
  try {
    const headers = { "if-match": ifMatch(deletion) };
    response = await fetch(`/api/${resource}/${id}`, { method: "DELETE", headers });
  } catch (error) {
    throw asApiError(error);
  }
  const error: unknown = response.ok ? undefined : await response.json().catch(() => undefined);
  body({ error, response });
}
