// Spec: .specify/memory/constitution.md
import "server-only";
import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTransport } from "nodemailer";
import { required } from "@/services/config";

/** A message in plain text. It holds nothing that a user typed: a mail of ours is no way to send somebody else's words. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/**
 * Hand a message to what EMAIL_URL names: a mail server, a folder (one .eml file each) or the terminal.
 *
 * @throws Error when it does not take the message.
 */
export async function deliver(mail: Mail): Promise<void> {
  const url = new URL(required("EMAIL_URL"));
  const message = { from: required("EMAIL_FROM"), ...mail };
  if (url.protocol === "console:") {
    process.stdout.write(`To: ${mail.to}\nSubject: ${mail.subject}\n\n${mail.text}\n`);
  } else if (url.protocol === "file:") {
    const folder = fileURLToPath(url);
    const written = await createTransport({ streamTransport: true, buffer: true }).sendMail({
      ...message,
      textEncoding: "quoted-printable",
    });
    await mkdir(folder, { recursive: true });
    const name = `${Date.now()}-${randomUUID()}.eml`;
    await writeFile(join(folder, name), written.message, { mode: 0o600 });
  } else {
    // Who has a password for the server sends it encrypted or not at all.
    const requireTLS = url.username !== "";
    await createTransport({ url: url.href, requireTLS }).sendMail(message);
  }
}

/** Send a message. Nobody waits for it, so a failure goes to the log, without whom it was for and what it said. */
export async function send(mail: Mail): Promise<void> {
  try {
    await deliver(mail);
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    process.stderr.write(`A mail could not be sent: ${code ?? name}\n`);
  }
}
