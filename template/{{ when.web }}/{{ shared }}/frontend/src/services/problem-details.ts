// Spec: .specify/memory/constitution.md

/** Why fetch has no answer, where there was no connection to send the request over. */
const NEVER_SENT = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];

/** Answer with an error in the form of RFC 9457, as the server does. */
export function problem(status: number, title: string, detail: string): Response {
  const body = { type: "about:blank", title, status, detail, errors: [] };
  return Response.json(body, { status, headers: { "content-type": "application/problem+json" } });
}

/** Answer for a server that did not: 503 says that it knows nothing of the request, 502 that it may have done it. */
export function unanswered(error: unknown): Response {
  const { code = "" } = ((error as Error).cause ?? {}) as { code?: string };
  return NEVER_SENT.includes(code)
    ? problem(503, "Service Unavailable", "The server cannot be reached. Try again in a moment.")
    : problem(502, "Bad Gateway", "The server broke off before it answered.");
}
