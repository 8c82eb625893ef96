// Spec: .specify/memory/constitution.md
"use client";

import { useCallback } from "react";
import { useAnswer } from "@/components/ui/use-answer";
import type { Entity, Resource } from "@/services/api";

/** One record. While it is read anew, and when it cannot be read, what was read before stays. */
export function useRecord<Read extends Entity, Write, Query>(
  resource: Resource<Read, Write, Query>,
  id: string,
) {
  const ask = useCallback((signal: AbortSignal) => resource.read(id, signal), [resource, id]);
  const { answer: record, error, loading, current, setState, reload } = useAnswer(ask, id);

  /** Show what a change made of it. */
  const update = (changed: Read) => setState({ asked: current, answer: changed });

  return { record, error, loading, reload, update };
}
