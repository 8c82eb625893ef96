// Spec: .specify/memory/constitution.md
import { getSessionCookie } from "better-auth/cookies";
import { NextResponse, type NextRequest } from "next/server";

const OPEN = ["/sign-in", "/sign-up"];

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

/**
 * Sends who has no session to the sign-in page, and names the scripts that a page may run. Whether a session is valid is
 * for the pages and the API to say: here only the cookie is seen.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  if (!OPEN.includes(pathname) && !getSessionCookie(request)) {
    const target = new URL("/sign-in", request.url);
    if (pathname !== "/") target.searchParams.set("next", pathname + search);
    return NextResponse.redirect(target);
  }
  const content = policy(Buffer.from(crypto.randomUUID()).toString("base64"));
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", content);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", content);
  return response;
}

export const config = { matcher: ["/((?!api/|health/|_next/|icon.svg$).*)"] };
