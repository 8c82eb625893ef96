// Spec: .specify/memory/constitution.md

/** Next.js calls this once, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { checkEnvironment } = await import("@/services/config");
  checkEnvironment();
  const { trustProxies } = await import("@/services/proxies");
  trustProxies();
  const { migrate } = await import("@/services/auth");
  await migrate();
}
