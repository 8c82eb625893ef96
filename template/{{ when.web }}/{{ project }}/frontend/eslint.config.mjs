// Spec: .specify/memory/constitution.md
import { defineConfig, globalIgnores } from "eslint/config";
import next from "eslint-config-next/core-web-vitals";
import typescript from "eslint-config-next/typescript";

const message = "Nothing is kept in the browser's storage (constitution, gate Stateless).";
const storages = ["localStorage", "sessionStorage"];

export default defineConfig([
  ...next,
  ...typescript,
  globalIgnores([
    ".next/",
    "next-env.d.ts",
    "src/generated/",
    "playwright-report/",
    "test-results/",
  ]),
  {
    files: ["src/**"],
    rules: {
      "no-restricted-globals": ["error", ...storages.map((name) => ({ name, message }))],
      "no-restricted-properties": [
        "error",
        ...storages.flatMap((property) =>
          ["window", "globalThis", "self"].map((object) => ({ object, property, message })),
        ),
      ],
      "no-console": "error",
      // Signing in and out loads the page anew on purpose: nothing of one user stays for the next.
      "@next/next/no-location-assign-relative-destination": "off",
    },
  },
]);
