// Spec: .specify/memory/constitution.md

/** Where to go after signing in: a path of these pages, whatever the address bar says. */
export function destination(next: string | string[] | undefined): string {
  const path = typeof next === "string" ? next : "/";
  return /^\/(?![/\\])/.test(path) ? path : "/";
}
