// Spec: .specify/memory/constitution.md
"use client";

import { useEffect, useState } from "react";

const PATIENCE = 4_000;

/** Says that an answer takes long, once it does. */
export function Slow({ children = "The server is slow to answer." }: { children?: string }) {
  const [late, setLate] = useState(false);

  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);

  return (
    <p aria-live="polite" className={late ? "muted" : "visually-hidden"}>
      {late && children}
    </p>
  );
}
