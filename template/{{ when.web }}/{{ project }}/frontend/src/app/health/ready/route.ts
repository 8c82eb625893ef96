// Spec: .specify/memory/constitution.md
import { auth } from "@/services/auth";

export const dynamic = "force-dynamic";

/** Whether this process can serve: it has its settings, and its database answers. */
export async function GET(): Promise<Response> {
  try {
    const { adapter } = await (await auth()).$context;
    await adapter.count({ model: "user" });
    return Response.json({ status: "ready" });
  } catch {
    return Response.json({ status: "not ready" }, { status: 503 });
  }
}
