// Spec: .specify/memory/constitution.md
import { failure, send } from "@/services/api";

/** Something that can be referred to: its id, and the text that people know it by. */
export interface Choice {
  id: string;
  text: string;
}

/** Some of what the user has at a path of the API: what has a text in its own, or the one with an id. */
export async function choices(
  path: string,
  query: { search: string } | { id: string },
  signal?: AbortSignal,
): Promise<Choice[]> {
  const address = new URL(`/api/choices/${path}`, globalThis.location?.origin);
  address.search = new URLSearchParams(query).toString();
  const response = await send(new Request(address, { signal }));
  if (!response.ok) throw failure(response, await response.json().catch(() => undefined));
  return (await response.json()) as Choice[];
}
