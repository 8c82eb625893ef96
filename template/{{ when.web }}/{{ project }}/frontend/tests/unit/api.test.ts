// Spec: .specify/memory/constitution.md
import { describe, expect, test } from "vitest";
import { ApiError, asApiError, body, ifMatch } from "@/services/api";
import { destination } from "@/services/destination";

const PROBLEM = {
  type: "about:blank",
  title: "Conflict",
  status: 409,
  detail: "This code is taken.",
  errors: [{ field: "body.code", message: "is taken" }],
};

function thrown(run: () => unknown): ApiError {
  try {
    run();
  } catch (error) {
    return error as ApiError;
  }
  throw new Error("nothing was thrown");
}

describe("body", () => {
  test("is what a success holds", () => {
    expect(body({ data: 1, response: new Response() })).toBe(1);
  });

  test("tells a problem as the server told it", () => {
    const response = new Response(undefined, { status: 409 });
    const error = thrown(() => body({ error: PROBLEM, response }));
    expect(error.status).toBe(409);
    expect(error.message).toBe("This code is taken.");
    expect(error.fields).toEqual({ code: "is taken" });
  });

  test("tells the status where there is no problem to tell", () => {
    const response = new Response("<html>", { status: 503 });
    expect(thrown(() => body({ error: "<html>", response })).message).toContain("503");
  });
});

test("an error without an answer is one of the connection", () => {
  expect(asApiError(new TypeError("Failed to fetch")).message).toContain("cannot be reached");
});

test("a change names the version that was read", () => {
  expect(ifMatch({ version: 3 })).toBe('"3"');
});

test.each([
  ["/tasks?sort=title", "/tasks?sort=title"],
  [undefined, "/"],
  ["https://elsewhere.example/", "/"],
  ["//elsewhere.example/", "/"],
  ["/\\elsewhere.example/", "/"],
  ["/\t/elsewhere.example/", "/"],
  ["/\n\\elsewhere.example/", "/"],
  ["elsewhere", "/"],
  ["https://pages.invalid/", "/"],
])("after signing in %s leads to %s", (next, path) => {
  expect(destination(next)).toBe(path);
});
