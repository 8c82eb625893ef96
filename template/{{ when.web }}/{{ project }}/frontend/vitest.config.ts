// Spec: .specify/memory/constitution.md
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: {
      "@": fileURLToPath(new URL("src", import.meta.url)),
      // Next.js brings it: an import that fails where a browser would get the module.
      "server-only": "next/dist/compiled/server-only/empty.js",
    },
  },
  test: { include: ["tests/unit/**/*.test.ts"], env: { TZ: "Europe/Berlin" } },
});
