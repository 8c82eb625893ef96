// Spec: .specify/memory/constitution.md
"use client";

import { useCallback, useEffect, useOptimistic, useState, useTransition } from "react";
import { ApiError, asApiError, type Entity, type Page, type Resource } from "@/services/api";

/** Event of the window: things of a kind (its detail) have changed by another way than the list's own. */
export const CHANGED = "changed";

type Change<Read> = (items: Read[]) => Read[];

interface State<Read> {
  query: string;
  page?: Page<Read>;
  error?: ApiError;
}

function signOutIfAsked(error: ApiError): void {
  if (error.status !== 401) return;
  const { pathname, search } = window.location;
  window.location.assign(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
}

/**
 * A part of a list that follows its query, and changes that show before the server has answered and go back if it refuses.
 *
 * @param resource the feature's service
 * @param query what the list is asked for, as a query string
 */
export function useList<Read extends Entity, Write, Query>(
  resource: Resource<Read, Write, Query>,
  query: string,
) {
  const [state, setState] = useState<State<Read>>({ query });
  const [round, setRound] = useState(0);
  const [, startTransition] = useTransition();
  const [items, show] = useOptimistic(state.page?.items ?? [], (now, change: Change<Read>) =>
    change(now),
  );

  const fetchPage = useCallback(
    (signal?: AbortSignal) =>
      resource.list(Object.fromEntries(new URLSearchParams(query)) as Query, signal),
    [resource, query],
  );
  const reload = useCallback(() => setRound((number) => number + 1), []);

  useEffect(() => {
    const controller = new AbortController();
    fetchPage(controller.signal).then(
      (page) => setState({ query, page }),
      (reason: unknown) => {
        if (controller.signal.aborted) return;
        const error = asApiError(reason);
        signOutIfAsked(error);
        setState({ query, error });
      },
    );
    return () => controller.abort();
  }, [fetchPage, query, round]);

  useEffect(() => {
    window.addEventListener(CHANGED, reload);
    return () => window.removeEventListener(CHANGED, reload);
  }, [reload]);

  /** Show a change at once, make it, and read the list anew; the answer is the error, if there is one. */
  function apply(
    change: Change<Read>,
    action: () => Promise<unknown>,
  ): Promise<ApiError | undefined> {
    return new Promise((resolve) => {
      startTransition(async () => {
        show(change);
        try {
          await action();
          const page = await fetchPage();
          startTransition(() => setState({ query, page }));
          resolve(undefined);
        } catch (reason) {
          const error = asApiError(reason);
          signOutIfAsked(error);
          resolve(error);
        }
      });
    });
  }

  return {
    items,
    total: state.page?.total ?? 0,
    error: state.error,
    loading: state.query !== query || (!state.page && !state.error),
    reload,
    apply,
  };
}
