// Spec: .specify/memory/constitution.md
"use client";

import { useId, useState, type ComponentProps, type FormEvent, type ReactNode } from "react";
import { Notice } from "@/components/ui/notice";
import { ProblemMessage } from "@/components/ui/problem";
import { Slow } from "@/components/ui/slow";
import { MIN_PASSWORD } from "@/services/account";

/** What a form holds, by the names of its fields, as it was typed. */
export type Entered = Record<string, string>;

interface FormProps {
  title: string;
  /** Rank of the title among those of the page. */
  level: 1 | 2;
  /** What is said above the reason when it does not succeed. */
  failed: string;
  button: string;
  danger?: boolean;
  /** Send it, and return why it was refused, or an empty text. */
  send: (entered: Entered) => Promise<string>;
  /** Go on after a success; what it returns is shown, and the fields are emptied. */
  done: (entered: Entered) => string | void;
  children: ReactNode;
  /** What stands below the button. */
  footer?: ReactNode;
}

/** A form that does one thing with an account. */
export function AccountForm(props: FormProps) {
  const { title, level, failed, button, danger, send, done, children, footer } = props;
  const [problem, setProblem] = useState("");
  const [message, setMessage] = useState("");
  const [busy, setBusy] = useState(false);
  const heading = useId();
  const Title = level === 1 ? "h1" : "h2";

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const entered = Object.fromEntries(
      Array.from(new FormData(form), ([name, value]) => [name, String(value)]),
    );
    setBusy(true);
    setProblem("");
    setMessage("");
    const refused = await send(entered);
    setProblem(refused);
    if (!refused) {
      const said = done(entered);
      // Where nothing is said, another page comes.
      if (!said) return;
      form.reset();
      setMessage(said);
    }
    setBusy(false);
  }

  // Until the page is ready, and without JavaScript, the browser sends the form itself: nothing of it may get into an address.
  return (
    <form
      method="post"
      className="card account"
      aria-labelledby={heading}
      onSubmit={(event) => void submit(event)}
    >
      <Title id={heading}>{title}</Title>
      {problem && <ProblemMessage title={failed}>{problem}</ProblemMessage>}
      <Notice>{message}</Notice>
      {children}
      <button
        type="submit"
        className={`button wide ${danger ? "danger solid" : "primary"}`}
        disabled={busy}
      >
        {button}
      </button>
      {busy && <Slow />}
      {footer}
    </form>
  );
}

interface FieldProps extends ComponentProps<"input"> {
  label: string;
  hint?: string;
}

/** One field of such a form, which has to be filled in. */
export function AccountField({ label, hint, ...input }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} aria-describedby={hint && `${id}-hint`} required {...input} />
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** The field for the address that an account is known by. */
export function EmailField({ label = "E-mail", ...input }: Partial<FieldProps>) {
  return (
    <AccountField label={label} name="email" type="email" autoComplete="username" {...input} />
  );
}

/** The field for the password that an account has. */
export function PasswordField({ label = "Password" }: { label?: string }) {
  return (
    <AccountField label={label} name="password" type="password" autoComplete="current-password" />
  );
}

/** The field for a password that an account gets. */
export function NewPasswordField({ label = "New password" }: { label?: string }) {
  return (
    <AccountField
      label={label}
      name="newPassword"
      type="password"
      autoComplete="new-password"
      minLength={MIN_PASSWORD}
      hint={`At least ${MIN_PASSWORD} characters.`}
    />
  );
}
