// Spec: .specify/memory/constitution.md
"use client";

import type { ReactNode } from "react";

interface Props {
  title: string;
  children: ReactNode;
  /** What the person can do about it. */
  action?: { label: string; run: () => void };
}

/** Something went wrong: what, and what can be done. Screen readers hear it at once. */
export function ProblemMessage({ title, children, action }: Props) {
  return (
    <div className="problem" role="alert">
      <p className="problem-title">{title}</p>
      <p>{children}</p>
      {action && (
        <button type="button" className="button" onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}
