// Spec: .specify/memory/constitution.md
import type { Metadata } from "next";
import { SignUpForm } from "@/components/ui/sign-in-forms";
import { destination } from "@/services/destination";

export const metadata: Metadata = { title: "Create an account" };

export default async function SignUp({ searchParams }: PageProps<"/sign-up">) {
  const { next } = await searchParams;
  return <SignUpForm next={destination(next)} />;
}
