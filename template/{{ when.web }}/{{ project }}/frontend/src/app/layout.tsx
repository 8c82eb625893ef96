// Spec: .specify/memory/constitution.md
import type { Metadata, Viewport } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import "@/app/globals.css";
import project from "../../project.json";

export const metadata: Metadata = {
  title: { default: project.name, template: `%s · ${project.name}` },
  description: project.description,
};
export const viewport: Viewport = { colorScheme: "light dark" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Every page is rendered for its request: its scripts carry the request's nonce.
  await connection();
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
