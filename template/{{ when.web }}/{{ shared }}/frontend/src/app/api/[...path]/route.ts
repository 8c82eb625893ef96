// Spec: .specify/memory/constitution.md
import { accessToken } from "@/services/auth";
import { required } from "@/services/config";
import { problem, unanswered } from "@/services/problem-details";

const SENT = ["accept", "content-type", "if-match", "if-none-match", "x-request-id"];
const RETURNED = [
  "cache-control",
  "content-type",
  "etag",
  "link",
  "location",
  "retry-after",
  "x-accel-buffering",
  "x-request-id",
];

interface Context {
  params: Promise<{ path: string[] }>;
}

function chosen(headers: Headers, names: string[]): Headers {
  return new Headers([...headers].filter(([name]) => names.includes(name)));
}

/** Whether a change comes from these pages and not from a link or a form of another site. */
function sameOrigin(request: Request): boolean {
  return (
    ["GET", "HEAD"].includes(request.method) ||
    request.headers.get("origin") === new URL(required("BETTER_AUTH_URL")).origin
  );
}

/**
 * Hand a request to the server in the name of whoever is signed in. The token is made here, from the session's cookie, and
 * never reaches the browser; answers pass through as they arrive, streams too.
 */
async function forward(request: Request, { params }: Context): Promise<Response> {
  const { path } = await params;
  // What the server keeps of a user goes with the account, which asks for the password.
  if (path[0] === "account" || path.some((part) => part === "." || part === "..")) {
    return problem(404, "Not Found", "There is nothing at this address.");
  }
  if (!sameOrigin(request)) {
    return problem(403, "Forbidden", "Changes are accepted from the application's own pages.");
  }
  const token = await accessToken(request.headers);
  if (!token) return problem(401, "Unauthorized", "You are signed out: sign in to go on.");
  const target = new URL(`/api/${path.map(encodeURIComponent).join("/")}`, required("API_URL"));
  target.search = new URL(request.url).search;
  const headers = chosen(request.headers, SENT);
  headers.set("authorization", `Bearer ${token}`);
  try {
    const answer = await fetch(target, {
      method: request.method,
      headers,
      body: request.body,
      cache: "no-store",
      redirect: "manual",
      signal: request.signal,
      ...(request.body ? { duplex: "half" } : {}),
    });
    return new Response(answer.body, {
      status: answer.status,
      headers: chosen(answer.headers, RETURNED),
    });
  } catch (error) {
    return unanswered(error);
  }
}

export { forward as DELETE, forward as GET, forward as PATCH, forward as POST, forward as PUT };
