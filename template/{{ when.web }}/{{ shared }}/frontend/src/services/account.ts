// Spec: .specify/memory/constitution.md
import { createAuthClient } from "better-auth/react";

/** The browser's side of the accounts: it sees no token, the session is a cookie that scripts cannot read. */
export const account = createAuthClient();
