// Spec: .specify/memory/constitution.md
import Link from "next/link";

/** What a page shows that is not there, or somebody else's: from outside these are the same. */
export default function NotFound() {
  return (
    <div className="card empty">
      <h1>Nothing is here</h1>
      <p className="muted">It may be deleted, or the address may be old or mistyped.</p>
      <Link href="/">Go to the first page</Link>
    </div>
  );
}
