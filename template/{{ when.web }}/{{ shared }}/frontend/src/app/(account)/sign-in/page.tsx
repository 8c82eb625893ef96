// Spec: .specify/memory/constitution.md
import type { Metadata } from "next";
import { AccountForm } from "@/components/ui/account-form";
import { destination } from "@/services/destination";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignIn({ searchParams }: PageProps<"/sign-in">) {
  const { next } = await searchParams;
  return <AccountForm mode="sign-in" next={destination(next)} />;
}
