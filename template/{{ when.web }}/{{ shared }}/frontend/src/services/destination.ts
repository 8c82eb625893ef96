// Spec: .specify/memory/constitution.md

const HERE = "https://pages.invalid";

/**
 * Where to go after signing in: a path of these pages, whatever the address bar says. It is read as a browser reads it
 * (WHATWG URL), which drops tabs and line ends and takes a backslash for a slash.
 */
export function destination(next: string | string[] | undefined): string {
  if (typeof next !== "string" || !next.startsWith("/")) return "/";
  return URL.canParse(next, HERE) && new URL(next, HERE).origin === HERE ? next : "/";
}
