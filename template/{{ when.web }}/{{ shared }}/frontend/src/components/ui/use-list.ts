// Spec: .specify/memory/constitution.md
"use client";

import { useCallback, useEffect, useState } from "react";
import { signIn } from "@/components/ui/drafts";
import { asApiError, type ApiError, type Entity, type Page, type Resource } from "@/services/api";

/** Event of the window: things of a kind (its detail) have changed by another way than the list's own. */
export const CHANGED = "changed";

const INVALID = 422;

interface Part<Read> {
  page?: Page<Read>;
  /** What the server refused of the query and was left out, by the name of the parameter. */
  refused: Record<string, string>;
}

interface State<Read> extends Part<Read> {
  /** What this is the answer to. */
  asked?: string;
  error?: ApiError;
}

/**
 * Read a page of a list. What is refused of its query, such as a filter of an old bookmark, is left out, so that there is
 * a list all the same.
 *
 * @throws ApiError when there is none.
 */
export async function readPage<Read extends Entity, Write, Query>(
  resource: Resource<Read, Write, Query>,
  query: string,
  signal?: AbortSignal,
): Promise<Part<Read>> {
  const parameters = new URLSearchParams(query);
  const refused: Record<string, string> = {};
  for (;;) {
    try {
      const page = await resource.list(Object.fromEntries(parameters) as Query, signal);
      return { page, refused };
    } catch (reason) {
      const error = asApiError(reason);
      const wrong = Object.entries(error.fields).filter(([name]) => parameters.has(name));
      if (error.status !== INVALID || wrong.length === 0) throw error;
      for (const [name, message] of wrong) {
        refused[name] = message;
        parameters.delete(name);
      }
    }
  }
}

/**
 * A page of a list that follows its query. While another one is read, and when it cannot be read, the last one stays.
 *
 * @param resource the feature's service
 * @param query what the list is asked for, as a query string
 */
export function useList<Read extends Entity, Write, Query>(
  resource: Resource<Read, Write, Query>,
  query: string,
) {
  const [state, setState] = useState<State<Read>>({ refused: {} });
  const [round, setRound] = useState(0);
  const asked = `${round} ${query}`;
  /** Read the list anew. */
  const reload = useCallback(() => setRound((number) => number + 1), []);

  useEffect(() => {
    const controller = new AbortController();
    readPage(resource, query, controller.signal).then(
      (part) => setState({ asked, ...part }),
      (reason: unknown) => {
        if (controller.signal.aborted) return;
        const error = asApiError(reason);
        if (error.signedOut) signIn();
        setState(({ page, refused }) => ({ asked, page, refused, error }));
      },
    );
    return () => controller.abort();
  }, [resource, query, asked]);

  useEffect(() => {
    window.addEventListener(CHANGED, reload);
    return () => window.removeEventListener(CHANGED, reload);
  }, [reload]);

  /** Show what a change made of the rows, and read the list anew. */
  function update(change: (rows: Read[]) => Read[]): void {
    setState(({ page, ...rest }) => ({
      ...rest,
      page: page && { ...page, items: change(page.items) },
    }));
    reload();
  }

  return { ...state, loading: state.asked !== asked, round, reload, update };
}
