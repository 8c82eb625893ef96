// Spec: .specify/memory/constitution.md
"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { ProblemMessage } from "@/components/ui/problem";
import pages from "@/generated/pages.json";
import { account, attempt } from "@/services/account";
import project from "../../../project.json";

/** What every page of a signed-in user has at its top: the way to each feature, and the way out. */
export function Header({ user }: { user: string }) {
  const pathname = usePathname();
  const [problem, setProblem] = useState("");

  async function signOut(): Promise<void> {
    const refused = await attempt(account.signOut());
    setProblem(refused);
    // A full load: nothing of this user stays in the memory of the page.
    if (!refused) window.location.assign("/sign-in");
  }

  return (
    <header className="header">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <div className="header-inner">
        <Link className="brand" href="/">
          {project.name}
        </Link>
        <nav className="navigation" aria-label="Features">
          {pages.map(({ href, label }) => (
            <Link
              key={href}
              href={href}
              aria-current={
                pathname === href ? "page" : pathname.startsWith(`${href}/`) ? "true" : undefined
              }
            >
              {label}
            </Link>
          ))}
        </nav>
        <div className="who">
          <span className="who-name muted">{user}</span>
          <Link href="/account" aria-current={pathname === "/account" ? "page" : undefined}>
            Your account
          </Link>
          <button type="button" className="button small" onClick={() => void signOut()}>
            Sign out
          </button>
        </div>
        {problem && <ProblemMessage title="You are still signed in">{problem}</ProblemMessage>}
      </div>
    </header>
  );
}
