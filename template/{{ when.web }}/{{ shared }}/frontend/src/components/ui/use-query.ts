// Spec: .specify/memory/constitution.md
"use client";

import { usePathname, useSearchParams } from "next/navigation";

/** The query of the address bar, and a way to change it: a list that is shown can be kept as a bookmark. */
export function useQuery() {
  const pathname = usePathname();
  const parameters = useSearchParams();

  /** Set parameters (an empty text removes one) and go back to the first page unless told otherwise. */
  function change(values: Record<string, string>): void {
    const next = new URLSearchParams(parameters);
    next.delete("offset");
    for (const [name, value] of Object.entries(values)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    const query = next.toString();
    window.history.pushState(null, "", query ? `${pathname}?${query}` : pathname);
  }

  return { parameters, change };
}
