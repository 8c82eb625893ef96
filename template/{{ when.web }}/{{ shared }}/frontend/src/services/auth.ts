// Spec: .specify/memory/constitution.md
import "server-only";
import { betterAuth, type BetterAuthOptions } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { nextCookies } from "better-auth/next-js";
import { jwt } from "better-auth/plugins";
import { PostgresDialect, SqliteDialect } from "kysely";
import { headers } from "next/headers";
import { required } from "@/services/config";

/** Any number that nothing else in the database locks: one process at a time changes the tables. */
const MIGRATION_LOCK = 7_041_776;

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

function options(database: Database) {
  const issuer = required("BETTER_AUTH_URL");
  return {
    baseURL: issuer,
    secret: required("BETTER_AUTH_SECRET"),
    database,
    emailAndPassword: { enabled: true, minPasswordLength: 10 },
    // Counted in the database: processes share nothing else.
    rateLimit: { storage: "database" },
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
