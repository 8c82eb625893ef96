// Spec: .specify/memory/constitution.md
"use client";

import { useEffect, useRef, useState } from "react";
import { asApiError, stopped, type ApiError } from "@/services/api";

type Outcome<Result> = { result: Result; error?: undefined } | { error: ApiError };

/** A request that a person waits for, and can stop waiting for. */
export function useRequest() {
  const [running, setRunning] = useState<AbortController>();
  const shown = useRef(false);

  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);

  /** Send it, and say what came of it; nothing if the person has gone to another page meanwhile. */
  async function send<Result>(
    request: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Outcome<Result> | undefined> {
    const controller = new AbortController();
    setRunning(controller);
    let outcome: Outcome<Result>;
    try {
      outcome = { result: await request(controller.signal) };
    } catch (reason) {
      outcome = { error: asApiError(reason) };
    }
    setRunning(undefined);
    return shown.current ? outcome : undefined;
  }

  return { busy: running !== undefined, send, stop: () => running?.abort(stopped()) };
}
