// Spec: .specify/memory/constitution.md
"use client";

import type { Values } from "@/services/fields";

/** What was typed into a form and is not saved. */
export interface Draft<Read> {
  /** What the form was opened with, if it exists. */
  entity?: Read;
  values: Values;
}

/** Event of the window: the session is over while something is typed. */
export const SIGNED_OUT = "signed-out";

/** In this page's memory and nowhere else. Only what a person does writes here, so that the server keeps none. */
const drafts = new Map<string, Draft<unknown>>();

/** What was typed into a form before it was closed; its name tells it from the other forms. */
export function draftOf<Read>(form: string): Draft<Read> | undefined {
  return drafts.get(form) as Draft<Read> | undefined;
}

/** Keep what is typed into a form, or forget it. */
export function keepDraft<Read>(form: string, draft: Draft<Read> | undefined): void {
  if (draft) drafts.set(form, draft);
  else drafts.delete(form);
}

/** Let people sign in again: on this page if something on it would be lost, else on the page for it. */
export function signIn(): void {
  if (drafts.size > 0) {
    window.dispatchEvent(new Event(SIGNED_OUT));
    return;
  }
  const { pathname, search } = window.location;
  window.location.assign(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
}
