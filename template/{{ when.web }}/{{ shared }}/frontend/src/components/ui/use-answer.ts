// Spec: .specify/memory/constitution.md
"use client";

import { useCallback, useEffect, useState } from "react";
import { signIn } from "@/components/ui/drafts";
import { asApiError, type ApiError } from "@/services/api";

/** Event of the window: things of a kind (its detail) have changed by another way than the page's own. */
export const CHANGED = "changed";

interface State<Answer> {
  answer?: Answer;
  /** What this is the answer to. */
  asked?: string;
  error?: ApiError;
}

/**
 * What the server answers. While it is asked something else or anew, and when it cannot answer, the last answer stays.
 *
 * @param ask asks the server; another function asks anew
 * @param question what it is asked, in a text
 */
export function useAnswer<Answer>(ask: (signal: AbortSignal) => Promise<Answer>, question: string) {
  const [state, setState] = useState<State<Answer>>({});
  const [round, setRound] = useState(0);
  const asked = `${round} ${question}`;
  /** Ask the same anew. */
  const reload = useCallback(() => setRound((number) => number + 1), []);

  useEffect(() => {
    const controller = new AbortController();
    ask(controller.signal).then(
      (answer) => setState({ asked, answer }),
      (reason: unknown) => {
        if (controller.signal.aborted) return;
        const error = asApiError(reason);
        if (error.signedOut) signIn();
        setState(({ answer }) => ({ asked, answer, error }));
      },
    );
    return () => controller.abort();
  }, [ask, asked]);

  useEffect(() => {
    window.addEventListener(CHANGED, reload);
    return () => window.removeEventListener(CHANGED, reload);
  }, [reload]);

  return { ...state, setState, current: asked, loading: state.asked !== asked, round, reload };
}
