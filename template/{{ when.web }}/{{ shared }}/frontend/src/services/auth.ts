// Spec: .specify/memory/constitution.md
import "server-only";
import { betterAuth, type BetterAuthOptions } from "better-auth";
import { APIError, createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import { getMigrations } from "better-auth/db/migration";
import { nextCookies } from "better-auth/next-js";
import { jwt } from "better-auth/plugins";
import { PostgresDialect, SqliteDialect } from "kysely";
import { headers } from "next/headers";
import { after } from "next/server";
import { CONFIRMED, MIN_PASSWORD, RESET } from "@/services/account";
import { required } from "@/services/config";
import { addressWarning, confirmationLink, passwordLink } from "@/services/account-letters";
import { send, type Mail } from "@/services/mail";

/** Any number that nothing else in the database locks: one process at a time changes the tables. */
const MIGRATION_LOCK = 7_041_776;
const MINUTE = 60;
const HALF_AN_HOUR = 30 * 60;
const HOUR = 60 * 60;
/** How long the server may take to delete what belongs to a user, in milliseconds. */
const DELETION = 30_000;

/** What gives or takes the whole account: a session, which somebody may have left open, is not enough for it. */
const WITH_PASSWORD = ["/change-email", "/delete-user"];
/** What sends a mail to an address that somebody typed; Better Auth has the same rule for its other ways to do so. */
const MAILS = { window: MINUTE, max: 3 };

type Database = NonNullable<BetterAuthOptions["database"]>;

async function connect(url: string): Promise<Database> {
  if (url.startsWith("sqlite:///")) {
    const { default: Sqlite } = await import("libsql");
    const database = new Sqlite(url.slice("sqlite:///".length));
    database.exec("PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000");
    return { dialect: new SqliteDialect({ database }), type: "sqlite" };
  }
  const { Pool } = await import("pg");
  return {
    dialect: new PostgresDialect({ pool: new Pool({ connectionString: url }) }),
    type: "postgres",
  };
}

/** Send a mail after the answer: how long an answer takes must not say whether somebody has an account. */
function post(mail: Mail): void {
  after(() => send(mail));
}

interface Claims {
  email: string;
  updateTo?: string;
}

/** Read a token of Better Auth that changes or confirms an address, without checking who signed it. */
function claims(token: string): Claims | null {
  try {
    const part = Buffer.from(token.split(".")[1] ?? "", "base64url");
    return JSON.parse(part.toString()) as Claims;
  } catch {
    return null;
  }
}

/** Links to a new password that were sent before are worth nothing once the account has a new password or address. */
async function forgetResets({ id }: { id: string }): Promise<void> {
  const { adapter } = await (await auth()).$context;
  await adapter.deleteMany({ model: "verification", where: [{ field: "value", value: id }] });
}

/** Have the server delete everything of the user; if it does not, the account stays. */
async function deleteRecords(_user: unknown, request?: Request): Promise<void> {
  const token = request && (await accessToken(request.headers));
  const answer = await fetch(new URL("/api/account", required("API_URL")), {
    method: "DELETE",
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(DELETION),
  }).catch(() => null);
  if (answer?.ok) return;
  throw new APIError("BAD_GATEWAY", {
    message: "The server cannot delete your records now, so your account is still there.",
  });
}

/** What Better Auth leaves to the caller, and what is no choice here. */
const rules = createAuthMiddleware(async (context) => {
  const { path, body, query } = context;
  if (path === "/change-password") {
    return { context: { body: { ...body, revokeOtherSessions: true } } };
  }
  if (WITH_PASSWORD.includes(path) && (typeof body?.password !== "string" || !body.password)) {
    throw new APIError("BAD_REQUEST", { message: "Enter your password." });
  }
  if (path === "/change-email") {
    const current = await getSessionFromCtx(context);
    if (current) await context.context.password.checkPassword(current.user.id, context);
  }
  // A mistyped address is somebody else's, who must not get the account by the link: its owner follows it, signed in.
  if (path === "/verify-email") {
    const current = await getSessionFromCtx(context);
    if (!current) {
      const link = `/api/auth${path}?${new URLSearchParams(query)}`;
      throw context.redirect(`/sign-in?next=${encodeURIComponent(link)}`);
    }
    if (claims(String(query?.token))?.email !== current.user.email) {
      throw context.redirect(`${CONFIRMED}&error=INVALID_USER`);
    }
  }
});

function options(database: Database) {
  const issuer = required("BETTER_AUTH_URL");
  return {
    baseURL: issuer,
    secret: required("BETTER_AUTH_SECRET"),
    database,
    emailAndPassword: {
      enabled: true,
      minPasswordLength: MIN_PASSWORD,
      resetPasswordTokenExpiresIn: HALF_AN_HOUR,
      revokeSessionsOnPasswordReset: true,
      onPasswordReset: ({ user }) => forgetResets(user),
      sendResetPassword: async ({ user, token }) => {
        // Whoever has a mistyped address would get the account with the password.
        if (!user.emailVerified) return;
        // No server gets to see what stands behind the "#", and so no log.
        post(passwordLink(user.email, `${issuer}${RESET}#token=${token}`));
      },
    },
    emailVerification: {
      sendOnSignUp: true,
      expiresIn: HOUR,
      afterEmailVerification: forgetResets,
      sendVerificationEmail: async ({ user, url, token }) => {
        post(confirmationLink(user.email, url));
        const change = claims(token);
        if (change?.updateTo) post(addressWarning(change.email, `${issuer}/account`));
      },
    },
    user: {
      changeEmail: { enabled: true },
      deleteUser: { enabled: true, beforeDelete: deleteRecords },
    },
    // Who reads the database cannot follow a link that waits in it.
    verification: { storeIdentifier: "hashed" },
    hooks: {
      before: rules,
      after: createAuthMiddleware(async ({ path, context }) => {
        const { session, returned } = context;
        if (path === "/change-password" && session && !(returned instanceof APIError)) {
          await forgetResets(session.user);
        }
      }),
    },
    // Counted in the database: processes share nothing else. What takes a password takes few guesses.
    rateLimit: {
      storage: "database",
      customRules: {
        "/change-email": MAILS,
        "/delete-user": { window: 10, max: 3 },
        "/sign-up/email": MAILS,
      },
    },
    telemetry: { enabled: false },
    plugins: [
      jwt({
        jwks: { keyPairConfig: { alg: "EdDSA", crv: "Ed25519" } },
        jwt: {
          issuer,
          audience: required("AUTH_AUDIENCE"),
          expirationTime: "5m",
          definePayload: () => ({}),
        },
      }),
      nextCookies(),
    ],
  } satisfies BetterAuthOptions;
}

async function start() {
  return betterAuth(options(await connect(required("AUTH_DATABASE_URL"))));
}

let started: ReturnType<typeof start> | undefined;

/** Better Auth, started at its first use: a build needs neither secrets nor a database. */
export function auth(): ReturnType<typeof start> {
  return (started ??= start());
}

/** Bring the tables of accounts, sessions and keys to what this version of Better Auth needs. */
export async function migrate(): Promise<void> {
  const { options } = await auth();
  const url = required("AUTH_DATABASE_URL");
  if (url.startsWith("sqlite:///")) return (await getMigrations(options)).runMigrations();
  const { Client } = await import("pg");
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // Whoever waits here finds nothing left to do.
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await (await getMigrations(options)).runMigrations();
  } finally {
    await client.end();
  }
}

/** Who is signed in, or null. */
export async function session() {
  return (await auth()).api.getSession({ headers: await headers() });
}

/** A token for the server, signed for whoever these headers' session belongs to, or null. */
export async function accessToken(requestHeaders: Headers): Promise<string | null> {
  const { api } = await auth();
  if (!(await api.getSession({ headers: requestHeaders }))) return null;
  return (await api.getToken({ headers: requestHeaders })).token;
}
