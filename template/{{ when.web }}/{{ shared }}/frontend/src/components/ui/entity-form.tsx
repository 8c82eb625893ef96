// Spec: .specify/memory/constitution.md
"use client";

import { useEffect, useRef, type FormEvent, type ReactNode } from "react";
import { ControlRow } from "@/components/ui/control";
import type { Field, Values } from "@/services/fields";

interface Props {
  fields: Field[];
  values: Values;
  /** What is wrong with single fields. */
  messages: Values;
  /** How often it was refused: each time the focus goes to what has to be mended. */
  refusals: number;
  /** Whether it is being sent. */
  busy: boolean;
  submitLabel: string;
  onChange: (name: string, changed: Values) => void;
  onSubmit: () => void;
  onCancel: () => void;
  /** What is said above the fields. */
  children: ReactNode;
}

/** A form for any entity. */
export function EntityForm(props: Props) {
  const { fields, values, messages, refusals, busy, submitLabel, onChange, onSubmit, onCancel } =
    props;
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (refusals === 0) return;
    const find = (selector: string) => form.current?.querySelector<HTMLElement>(selector);
    find("[role=alert]")?.scrollIntoView({ block: "nearest" });
    (find("[aria-invalid=true]") ?? find("[type=submit]"))?.focus();
  }, [refusals]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    onSubmit();
  }

  return (
    <form ref={form} method="post" className="entity-form" noValidate onSubmit={submit}>
      <fieldset className="form-fields" disabled={busy}>
        {props.children}
        {fields.map((field) => (
          <ControlRow
            key={field.name}
            field={field}
            values={values}
            message={messages[field.name]}
            onChange={(changed) => onChange(field.name, changed)}
          />
        ))}
      </fieldset>
      <footer className="dialog-footer">
        <button type="button" className="button" onClick={onCancel}>
          {busy ? "Stop waiting" : "Cancel"}
        </button>
        <button type="submit" className="button primary" disabled={busy}>
          {busy ? "Saving…" : submitLabel}
        </button>
      </footer>
    </form>
  );
}
