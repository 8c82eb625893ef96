// Spec: .specify/memory/constitution.md
"use client";

import { useEffect, useState } from "react";
import { AccountForm, EmailField, PasswordField } from "@/components/ui/account-form";
import { Dialog } from "@/components/ui/dialog";
import { SIGNED_OUT } from "@/components/ui/drafts";
import { CHANGED } from "@/components/ui/use-answer";
import { account, attempt } from "@/services/account";

/** Lets people whose session is over go on where they are. Nobody else gets in here: what the page holds is theirs. */
export function SignInAgain({ email }: { email: string }) {
  const [open, setOpen] = useState(false);

  useEffect(() => {
    const ask = () => setOpen(true);
    window.addEventListener(SIGNED_OUT, ask);
    return () => window.removeEventListener(SIGNED_OUT, ask);
  }, []);

  if (!open) return null;
  return (
    <Dialog title="You are signed out" kind="message" onClose={() => setOpen(false)}>
      <AccountForm
        title="Sign in to go on"
        level={2}
        failed="Not signed in"
        button="Sign in"
        send={({ password = "" }) => attempt(account.signIn.email({ email, password }))}
        done={() => {
          setOpen(false);
          window.dispatchEvent(new Event(CHANGED));
        }}
      >
        <p className="muted">What you typed is still here.</p>
        <EmailField value={email} readOnly />
        <PasswordField />
      </AccountForm>
    </Dialog>
  );
}
