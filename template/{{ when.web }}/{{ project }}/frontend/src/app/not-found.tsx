// Spec: .specify/memory/constitution.md
import Link from "next/link";

export default function NotFound() {
  return (
    <main className="account-page">
      <div className="card account">
        <h1>Nothing is here</h1>
        <p>The address may be old or mistyped.</p>
        <Link href="/">Go to the first page</Link>
      </div>
    </main>
  );
}
