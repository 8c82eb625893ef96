// Spec: .specify/memory/constitution.md
"use client";

import type { ReactNode } from "react";

interface Props {
  /** What tells it from the pagers of other lists. */
  label: string;
  /** The cursors of the pages beside this one, where there is one. */
  previous: string | null;
  next: string | null;
  /** Whether this page was reached by a cursor. */
  moved: boolean;
  /** Whether a page is being read. */
  busy: boolean;
  /** Go to the page of a cursor; an empty one is that of the first page. */
  onMove: (cursor: string) => void;
  /** What is said of the whole list. */
  children: ReactNode;
}

/** The way from a page of a list to its neighbours, and back to the first. */
export function Pager({ label, previous, next, moved, busy, onMove, children }: Props) {
  const steps = [
    { label: "First page", cursor: moved ? "" : null },
    { label: "Previous", cursor: previous },
    { label: "Next", cursor: next },
  ];
  return (
    <nav className="pager" aria-label={label}>
      {children}
      {steps.some(({ cursor }) => cursor !== null) && (
        <div className="pager-buttons">
          {steps.map(({ label: step, cursor }) => (
            <button
              key={step}
              type="button"
              className="button"
              // A button that is disabled would lose the focus of who reads page after page.
              aria-disabled={busy || cursor === null}
              onClick={() => !busy && cursor !== null && onMove(cursor)}
            >
              {step}
            </button>
          ))}
        </div>
      )}
    </nav>
  );
}
