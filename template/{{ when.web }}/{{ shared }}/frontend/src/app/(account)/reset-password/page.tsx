// Spec: .specify/memory/constitution.md
import type { Metadata } from "next";
import Link from "next/link";
import { ResetPasswordForm } from "@/components/ui/sign-in-forms";

export const metadata: Metadata = { title: "Choose a new password" };

/** Where the link of a mail ends: with a token, or without one if it is not known any more. */
export default async function ResetPassword({ searchParams }: PageProps<"/reset-password">) {
  const { token } = await searchParams;
  if (typeof token === "string") return <ResetPasswordForm token={token} />;
  return (
    <div className="card account">
      <h1>This link does not work any more</h1>
      <p>It was used already, or it is older than half an hour.</p>
      <Link href="/forgot-password">Ask for another link</Link>
    </div>
  );
}
