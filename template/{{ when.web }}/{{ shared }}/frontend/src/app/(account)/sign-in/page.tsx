// Spec: .specify/memory/constitution.md
import type { Metadata } from "next";
import { SignInForm } from "@/components/ui/sign-in-forms";
import { destination } from "@/services/destination";

export const metadata: Metadata = { title: "Sign in" };

/** What was done before people came here. */
const DONE: Record<string, string> = {
  reset: "The password is changed. Sign in with it.",
  deleted: "Your account is deleted, and everything in it.",
};

export default async function SignIn({ searchParams }: PageProps<"/sign-in">) {
  const { next, done } = await searchParams;
  const said = Object.hasOwn(DONE, String(done)) && DONE[String(done)];
  return (
    <>
      {said && <p className="notice">{said}</p>}
      <SignInForm next={destination(next)} />
    </>
  );
}
