// Spec: .specify/memory/constitution.md
import type { NextConfig } from "next";

/** What a browser can do and these pages never ask for, so that no script in them can either. */
const UNUSED = [
  "accelerometer",
  "camera",
  "display-capture",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "payment",
  "usb",
];

const config: NextConfig = {
  // The image sets it: a folder with the server and nothing that it does not need.
  output: process.env.NEXT_OUTPUT === "standalone" ? "standalone" : undefined,
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: ["libsql", "pg"],
  // libsql chooses its binary at run time, where tracing does not see it.
  outputFileTracingIncludes: { "/*": ["./node_modules/@libsql/**", "./node_modules/libsql/**"] },
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "X-Content-Type-Options", value: "nosniff" },
        { key: "Referrer-Policy", value: "same-origin" },
        { key: "Permissions-Policy", value: UNUSED.map((feature) => `${feature}=()`).join(", ") },
      ],
    },
  ],
};

export default config;
