// Spec: .specify/memory/constitution.md
import { auth } from "@/services/auth";
import { limited } from "@/services/body-limit";
import { problem } from "@/services/problem-details";

/** As many bytes as the server takes unless it is told otherwise. */
const MAX_BODY = 1024 * 1024;

async function answer(request: Request): Promise<Response> {
  const taken = await limited(request, MAX_BODY);
  if (taken) return (await auth()).handler(taken);
  return problem(413, "Content Too Large", `The body has more than ${MAX_BODY} bytes.`);
}

export { answer as GET, answer as POST };
