// Spec: .specify/memory/constitution.md
import type { Metadata } from "next";
import { AccountForm } from "@/components/ui/account-form";
import { destination } from "@/services/destination";

export const metadata: Metadata = { title: "Create an account" };

export default async function SignUp({ searchParams }: PageProps<"/sign-up">) {
  const { next } = await searchParams;
  return <AccountForm mode="sign-up" next={destination(next)} />;
}
