// Spec: .specify/memory/constitution.md
import { expect, test } from "./fixtures";

test("limits sign-ins by who sends them, whatever the request says of itself", async ({
  request,
}) => {
  const statuses: number[] = [];
  for (let attempt = 1; attempt <= 5; attempt++) {
    const answer = await request.post("/api/auth/sign-in/email", {
      data: { email: "ada@example.com", password: "a guess" },
      headers: { "x-forwarded-for": `198.51.100.${attempt}` },
    });
    statuses.push(answer.status());
  }
  expect(statuses).toContain(429);
});
