// Spec: .specify/memory/constitution.md

/** Answer with an error in the form of RFC 9457, as the server does. */
export function problem(status: number, title: string, detail: string): Response {
  const body = { type: "about:blank", title, status, detail, errors: [] };
  return Response.json(body, { status, headers: { "content-type": "application/problem+json" } });
}
