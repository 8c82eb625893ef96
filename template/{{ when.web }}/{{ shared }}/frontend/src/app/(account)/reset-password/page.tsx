// Spec: .specify/memory/constitution.md
import type { Metadata } from "next";
import { ResetPasswordForm } from "@/components/ui/sign-in-forms";

export const metadata: Metadata = { title: "Choose a new password" };

/** Where the link of a mail ends. */
export default function ResetPassword() {
  return <ResetPasswordForm />;
}
