// Spec: .specify/memory/constitution.md

export const dynamic = "force-dynamic";

/** Whether this process runs: it answers without looking at anything else. */
export function GET(): Response {
  return Response.json({ status: "alive" });
}
