// Spec: .specify/memory/constitution.md
"use client";

import Link from "next/link";
import { useEffect, useState } from "react";
import {
  AccountField,
  AccountForm,
  EmailField,
  NewPasswordField,
  PasswordField,
} from "@/components/ui/account-form";
import { account, attempt, CONFIRMED } from "@/services/account";

/** Where to go afterwards: a path of these pages. */
interface Next {
  next: string;
}

/** The form that lets people in who have an account. */
export function SignInForm({ next }: Next) {
  return (
    <AccountForm
      title="Sign in"
      level={1}
      failed="Not signed in"
      button="Sign in"
      // A space may be part of a password.
      send={({ email = "", password = "" }) =>
        attempt(account.signIn.email({ email: email.trim(), password }))
      }
      done={() => window.location.assign(next)}
      footer={
        <>
          <p className="muted">
            <Link href="/forgot-password">Forgot your password?</Link>
          </p>
          <p className="muted">
            No account yet?{" "}
            <Link href={`/sign-up?next=${encodeURIComponent(next)}`}>Create one</Link>
          </p>
        </>
      }
    >
      <EmailField />
      <PasswordField />
    </AccountForm>
  );
}

/** The form that makes an account. */
export function SignUpForm({ next }: Next) {
  return (
    <AccountForm
      title="Create an account"
      level={1}
      failed="No account was made"
      button="Create an account"
      send={({ name = "", email = "", newPassword = "" }) =>
        attempt(
          account.signUp.email({
            name: name.trim(),
            email: email.trim(),
            password: newPassword,
            callbackURL: CONFIRMED,
          }),
        )
      }
      done={() => window.location.assign(next)}
      footer={
        <p className="muted">
          You have an account?{" "}
          <Link href={`/sign-in?next=${encodeURIComponent(next)}`}>Sign in</Link>
        </p>
      }
    >
      <AccountField label="Name" name="name" autoComplete="name" maxLength={100} />
      <EmailField />
      <NewPasswordField label="Password" />
    </AccountForm>
  );
}

/** The form that sends a link to who has forgotten the password. It says the same whoever asks. */
export function ForgotPasswordForm() {
  return (
    <AccountForm
      title="Forgot your password?"
      level={1}
      failed="No mail was sent"
      button="Send me a link"
      send={({ email = "" }) => attempt(account.requestPasswordReset({ email: email.trim() }))}
      done={() =>
        "If this is the confirmed address of an account, a mail with a link is on its way. The link holds for half an hour."
      }
      footer={
        <p className="muted">
          <Link href="/sign-in">Back to the sign-in</Link>
        </p>
      }
    >
      <EmailField />
    </AccountForm>
  );
}

/** The form that gives an account a new password, with the token that a link has behind its "#". */
export function ResetPasswordForm() {
  const token = useToken();
  if (token === null) {
    return (
      <div className="card account">
        <h1>This link does not work any more</h1>
        <p>It was used already, or it is older than half an hour.</p>
        <Link href="/forgot-password">Ask for another link</Link>
      </div>
    );
  }
  return (
    <AccountForm
      title="Choose a new password"
      level={1}
      failed="The password is not changed"
      button="Change the password"
      send={({ newPassword = "" }) => attempt(account.resetPassword({ newPassword, token }))}
      done={() => window.location.assign("/sign-in?done=reset")}
      footer={
        <p className="muted">
          <Link href="/forgot-password">Ask for another link</Link>
        </p>
      }
    >
      <NewPasswordField />
    </AccountForm>
  );
}

/** The token of the link, which goes out of the address bar and the history; null if there is none. */
function useToken(): string | null {
  const [token, setToken] = useState<string | null>("");

  useEffect(() => {
    function take(): void {
      const found = new URLSearchParams(window.location.hash.slice(1)).get("token");
      if (found) window.history.replaceState(window.history.state, "", window.location.pathname);
      setToken((kept) => found || kept || null);
    }
    take();
    // Another link may be opened in the same window.
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);

  return token;
}
