// Spec: .specify/memory/constitution.md
import "server-only";

/**
 * Read a variable of the environment that this process cannot do without.
 *
 * @throws Error with the name of the variable that is missing.
 */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: see .env.example`);
  return value;
}
