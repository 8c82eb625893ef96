// Spec: .specify/memory/constitution.md
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { YourAccount } from "@/components/ui/your-account";
import { session } from "@/services/auth";

export const metadata: Metadata = { title: "Your account" };

export default async function Account() {
  const current = await session();
  if (!current) redirect("/sign-in");
  const { name, email, emailVerified } = current.user;
  return (
    <>
      <h1>Your account</h1>
      <YourAccount name={name} email={email} verified={emailVerified} />
    </>
  );
}
