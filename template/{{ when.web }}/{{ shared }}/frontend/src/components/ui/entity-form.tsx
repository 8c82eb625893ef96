// Spec: .specify/memory/constitution.md
"use client";

import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { ControlRow } from "@/components/ui/control";
import { checkAll, type Field, type Values } from "@/services/fields";

interface Props {
  fields: Field[];
  values: Values;
  /** What the server found wrong with single fields. */
  messages: Values;
  /** What the server found wrong with the whole. */
  problem?: ReactNode;
  submitLabel: string;
  onSubmit: (values: Values) => void;
  onCancel: () => void;
}

/** A form for any entity. It checks what the contract says before anything is sent. */
export function EntityForm(props: Props) {
  const { fields, problem, submitLabel, onSubmit, onCancel } = props;
  const [values, setValues] = useState(props.values);
  const [messages, setMessages] = useState(props.messages);
  const [attempts, setAttempts] = useState(0);
  const form = useRef<HTMLFormElement>(null);

  // At the first sight of the form and after each attempt: to what has to be mended.
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [attempts]);

  function change(name: string, value: string): void {
    setValues((now) => ({ ...now, [name]: value }));
    setMessages((now) => ({ ...now, [name]: "" }));
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = checkAll(fields, values);
    setMessages(found);
    setAttempts((number) => number + 1);
    if (Object.keys(found).length === 0) onSubmit(values);
  }

  return (
    <form ref={form} method="post" className="entity-form" noValidate onSubmit={submit}>
      <div className="form-fields">
        {problem}
        {fields.map((field) => (
          <ControlRow
            key={field.name}
            field={field}
            value={values[field.name] ?? ""}
            message={messages[field.name]}
            onChange={(value) => change(field.name, value)}
          />
        ))}
      </div>
      <footer className="dialog-footer">
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="button primary">
          {submitLabel}
        </button>
      </footer>
    </form>
  );
}
