// Spec: .specify/memory/constitution.md
import type { Mail } from "@/services/mail";

/** A letter to an address, with the link that it is about. */
type Letter = (to: string, url: string) => Mail;

function host(url: string): string {
  return new URL(url).host;
}

/** The way to a new password. */
export const passwordLink: Letter = (to, url) => ({
  to,
  subject: `Choose a new password for ${host(url)}`,
  text: `Choose a new password within half an hour:

${url}

If you did not ask for it, there is nothing to do: your password stays.
`,
});

/** The proof that an address is theirs. */
export const confirmationLink: Letter = (to, url) => ({
  to,
  subject: `Confirm your e-mail address for ${host(url)}`,
  text: `Confirm within an hour that this address is yours. You may be asked to sign in:

${url}

If you know nothing of it, leave the link alone: somebody has mistyped an address.
`,
});

/** The warning to the address that an account has, when somebody wants to give it another one. */
export const addressWarning: Letter = (to, url) => ({
  to,
  subject: `Your account at ${host(url)} is to get another e-mail address`,
  text: `Somebody who knows your password asked for another e-mail address. This one counts until the
other is confirmed. If it was not you, change your password:

${url}
`,
});
