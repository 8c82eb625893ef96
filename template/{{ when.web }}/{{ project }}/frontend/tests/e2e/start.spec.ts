// Spec: .specify/memory/constitution.md
import { spawnSync } from "node:child_process";
import { expect, test } from "./fixtures";

const COMPLETE = {
  BETTER_AUTH_SECRET: "0123456789abcdef".repeat(4),
  BETTER_AUTH_URL: "http://localhost:3000",
  AUTH_DATABASE_URL: "sqlite:///:memory:",
  AUTH_AUDIENCE: "http://localhost:3000/api",
  API_URL: "http://127.0.0.1:8000",
};

for (const [name, value] of [
  ["BETTER_AUTH_SECRET", "development-only-and-in-every-copy-of-this-file"],
  ["API_URL", ""],
] as const) {
  test(`does not start in production with the ${name} "${value}"`, () => {
    const { status, stderr } = spawnSync("npm", ["start", "--", "--port", "0"], {
      env: { ...process.env, ...COMPLETE, [name]: value },
      encoding: "utf8",
      timeout: 45_000,
    });
    expect(status, stderr).toBe(1);
    expect(stderr).toContain(`The environment is not complete: ${name} `);
    expect(stderr).not.toContain("    at ");
  });
}
