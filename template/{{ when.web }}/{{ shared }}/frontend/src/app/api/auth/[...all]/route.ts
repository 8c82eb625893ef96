// Spec: .specify/memory/constitution.md
import { auth } from "@/services/auth";

async function answer(request: Request): Promise<Response> {
  return (await auth()).handler(request);
}

export { answer as GET, answer as POST };
