// Spec: .specify/memory/constitution.md
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { readPage } from "@/components/ui/use-list";
import {
  ApiError,
  asApiError,
  body,
  failure,
  ifMatch,
  send,
  stopped,
  TIME_LIMIT,
} from "@/services/api";
import type { Entity, Page, Resource } from "@/services/api";
import { destination } from "@/services/destination";
import { unanswered } from "@/services/problem-details";

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

  test("tells one thing of each field, whatever else the server tried it as", () => {
    const errors = [
      { field: "query.priority.enum", message: "Input should be 'low' or 'high'" },
      { field: "query.priority.none", message: "Input should be None" },
      { field: "body", message: "is missing" },
    ];
    const error = new ApiError({ ...PROBLEM, errors });
    expect(error.fields).toEqual({
      priority: "Input should be 'low' or 'high'",
      body: "is missing",
    });
  });

  test("tells the status where there is no problem to tell", () => {
    const response = new Response("<html>", { status: 503 });
    expect(thrown(() => body({ error: "<html>", response })).message).toContain("503");
  });
});

test("an error without an answer is one of the connection", () => {
  expect(asApiError(new TypeError("Failed to fetch")).message).toContain("cannot be reached");
});

const servers: ReturnType<typeof createServer>[] = [];

/** Serve on a port of this machine. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe("a request", () => {
  const answers: [string, RequestListener][] = [
    ["never answers", () => {}],
    ["stops in the middle of its answer", (_, response) => response.writeHead(200).write("{")],
  ];

  test.each(answers)("is given up when the server %s", async (_, listener) => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const arrived = vi.fn(listener);
    const answer = send(new Request(await serve(arrived))).then((response) => response.text());
    const failed = expect(answer).rejects.toThrow("The server did not answer in time.");
    await vi.waitUntil(() => arrived.mock.calls.length === 1);
    vi.advanceTimersByTime(TIME_LIMIT);
    await failed;
  });

  test("ends when nobody waits for it any more", async () => {
    const controller = new AbortController();
    const answer = send(new Request(await serve(() => {}), { signal: controller.signal }));
    controller.abort(stopped());
    const error = asApiError(await answer.catch((reason: unknown) => reason));
    expect(error).toMatchObject({ status: 0, uncertain: true });
    expect(error.message).toBe("You did not wait for the server's answer.");
  });
});

describe("after a failure", () => {
  test.each([
    ["1", "Try again in 1 second."],
    ["119", "Try again in 119 seconds."],
    ["3600", "Try again in 60 minutes."],
    ["0", "Try again."],
    ["Thu, 01 Jan 2026 00:00:30 GMT", "Try again in 30 seconds."],
    ["Wed, 31 Dec 2025 23:59:59 GMT", "Try again."],
    ["", "Try again in a moment."],
  ])("Retry-After %s is told", (retryAfter, said) => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
    const headers: HeadersInit = retryAfter ? { "retry-after": retryAfter } : {};
    const { message } = failure(new Response(null, { status: 429, headers }));
    expect(message).toBe(`Too many requests came at once. ${said}`);
  });

  test("Better Auth's own header is told as well", () => {
    const headers = { "x-retry-after": "9" };
    expect(failure(new Response(null, { status: 429, headers })).message).toContain("9 seconds");
  });

  test.each([
    [400, false],
    [409, false],
    [500, false],
    [502, true],
    [503, false],
    [504, true],
  ])("of status %d it is known whether something was done, or not", (status, uncertain) => {
    expect(failure(new Response(null, { status })).uncertain).toBe(uncertain);
  });

  test("the pages' own server tells one that was not reached from one that broke off", async () => {
    const there = await serve((request) => request.destroy());
    const broken = unanswered(await fetch(there).catch((error: unknown) => error));
    expect(broken.status).toBe(502);
    servers[0]?.close();
    await once(servers[0]!, "close");
    const away = unanswered(await fetch(there).catch((error: unknown) => error));
    expect(away.status).toBe(503);
    expect(await away.json()).toMatchObject({ status: 503, errors: [] });
  });
});

describe("a list", () => {
  const page: Page<Entity> = { items: [], next: null, previous: null, total: null };

  /** A service that refuses some parameters, as many at a time as it finds, and notes what it was asked. */
  function refusing(...names: string[][]) {
    const asked: string[] = [];
    const list = async (query: Record<string, string>) => {
      asked.push(new URLSearchParams(query).toString());
      const wrong = names.find((together) => together.some((name) => name in query)) ?? [];
      if (wrong.length === 0) return page;
      const errors = wrong.map((name) => ({
        field: `query.${name}.enum`,
        message: "does not fit",
      }));
      throw new ApiError({ title: "", status: 422, detail: "Not valid.", errors });
    };
    return { asked, resource: { list } as Resource<Entity, object, Record<string, string>> };
  }

  test("is read as it is asked for", async () => {
    const { asked, resource } = refusing();
    expect(await readPage(resource, "sort=a&limit=20")).toEqual({ page, refused: {} });
    expect(asked).toEqual(["sort=a&limit=20"]);
  });

  test("is read without what is refused, however often", async () => {
    const { asked, resource } = refusing(["sort", "done"], ["cursor"]);
    const part = await readPage(resource, "sort=a&done=perhaps&cursor=b&limit=20");
    const message = "does not fit";
    expect(part).toEqual({ page, refused: { sort: message, done: message, cursor: message } });
    expect(asked.slice(1)).toEqual(["cursor=b&limit=20", "limit=20"]);
  });

  test("is not asked for again when it is not its query that is refused", async () => {
    const { asked, resource } = refusing(["limit"]);
    resource.list = () => {
      asked.push("once");
      throw failure(new Response(null, { status: 422 }));
    };
    await expect(readPage(resource, "limit=20")).rejects.toThrow("The server answered 422.");
    expect(asked).toEqual(["once"]);
  });
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
