// Spec: .specify/memory/constitution.md
import { createAuthClient } from "better-auth/react";

/** The browser's side of the accounts: it sees no token, the session is a cookie that scripts cannot read. */
export const account = createAuthClient();

/** The shortest password that is accepted. */
export const MIN_PASSWORD = 10;
/** Where the link in a mail ends that confirms an address, and the one that lets a password be chosen. */
export const CONFIRMED = "/verify-email";
export const RESET = "/reset-password";

/** What Better Auth or the frontend answers where it refuses. */
export interface Refusal {
  status: number;
  code?: string;
  message?: string;
  detail?: string;
}

const UNREACHABLE = "The server cannot be reached. Try again in a moment.";
const WORDS: Record<string, string> = {
  INVALID_PASSWORD: "The password is not right.",
  INVALID_TOKEN: "This link was used already or is too old. Ask for a new one.",
  UNAUTHORIZED: "You are signed out: sign in to go on.",
};

/** Say why something was refused, for people. */
function reason({ code = "", message, detail }: Refusal): string {
  const words = Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
  return words ?? message ?? detail ?? UNREACHABLE;
}

/** Call Better Auth and return why it refused, or an empty text. */
export async function attempt(call: Promise<{ error: Refusal | null }>): Promise<string> {
  try {
    const { error } = await call;
    return error ? reason(error) : "";
  } catch {
    return UNREACHABLE;
  }
}
