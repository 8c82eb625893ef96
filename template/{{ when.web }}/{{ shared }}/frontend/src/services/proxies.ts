// Spec: .specify/memory/constitution.md
import "server-only";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/**
 * Find out who sent a request. Every proxy adds to X-Forwarded-For who called it, so that as many entries can be trusted, from
 * the right, as there are proxies; the others are what the caller wrote.
 *
 * @param forwarded X-Forwarded-For as it came
 * @param peer address of whoever called this process
 * @param proxies how many proxies stand in front of it
 */
export function callerAddress(forwarded: string, peer: string, proxies: number): string {
  const chain = [...forwarded.split(","), peer].map((address) => address.trim());
  return chain.at(-1 - proxies) ?? peer;
}

/**
 * Let X-Forwarded-For hold the caller's address and nothing else, before anybody reads it: Next.js leaves the header as it
 * came, and Better Auth counts sign-ins by it.
 */
export function trustProxies(): void {
  const proxies = Number(process.env.TRUSTED_PROXIES ?? 0);
  subscribe("http.server.request.start", (message) => {
    const { headers, socket } = (message as { request: IncomingMessage }).request;
    const forwarded = String(headers["x-forwarded-for"] ?? "");
    headers["x-forwarded-for"] = callerAddress(forwarded, socket.remoteAddress ?? "", proxies);
  });
}
