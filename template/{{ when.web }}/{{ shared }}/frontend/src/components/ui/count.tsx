// Spec: .specify/memory/constitution.md
"use client";

import { useState } from "react";
import { useRequest } from "@/components/ui/use-request";
import { MAX_TOTAL } from "@/services/api";

interface Props {
  /** How many there are, where the page shows it: there is no other. */
  known: number | undefined;
  /** Ask the server how many there are. */
  ask: () => Promise<number>;
}

/** How many there are in all. It is counted for whoever asks: the more there are, the longer it takes. */
export function Count({ known, ask }: Props) {
  const [total, setTotal] = useState<number>();
  const [problem, setProblem] = useState("");
  const { busy, send } = useRequest();
  const found = known ?? total;

  async function count(): Promise<void> {
    setProblem("");
    const outcome = await send(ask);
    if (outcome?.error) setProblem(outcome.error.message);
    else setTotal(outcome?.result);
  }

  return (
    <div className="total muted">
      <span role="status">
        {problem}
        {found !== undefined && inAll(found)}
      </span>
      {found === undefined && (
        <button type="button" className="link" aria-disabled={busy} onClick={() => void count()}>
          {busy ? "Counting…" : "Count"}
        </button>
      )}
    </div>
  );
}

function inAll(total: number): string {
  const number = total.toLocaleString();
  return total < MAX_TOTAL ? `${number} in all` : `${number} or more`;
}
