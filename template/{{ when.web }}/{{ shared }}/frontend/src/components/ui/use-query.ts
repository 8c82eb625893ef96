// Spec: .specify/memory/constitution.md
"use client";

import { usePathname, useSearchParams } from "next/navigation";

/** The query of the address bar, and a way to change it: a list that is shown can be kept as a bookmark. */
export function useQuery() {
  const pathname = usePathname();
  const parameters = useSearchParams();

  /**
   * Set parameters; an empty text removes one. A cursor holds for the list it came from: unless a new one is set, what
   * comes is the first page.
   *
   * @param replace whether the way back leaves out what is shown now
   */
  function change(values: Record<string, string>, { replace = false } = {}): void {
    const next = new URLSearchParams(parameters);
    for (const [name, value] of Object.entries({ cursor: "", ...values })) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    const query = next.toString();
    const address = query ? `${pathname}?${query}` : pathname;
    if (replace) window.history.replaceState(null, "", address);
    else window.history.pushState(null, "", address);
  }

  return { parameters, change };
}
