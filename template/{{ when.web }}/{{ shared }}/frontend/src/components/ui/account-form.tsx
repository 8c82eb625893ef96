// Spec: .specify/memory/constitution.md
"use client";

import Link from "next/link";
import { useState, type FormEvent } from "react";
import { ProblemMessage } from "@/components/ui/problem";
import { account } from "@/services/account";

interface Props {
  mode: "sign-in" | "sign-up";
  /** Path to go to afterwards. */
  next: string;
}

const TEXTS = {
  "sign-in": {
    title: "Sign in",
    failed: "Not signed in",
    question: "No account yet?",
    other: { href: "/sign-up", label: "Create one" },
  },
  "sign-up": {
    title: "Create an account",
    failed: "No account was made",
    question: "You have an account?",
    other: { href: "/sign-in", label: "Sign in" },
  },
};
const MIN_PASSWORD = 10;

/** The form that lets people in, with an account they have or a new one. */
export function AccountForm({ mode, next }: Props) {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const text = TEXTS[mode];
  const isNew = mode === "sign-up";

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const entered = (key: string) => String(data.get(key) ?? "");
    const [name, email] = [entered("name").trim(), entered("email").trim()];
    // A space may be part of it.
    const password = entered("password");
    setBusy(true);
    setProblem("");
    const answer = isNew
      ? await account.signUp.email({ name, email, password })
      : await account.signIn.email({ email, password });
    if (!answer.error) return window.location.assign(next);
    setBusy(false);
    setProblem(answer.error.message ?? "The server cannot be reached. Try again in a moment.");
  }

  // Until the page is ready, and without JavaScript, the browser sends the form itself: nothing of it may get into an address.
  return (
    <form method="post" className="card account" onSubmit={(event) => void submit(event)}>
      <h1>{text.title}</h1>
      {problem && <ProblemMessage title={text.failed}>{problem}</ProblemMessage>}
      {isNew && (
        <div className="field">
          <label htmlFor="name">Name</label>
          <input id="name" name="name" autoComplete="name" required maxLength={100} />
        </div>
      )}
      <div className="field">
        <label htmlFor="email">E-mail</label>
        <input id="email" name="email" type="email" autoComplete="username" required />
      </div>
      <div className="field">
        <label htmlFor="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autoComplete={isNew ? "new-password" : "current-password"}
          aria-describedby={isNew ? "password-hint" : undefined}
          minLength={isNew ? MIN_PASSWORD : undefined}
          required
        />
        {isNew && (
          <p className="hint" id="password-hint">
            At least {MIN_PASSWORD} characters.
          </p>
        )}
      </div>
      <button type="submit" className="button primary wide" disabled={busy}>
        {text.title}
      </button>
      <p className="muted">
        {text.question}{" "}
        <Link href={`${text.other.href}?next=${encodeURIComponent(next)}`}>{text.other.label}</Link>
      </p>
    </form>
  );
}
