// Spec: .specify/memory/constitution.md
"use client";

import { useEffect, useState } from "react";
import { Dialog } from "@/components/ui/dialog";
import { draftOf, keepDraft, signIn, type Draft } from "@/components/ui/drafts";
import { EntityForm } from "@/components/ui/entity-form";
import { ProblemMessage } from "@/components/ui/problem";
import { Slow } from "@/components/ui/slow";
import { useRequest } from "@/components/ui/use-request";
import { asApiError, type ApiError, type Entity } from "@/services/api";
import type { Feature } from "@/services/feature";
import { checkAll, initialValues, isSame, toBody, valuesOf, type Values } from "@/services/fields";

interface Props<Read extends Entity, Write, Query> {
  feature: Feature<Read, Write, Query>;
  /** What is edited; without it a new one is made. */
  opened?: Read;
  /** What a new one has from the place where it is made. It is not asked for. */
  fixed?: Values;
  onSaved: (saved: Read) => void;
  /** Nobody knows whether it is saved: the list may say. */
  onLook: () => void;
  onClose: () => void;
}

/**
 * The form for something new or for something that exists. It stays until the server has answered, and what was typed
 * stays longer: until it is saved or cancelled.
 */
export function EditDialog<Read extends Entity, Write extends object, Query>(
  props: Props<Read, Write, Query>,
) {
  const { feature, opened, fixed = {}, onSaved, onLook, onClose } = props;
  const { resource, fields, one } = feature;
  const form = [one, opened?.id ?? "", ...Object.values(fixed)].join(" ");
  const [kept, setKept] = useState(() => draftOf<Read>(form));
  const [draft, setDraft] = useState(() => kept ?? untouched(opened));
  const [messages, setMessages] = useState<Values>({});
  const [error, setError] = useState<ApiError>();
  const [refusals, setRefusals] = useState(0);
  const { busy, send, stop } = useRequest();
  const { entity, values } = draft;
  const typed = isTyped(draft);

  useEffect(() => {
    if (!typed) return;
    // The browser asks whether to leave.
    const ask = (event: Event) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [typed]);

  function untouched(existing?: Read): Draft<Read> {
    return {
      entity: existing,
      values: existing ? valuesOf(fields, existing) : { ...initialValues(fields), ...fixed },
    };
  }

  function isTyped({ entity: existing, values: now }: Draft<Read>): boolean {
    return !isSame(fields, now, untouched(existing).values);
  }

  function enter(next: Draft<Read>): void {
    setDraft(next);
    keepDraft(form, isTyped(next) ? next : undefined);
  }

  function begin(existing?: Read): void {
    enter(untouched(existing));
    setKept(undefined);
    setMessages({});
    setError(undefined);
  }

  function refuse(found: Values, reason?: ApiError): void {
    setMessages(found);
    setError(reason);
    setRefusals((number) => number + 1);
  }

  async function store(signal: AbortSignal): Promise<Read> {
    const body = toBody<Write>(fields, values, entity);
    const saved = await (entity ? replace(entity, body, signal) : resource.create(body, signal));
    keepDraft(form, undefined);
    return saved;
  }

  async function replace(existing: Read, body: Write, signal: AbortSignal): Promise<Read> {
    try {
      return await resource.replace(existing, body, signal);
    } catch (reason) {
      if (!asApiError(reason).stale) throw reason;
      // It may have been this form, whose answer was lost: then there is nothing to save any more.
      const newest = await resource.read(existing.id, signal);
      if (!isSame(fields, valuesOf(fields, body), valuesOf(fields, newest))) throw reason;
      return newest;
    }
  }

  async function save(): Promise<void> {
    const found = checkAll(fields, values);
    if (Object.keys(found).length > 0) return refuse(found);
    setError(undefined);
    const outcome = await send(store);
    if (!outcome) return;
    if (!outcome.error) return onSaved(outcome.result);
    refuse(outcome.error.fields, outcome.error);
    if (outcome.error.signedOut) signIn();
  }

  async function loadNewest({ id }: Read): Promise<void> {
    const outcome = await send((signal) => resource.read(id, signal));
    if (outcome?.error) refuse({}, outcome.error);
    else if (outcome) begin(outcome.result);
  }

  function problem() {
    if (!error) return undefined;
    if (error.stale && entity) {
      return (
        <ProblemMessage
          title="Changed elsewhere in the meantime"
          action={{ label: "Load the newest version", run: () => void loadNewest(entity) }}
        >
          Another window or device saved a newer version of this {one}, and yours was not saved.
          What you typed is still below; loading the newest version replaces it.
        </ProblemMessage>
      );
    }
    if (error.uncertain && entity) {
      return (
        <ProblemMessage title="Perhaps not saved">
          {error.message} Save it again to be sure: that does no harm if it is saved already.
        </ProblemMessage>
      );
    }
    if (error.uncertain) {
      return (
        <ProblemMessage
          title="Perhaps not saved"
          action={{ label: "Look in the list", run: onLook }}
        >
          {error.message} It may be saved all the same: look in the list before you create it again.
          What you typed stays in this form.
        </ProblemMessage>
      );
    }
    const action = error.signedOut ? { label: "Sign in", run: signIn } : undefined;
    return (
      <ProblemMessage title="Not saved" action={action}>
        {error.message}
      </ProblemMessage>
    );
  }

  return (
    <Dialog
      title={entity ? `Edit ${one}` : `New ${one}`}
      kind="sheet"
      onClose={busy ? stop : onClose}
    >
      <EntityForm
        fields={fields.filter(({ name }) => !(name in fixed))}
        values={values}
        messages={messages}
        refusals={refusals}
        busy={busy}
        submitLabel={entity ? "Save" : "Create"}
        onChange={(name, changed) => {
          enter({ entity, values: { ...values, ...changed } });
          setMessages({ ...messages, [name]: "" });
        }}
        onSubmit={() => void save()}
        onCancel={() => {
          if (busy) return stop();
          keepDraft(form, undefined);
          onClose();
        }}
      >
        {kept && (
          <p className="notice plain">
            This is what you typed before.{" "}
            <button type="button" className="link" onClick={() => begin(opened)}>
              Start afresh
            </button>
          </p>
        )}
        {problem()}
        {busy && (
          <Slow>The server is slow to answer. What you typed is kept if you stop waiting.</Slow>
        )}
      </EntityForm>
    </Dialog>
  );
}
