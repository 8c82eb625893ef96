// Spec: .specify/memory/constitution.md
"use client";

import { ProblemMessage } from "@/components/ui/problem";

/** What a page shows when it could not be made; the cause is in the log of the server. */
export default function PageError({ reset }: { reset: () => void }) {
  return (
    <ProblemMessage
      title="This page could not be shown"
      action={{ label: "Try again", run: reset }}
    >
      Something went wrong on our side.
    </ProblemMessage>
  );
}
