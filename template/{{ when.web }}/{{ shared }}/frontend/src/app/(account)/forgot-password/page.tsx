// Spec: .specify/memory/constitution.md
import type { Metadata } from "next";
import { ForgotPasswordForm } from "@/components/ui/sign-in-forms";

export const metadata: Metadata = { title: "Forgot your password?" };

export default function ForgotPassword() {
  return <ForgotPasswordForm />;
}
