// Spec: .specify/memory/constitution.md
"use client";

/** What went well. Screen readers hear it when it comes. */
export function Notice({ children }: { children: string }) {
  return (
    <p role="status" className={children ? "notice" : "visually-hidden"}>
      {children}
    </p>
  );
}
