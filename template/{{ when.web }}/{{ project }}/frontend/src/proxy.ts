// Spec: .specify/memory/constitution.md
import { getSessionCookie } from "better-auth/cookies";
import { NextResponse, type NextRequest } from "next/server";
import { required } from "@/services/config";

const OPEN = ["/sign-in", "/sign-up", "/forgot-password", "/reset-password", "/verify-email"];
const YEAR = 365 * 24 * 60 * 60;

function policy(nonce: string): string {
  const development = process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join("; ");
}

/** Tell browsers to come back by HTTPS only, where people reach these pages by it. */
function secured(response: NextResponse): NextResponse {
  if (required("BETTER_AUTH_URL").startsWith("https:")) {
    response.headers.set("strict-transport-security", `max-age=${YEAR}`);
  }
  return response;
}

/**
 * Sends who has no session to the sign-in page, and names the scripts that a page may run. Whether a session is valid is
 * for the pages and the API to say: here only the cookie is seen.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  if (!OPEN.includes(pathname) && !getSessionCookie(request)) {
    const target = new URL("/sign-in", request.url);
    if (pathname !== "/") target.searchParams.set("next", pathname + search);
    return secured(NextResponse.redirect(target));
  }
  const content = policy(Buffer.from(crypto.randomUUID()).toString("base64"));
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", content);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", content);
  return secured(response);
}

export const config = { matcher: ["/((?!api/|health/|_next/|icon.svg$).*)"] };
