// Spec: .specify/memory/constitution.md
"use client";

import { useCallback, useEffect, useState } from "react";
import { signIn } from "@/components/ui/drafts";
import { CHANGED } from "@/components/ui/use-list";
import { asApiError, type ApiError, type Entity, type Resource } from "@/services/api";

interface State<Read> {
  record?: Read;
  /** What this is the answer to. */
  asked?: string;
  error?: ApiError;
}

/** One record. While it is read anew, and when it cannot be read, what was read before stays. */
export function useRecord<Read extends Entity, Write, Query>(
  resource: Resource<Read, Write, Query>,
  id: string,
) {
  const [state, setState] = useState<State<Read>>({});
  const [round, setRound] = useState(0);
  const asked = `${round} ${id}`;
  const reload = useCallback(() => setRound((number) => number + 1), []);

  useEffect(() => {
    const controller = new AbortController();
    resource.read(id, controller.signal).then(
      (record) => setState({ asked, record }),
      (reason: unknown) => {
        if (controller.signal.aborted) return;
        const error = asApiError(reason);
        if (error.signedOut) signIn();
        setState(({ record }) => ({ asked, record, error }));
      },
    );
    return () => controller.abort();
  }, [resource, id, asked]);

  useEffect(() => {
    window.addEventListener(CHANGED, reload);
    return () => window.removeEventListener(CHANGED, reload);
  }, [reload]);

  /** Show what a change made of it. */
  const update = (record: Read) => setState({ asked, record });

  return { ...state, loading: state.asked !== asked, reload, update };
}
