// Spec: .specify/memory/constitution.md
import "server-only";

/** Variables that this process cannot do without. */
const NEEDED = [
  "BETTER_AUTH_SECRET",
  "BETTER_AUTH_URL",
  "AUTH_DATABASE_URL",
  "AUTH_AUDIENCE",
  "API_URL",
  "EMAIL_URL",
  "EMAIL_FROM",
];
/** How every secret begins that stands in a file for everybody to read. */
const EXAMPLE = "development-only";
const SECRET_LENGTH = 32;
/** Where mails can go, as an address. */
const MAIL = /^(smtps?:\/\/[^/]+.*|file:\/\/\/.+|console:)$/;

/**
 * Read a variable of the environment that this process cannot do without.
 *
 * @throws Error with the name of the variable that is missing.
 */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: see .env.example`);
  return value;
}

/** Name every variable that is missing or does not fit, with what is wrong, also what only production must not have. */
export function problems(
  environment: Record<string, string | undefined>,
  production: boolean,
): string[] {
  const found = NEEDED.filter((name) => !environment[name]).map((name) => `${name} is missing`);
  const secret = environment.BETTER_AUTH_SECRET;
  if (production && secret && (secret.length < SECRET_LENGTH || secret.startsWith(EXAMPLE))) {
    found.push(
      `BETTER_AUTH_SECRET needs ${SECRET_LENGTH} characters of its own, not those of an example`,
    );
  }
  if (environment.EMAIL_URL && !MAIL.test(environment.EMAIL_URL)) {
    found.push("EMAIL_URL must be like smtp://user:password@host:587, file:///folder or console:");
  }
  if (environment.EMAIL_FROM && !environment.EMAIL_FROM.includes("@")) {
    found.push("EMAIL_FROM must be an e-mail address, such as shop@example.com");
  }
  if (!/^\d*$/.test(environment.TRUSTED_PROXIES ?? "")) {
    found.push("TRUSTED_PROXIES must be a number, such as 1");
  }
  return found;
}

/** End the process with one sentence if it cannot serve with these variables. */
export function checkEnvironment(): void {
  const found = problems(process.env, process.env.NODE_ENV === "production");
  if (found.length === 0) return;
  process.stderr.write(`The environment is not complete: ${found.join("; ")}.\n`);
  process.exit(1);
}
