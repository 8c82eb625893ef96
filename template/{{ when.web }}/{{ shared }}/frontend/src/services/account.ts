// Spec: .specify/memory/constitution.md
import { createAuthClient } from "better-auth/react";
import { asApiError, failure, send } from "@/services/api";

const TOO_MANY = 429;

/** Ask as for anything else, where Better Auth has no time limit and does not say how long to wait. */
async function ask(input: string | URL | Request, options?: RequestInit): Promise<Response> {
  const response = await send(new Request(input, options));
  if (response.status === TOO_MANY) throw failure(response);
  return response;
}

/** The browser's side of the accounts: it sees no token, the session is a cookie that scripts cannot read. */
export const account = createAuthClient({ fetchOptions: { customFetchImpl: ask } });

/** The shortest password that is accepted. */
export const MIN_PASSWORD = 10;
/** Where the link in a mail ends that confirms an address, and the one that lets a password be chosen. */
export const CONFIRMED = "/verify-email?confirmed=yes";
export const RESET = "/reset-password";

/** What Better Auth or the frontend answers where it refuses. */
export interface Refusal {
  status: number;
  code?: string;
  message?: string;
  detail?: string;
}

const WORDS: Record<string, string> = {
  INVALID_PASSWORD: "The password is not right.",
  INVALID_TOKEN: "This link was used already or is too old. Ask for a new one.",
  UNAUTHORIZED: "You are signed out: sign in to go on.",
};

/** Say why something was refused, for people. */
function reason({ status, code = "", message, detail }: Refusal): string {
  const words = Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
  // Better Auth says in brackets which part of the request it speaks of.
  const said = message?.replace(/^\[[\w.]+\] /, "");
  return words ?? said ?? detail ?? failure(new Response(null, { status })).message;
}

/** Call Better Auth and return why it refused, or an empty text. */
export async function attempt(call: Promise<{ error: Refusal | null }>): Promise<string> {
  try {
    const { error } = await call;
    return error ? reason(error) : "";
  } catch (reason) {
    return asApiError(reason).message;
  }
}
