// Spec: .specify/memory/constitution.md
import type { ReactNode } from "react";
import project from "../../../project.json";

/** The pages for people who are not signed in. */
export default function AccountLayout({ children }: { children: ReactNode }) {
  return (
    <main className="account-page">
      <p className="brand">{project.name}</p>
      {children}
    </main>
  );
}
