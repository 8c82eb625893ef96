// Spec: .specify/memory/constitution.md
import type { Metadata } from "next";
import Link from "next/link";

export const metadata: Metadata = { title: "E-mail address" };

/** Where the link of a mail ends that confirms an address. */
export default async function VerifyEmail({ searchParams }: PageProps<"/verify-email">) {
  const { confirmed, error } = await searchParams;
  return (
    <div className="card account">
      {error ? (
        <>
          <h1>The address is not confirmed</h1>
          <p>
            This link was used already, is older than an hour, or belongs to another account than
            the one that is signed in. Your account can send another one.
          </p>
        </>
      ) : confirmed ? (
        <>
          <h1>The address is confirmed</h1>
          <p>From now on it can be used to choose a new password.</p>
        </>
      ) : (
        <>
          <h1>Confirm your address</h1>
          <p>Open the link in the mail that went to it. Your account can send another one.</p>
        </>
      )}
      <Link href="/account">Go to your account</Link>
    </div>
  );
}
