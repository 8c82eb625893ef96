// Spec: .specify/memory/constitution.md
"use client";

import { useEffect, useId, useRef, type ReactNode } from "react";

interface Props {
  title: string;
  /** A sheet takes the side of the window, a message its middle. */
  kind: "sheet" | "message";
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog of the browser's own: it holds the focus and gives it back to what opened it. */
export function Dialog({ title, kind, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      // What opened it may be gone, with the row that was deleted.
      const there = opener?.isConnected ? opener : document.querySelector("main");
      if (there instanceof HTMLElement) there.focus({ preventScroll: true });
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      className={`dialog ${kind}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // Browsers close it by a second Esc whatever the first one came to: what is shown is for the page to say.
      // In development React shows it twice, and it is open again when the first end is told.
      onClose={({ currentTarget }) => {
        if (currentTarget.open) return;
        currentTarget.showModal();
        onClose();
      }}
    >
      <header className="dialog-header">
        <h2 id={heading}>{title}</h2>
        <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d="M3 3l10 10M13 3L3 13" stroke="currentColor" strokeWidth="1.6" />
          </svg>
        </button>
      </header>
      {children}
    </dialog>
  );
}
