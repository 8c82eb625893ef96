// Spec: .specify/memory/constitution.md
import { expect, expectAccessible, test } from "./fixtures";

test("says that it is not available, and keeps the question", async ({ member }) => {
  await member.goto("/");
  await member.getByRole("button", { name: "Assistant" }).click();
  const panel = member.getByRole("dialog", { name: "Assistant" });
  await expectAccessible(member);
  await panel.getByLabel("Message").fill("What is on my list?");
  await panel.getByRole("button", { name: "Send" }).click();
  await expect(panel.getByRole("alert")).toContainText("The assistant is not available.");
  for (const width of [1280, 390]) {
    await member.setViewportSize({ width, height: 844 });
    await expect(panel.getByText("What is on my list?").last()).toBeVisible();
  }
  await member.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(member.getByRole("button", { name: "Assistant" })).toBeFocused();
});

test("deletes nothing before the person agrees", async ({ member }) => {
  const deletion = { resource: "things", id: "1", version: 3, label: "thing", name: "The first" };
  const deleted: (string | undefined)[] = [];
  await member.route("**/api/assistant", (route) =>
    route.fulfill({
      contentType: "text/event-stream",
      body: `event: confirm\ndata: ${JSON.stringify(deletion)}\n\nevent: done\ndata: {}\n\n`,
    }),
  );
  await member.route("**/api/things/1", (route) => {
    deleted.push(route.request().headers()["if-match"]);
    return route.fulfill({ status: 204 });
  });
  await member.goto("/");
  await member.getByRole("button", { name: "Assistant" }).click();
  const panel = member.getByRole("dialog", { name: "Assistant" });
  const question = panel.getByRole("group", { name: "Delete?" });
  for (const answer of ["Keep", "Delete"]) {
    await panel.getByLabel("Message").fill("Delete the first");
    await panel.getByRole("button", { name: "Send" }).click();
    await expect(question).toContainText("The first will be gone for good.");
    await expectAccessible(member);
    expect(deleted).toEqual([]);
    await question.getByRole("button", { name: answer }).click();
    await expect(question).toBeHidden();
  }
  await expect(panel.getByText("“The first” is deleted.")).toBeVisible();
  expect(deleted).toEqual(['"3"']);
});

test("asks again what was not answered, and waits no longer than the person", async ({
  member,
}) => {
  const asked: unknown[] = [];
  const answers = [
    { status: 429, headers: { "retry-after": "30" }, body: "" },
    undefined,
    {
      contentType: "text/event-stream",
      body: 'event: text\ndata: {"delta":"Nothing."}\n\nevent: done\ndata: {}\n\n',
    },
  ];
  await member.route("**/api/assistant", async (route) => {
    asked.push(route.request().postDataJSON());
    const answer = answers[asked.length - 1];
    if (answer) await route.fulfill(answer);
  });
  await member.goto("/");
  await member.getByRole("button", { name: "Assistant" }).click();
  const panel = member.getByRole("dialog", { name: "Assistant" });
  await panel.getByLabel("Message").fill("What is on my list?");
  await panel.getByRole("button", { name: "Send" }).click();
  await expect(panel.getByRole("alert")).toContainText("Try again in 30 seconds.");
  await panel.getByRole("button", { name: "Ask again" }).click();
  await panel.getByRole("button", { name: "Stop" }).click();
  await expect(panel.getByRole("alert")).toContainText("You did not wait");
  await panel.getByRole("button", { name: "Ask again" }).click();
  await expect(panel.getByText("Nothing.")).toBeVisible();
  await expect(panel.getByRole("alert")).toBeHidden();
  const messages = [{ role: "user", content: "What is on my list?" }];
  expect(asked).toEqual([{ messages }, { messages }, { messages }]);
});
