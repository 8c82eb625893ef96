// Spec: .specify/memory/constitution.md
"use client";

import { useState } from "react";
import {
  AccountForm,
  EmailField,
  NewPasswordField,
  PasswordField,
} from "@/components/ui/account-form";
import { Notice } from "@/components/ui/notice";
import { ProblemMessage } from "@/components/ui/problem";
import { account, attempt, CONFIRMED } from "@/services/account";

interface Props {
  name: string;
  email: string;
  verified: boolean;
}

/** Everything that people can do with their account. */
export function YourAccount(props: Props) {
  return (
    <div className="account-parts">
      <Overview {...props} />
      <ChangePassword />
      <ChangeEmail />
      <DeleteAccount />
    </div>
  );
}

/** Who it belongs to, and whether the address is confirmed. */
function Overview({ name, email, verified }: Props) {
  const [message, setMessage] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function sendAgain(): Promise<void> {
    setBusy(true);
    setMessage("");
    const refused = await attempt(account.sendVerificationEmail({ email, callbackURL: CONFIRMED }));
    setProblem(refused);
    if (!refused) setMessage(`A mail with a link is on its way to ${email}.`);
    setBusy(false);
  }

  return (
    <section className="card account" aria-labelledby="overview">
      <h2 id="overview">Who you are</h2>
      <dl className="facts">
        <dt>Name</dt>
        <dd>{name}</dd>
        <dt>E-mail</dt>
        <dd>
          {email}{" "}
          <span className={`badge ${verified ? "on" : ""}`}>
            {verified ? "Confirmed" : "Not confirmed"}
          </span>
        </dd>
      </dl>
      {problem && <ProblemMessage title="No mail was sent">{problem}</ProblemMessage>}
      <Notice>{message}</Notice>
      {!verified && (
        <>
          <p className="muted">
            Follow the link in the mail that we sent. Only a confirmed address can be used to choose
            a new password.
          </p>
          <button type="button" className="button" disabled={busy} onClick={() => void sendAgain()}>
            Send the mail again
          </button>
        </>
      )}
    </section>
  );
}

function ChangePassword() {
  return (
    <AccountForm
      title="Change your password"
      level={2}
      failed="The password is not changed"
      button="Change the password"
      send={({ password = "", newPassword = "" }) =>
        attempt(
          account.changePassword({
            currentPassword: password,
            newPassword,
            revokeOtherSessions: true,
          }),
        )
      }
      done={() => "The password is changed. Everywhere else you are signed out."}
    >
      <PasswordField label="Current password" />
      <NewPasswordField />
    </AccountForm>
  );
}

function ChangeEmail() {
  return (
    <AccountForm
      title="Change your e-mail address"
      level={2}
      failed="No mail was sent"
      button="Send a link to this address"
      send={({ email = "", password = "" }) =>
        attempt(
          account.changeEmail({
            newEmail: email.trim(),
            callbackURL: CONFIRMED,
            fetchOptions: { body: { password } },
          }),
        )
      }
      done={({ email = "" }) =>
        `If no other account has it, a mail with a link is on its way to ${email.trim()}. Your address stays until you follow the link.`
      }
    >
      <EmailField label="New e-mail" autoComplete="email" />
      <PasswordField />
    </AccountForm>
  );
}

function DeleteAccount() {
  return (
    <AccountForm
      title="Delete your account"
      level={2}
      failed="The account is not deleted"
      button="Delete my account"
      danger
      send={({ password = "" }) => attempt(account.deleteUser({ password }))}
      done={() => window.location.assign("/sign-in?done=deleted")}
    >
      <p className="muted">
        Your account and everything that you keep here are gone for good, at once. Nobody can bring
        them back.
      </p>
      <PasswordField />
    </AccountForm>
  );
}
