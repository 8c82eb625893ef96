// Spec: .specify/memory/constitution.md
"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useState } from "react";

/** What a list is asked for, and a way to change it. */
export interface ListQuery {
  parameters: URLSearchParams;
  /**
   * Set parameters; an empty text removes one. A cursor holds for the list it came from: unless a new one is set, what
   * comes is the first page.
   *
   * @param replace whether the way back leaves out what is shown now
   */
  change: (values: Record<string, string>, options?: { replace?: boolean }) => void;
}

function changed(parameters: URLSearchParams, values: Record<string, string>): URLSearchParams {
  const next = new URLSearchParams(parameters);
  for (const [name, value] of Object.entries({ cursor: "", ...values })) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}

/** The query of the address bar: a list that is shown can be kept as a bookmark. */
export function useQuery(): ListQuery {
  const pathname = usePathname();
  const parameters = useSearchParams();
  return {
    parameters,
    change(values, { replace = false } = {}) {
      const query = changed(parameters, values).toString();
      const address = query ? `${pathname}?${query}` : pathname;
      if (replace) window.history.replaceState(null, "", address);
      else window.history.pushState(null, "", address);
    },
  };
}

/** The query of a list that stands on the page of something else, whose address it leaves alone. */
export function useOwnQuery(): ListQuery {
  const [parameters, setParameters] = useState(() => new URLSearchParams());
  return { parameters, change: (values) => setParameters(changed(parameters, values)) };
}
