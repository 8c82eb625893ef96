// Spec: .specify/memory/constitution.md
"use client";

import { useCallback } from "react";
import { useAnswer } from "@/components/ui/use-answer";
import { asApiError, type Entity, type Page, type Resource } from "@/services/api";

const INVALID = 422;

interface Part<Read> {
  page?: Page<Read>;
  /** What the server refused of the query and was left out, by the name of the parameter. */
  refused: Record<string, string>;
}

const NOTHING = { refused: {} };

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
  const ask = useCallback(
    (signal: AbortSignal) => readPage(resource, query, signal),
    [resource, query],
  );
  const { answer, error, loading, round, setState, reload } = useAnswer(ask, query);
  const { page, refused }: Part<Read> = answer ?? NOTHING;

  /** Show what a change made of the rows, and read the list anew. */
  function update(change: (rows: Read[]) => Read[]): void {
    setState(({ answer: shown, ...rest }) => ({
      ...rest,
      answer: shown?.page
        ? { ...shown, page: { ...shown.page, items: change(shown.page.items) } }
        : shown,
    }));
    reload();
  }

  return { page, refused, error, loading, round, reload, update };
}
