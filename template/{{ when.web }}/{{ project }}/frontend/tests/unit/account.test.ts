// Spec: .specify/memory/constitution.md
import { expect, test } from "vitest";
import { attempt, type Refusal } from "@/services/account";

test.each<[Partial<Refusal>, string]>([
  [{ code: "INVALID_PASSWORD", message: "Invalid password" }, "The password is not right."],
  [{ message: "Password too short", code: "PASSWORD_TOO_SHORT" }, "Password too short"],
  [{ status: 429, message: "Too many requests." }, "Too many requests."],
  [{ status: 413, detail: "The body has more than 9 bytes." }, "The body has more than 9 bytes."],
  [{ code: "constructor", message: "No such code" }, "No such code"],
  [{ status: 503 }, "The server has a fault (503). Try again in a moment."],
])("%j is told as %s", async (error, told) => {
  expect(await attempt(Promise.resolve({ error: { status: 400, ...error } }))).toBe(told);
});

test("nothing is told of a success, and what is wrong of no answer", async () => {
  expect(await attempt(Promise.resolve({ error: null }))).toBe("");
  const offline = Promise.reject(new TypeError("Failed to fetch"));
  expect(await attempt(offline)).toContain("cannot be reached");
});
