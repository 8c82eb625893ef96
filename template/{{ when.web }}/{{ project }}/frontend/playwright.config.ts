// Spec: .specify/memory/constitution.md
import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

const WEB = `http://localhost:${process.env.WEB_PORT ?? 3100}`;
const API = `http://127.0.0.1:${process.env.API_PORT ?? 8100}`;
const DEBIAN_CHROMIUM = "/usr/bin/chromium";

// New databases for every run: the processes that it starts find the folder here.
const folder = (process.env.E2E_FOLDER ??= mkdtempSync(join(tmpdir(), "e2e-")));
const auth = { AUTH_AUDIENCE: API };

export default defineConfig({
  testDir: "tests/e2e",
  fullyParallel: false,
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: {
    baseURL: WEB,
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? DEBIAN_CHROMIUM,
      args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
    },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    trace: "retain-on-failure",
  },
  webServer: [
    {
      command:
        "uv run alembic upgrade head && uv run uvicorn --factory src.main:create_app --port " +
        new URL(API).port,
      cwd: "../backend",
      url: `${API}/health/ready`,
      reuseExistingServer: Boolean(process.env.REUSE_SERVERS),
      timeout: 120_000,
      env: {
        ...auth,
        ENVIRONMENT: "test",
        DATABASE_URL: `sqlite:///${folder}/server.db`,
        DATABASE_DIRECT_URL: "",
        AUTH_ISSUER: WEB,
        AUTH_JWKS_URL: `${WEB}/api/auth/jwks`,
        OPENAI_API_KEY: "",
      },
    },
    {
      command: `npm run build && npm start -- --port ${new URL(WEB).port}`,
      url: `${WEB}/health/ready`,
      reuseExistingServer: Boolean(process.env.REUSE_SERVERS),
      timeout: 600_000,
      env: {
        ...auth,
        BETTER_AUTH_SECRET: randomBytes(32).toString("hex"),
        BETTER_AUTH_URL: WEB,
        AUTH_DATABASE_URL: `sqlite:///${folder}/auth.db`,
        API_URL: API,
        EMAIL_URL: `file://${folder}/mails`,
        EMAIL_FROM: "shop@example.com",
        NEXT_TELEMETRY_DISABLED: "1",
      },
    },
  ],
});
