// Spec: .specify/memory/constitution.md
"use client";

interface Props {
  offset: number;
  limit: number;
  total: number;
  onMove: (offset: number) => void;
}

/** Which part of a list is shown, and the way to its neighbours. */
export function Pager({ offset, limit, total, onMove }: Props) {
  const last = Math.min(offset + limit, total);
  return (
    <nav className="pager" aria-label="Pages of the list">
      <p className="muted" aria-live="polite">
        {offset + 1}–{last} of {total}
      </p>
      <div className="pager-buttons">
        <button
          type="button"
          className="button"
          disabled={offset === 0}
          onClick={() => onMove(Math.max(0, offset - limit))}
        >
          Previous
        </button>
        <button
          type="button"
          className="button"
          disabled={last >= total}
          onClick={() => onMove(offset + limit)}
        >
          Next
        </button>
      </div>
    </nav>
  );
}
