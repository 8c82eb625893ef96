// Spec: .specify/memory/constitution.md
"use client";

import { useState } from "react";
import { Dialog } from "@/components/ui/dialog";
import { signIn } from "@/components/ui/drafts";
import { ProblemMessage } from "@/components/ui/problem";
import { Slow } from "@/components/ui/slow";
import { useRequest } from "@/components/ui/use-request";
import type { ApiError, Entity, Resource } from "@/services/api";

interface Props<Read extends Entity, Write, Query> {
  resource: Resource<Read, Write, Query>;
  entity: Read;
  /** What tells it from the others. */
  name: string;
  /** What one is called. */
  one: string;
  onDeleted: () => void;
  /** It was changed, so that it is no longer what was to be deleted. */
  onStale: () => void;
  onClose: () => void;
}

const GONE = 404;

/** The question whether to delete something, until it is deleted. */
export function DeleteDialog<Read extends Entity, Write, Query>(props: Props<Read, Write, Query>) {
  const { resource, entity, name, one, onDeleted, onStale, onClose } = props;
  const [error, setError] = useState<ApiError>();
  const { busy, send, stop } = useRequest();

  async function remove(): Promise<void> {
    setError(undefined);
    const outcome = await send((signal) => resource.remove(entity, signal));
    if (!outcome) return;
    if (!outcome.error || outcome.error.status === GONE) return onDeleted();
    if (outcome.error.stale) return onStale();
    setError(outcome.error);
    if (outcome.error.signedOut) signIn();
  }

  return (
    <Dialog title={`Delete ${one}`} kind="message" onClose={busy ? stop : onClose}>
      <div className="dialog-text">
        <p>
          <strong>{name}</strong> will be gone for good.
        </p>
        {busy && <Slow />}
        {error && (
          <ProblemMessage title={error.uncertain ? "Perhaps not deleted" : "Not deleted"}>
            {error.message} {error.uncertain && "Delete it again to be sure."}
          </ProblemMessage>
        )}
      </div>
      <footer className="dialog-footer">
        <button type="button" className="button" onClick={busy ? stop : onClose}>
          {busy ? "Stop waiting" : "Keep"}
        </button>
        <button
          type="button"
          className="button danger solid"
          disabled={busy}
          onClick={() => void remove()}
        >
          {busy ? "Deleting…" : "Delete"}
        </button>
      </footer>
    </Dialog>
  );
}
