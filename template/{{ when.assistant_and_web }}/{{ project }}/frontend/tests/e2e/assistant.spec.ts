// Spec: .specify/memory/constitution.md
import { expect, expectAccessible, test } from "./fixtures";

test("says that it has no key, and keeps the question", async ({ member }) => {
  await member.goto("/");
  await member.getByRole("button", { name: "Assistant" }).click();
  const panel = member.getByRole("dialog", { name: "Assistant" });
  await expectAccessible(member);
  await panel.getByLabel("Message").fill("What is on my list?");
  await panel.getByRole("button", { name: "Send" }).click();
  await expect(panel.getByRole("alert")).toContainText("OPENAI_API_KEY is missing");
  for (const width of [1280, 390]) {
    await member.setViewportSize({ width, height: 844 });
    await expect(panel.getByText("What is on my list?").last()).toBeVisible();
  }
  await member.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(member.getByRole("button", { name: "Assistant" })).toBeFocused();
});
