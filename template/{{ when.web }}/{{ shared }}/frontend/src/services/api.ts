// Spec: .specify/memory/constitution.md
import createClient from "openapi-fetch";

/** An error as the server tells it (RFC 9457). */
export interface Problem {
  title: string;
  status: number;
  detail: string;
  errors: { field: string; message: string }[];
}

/** What every stored thing has. */
export interface Entity {
  id: string;
  updated_at: string;
}

/** A page of a list, and the cursors of those beside it. How many there are in all is counted if the query asks for it. */
export interface Page<Read> {
  items: Read[];
  next: string | null;
  previous: string | null;
  total: number | null;
}

/** What a page can do with the things of one feature. A signal ends what is not waited for any more. */
export interface Resource<Read extends Entity, Write, Query> {
  list(query: Query, signal?: AbortSignal): Promise<Page<Read>>;
  read(id: string, signal?: AbortSignal): Promise<Read>;
  create(body: Write, signal?: AbortSignal): Promise<Read>;
  replace(entity: Read, body: Write, signal?: AbortSignal): Promise<Read>;
  remove(entity: Read, signal?: AbortSignal): Promise<void>;
}

/** The server counts no further. */
export const MAX_TOTAL = 10_000;
/** Milliseconds that an answer may take. */
export const TIME_LIMIT = 20_000;
/** Statuses after which nobody knows whether a change was made: 0 is ours for no answer at all. */
const UNCERTAIN = [0, 502, 504];

/** An answer that is no success, or none at all. Its message is for people. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "ApiError";
  }

  get status(): number {
    return this.problem.status;
  }

  /** Whether the session is over. */
  get signedOut(): boolean {
    return this.status === 401;
  }

  /** Whether somebody else changed the thing first. */
  get stale(): boolean {
    return this.status === 412;
  }

  /** Whether the server may have done all the same what it was asked for. */
  get uncertain(): boolean {
    return UNCERTAIN.includes(this.status);
  }

  /** What is wrong with single fields or parameters, by their names. */
  get fields(): Record<string, string> {
    // Where it stands, its name, and what it could have been, each in words of its own: the first says most.
    const parts = this.problem.errors.toReversed().map(({ field, message }) => {
      const [place, name = place] = field.split(".");
      return [name, message];
    });
    return Object.fromEntries(parts);
  }
}

function unanswered(detail: string): ApiError {
  return new ApiError({ title: "No answer", status: 0, detail, errors: [] });
}

/** The reason to give a signal for a request that a person does not wait for any more. */
export function stopped(): ApiError {
  return unanswered("You did not wait for the server's answer.");
}

/** Read any error as one that can be shown. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return unanswered("The server cannot be reached. Check the connection and try again.");
}

/** Send a request, and give up when its answer, to the last byte, takes too long. */
export async function send(request: Request): Promise<Response> {
  const controller = new AbortController();
  setTimeout(() => controller.abort(unanswered("The server did not answer in time.")), TIME_LIMIT);
  request.signal.addEventListener("abort", () => controller.abort(request.signal.reason));
  return fetch(request, { signal: controller.signal });
}

/** A client of this origin's API, typed by a contract. */
export function client<Paths extends object>() {
  return createClient<Paths>({ baseUrl: globalThis.location?.origin ?? "", fetch: send });
}

/** The header that names the version a change is made to. */
export function ifMatch({ version }: { version: number }): string {
  return `"${version}"`;
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "detail" in value && "errors" in value;
}

/** Say when to try again: Retry-After is a number of seconds or a date (RFC 9110, 10.2.3). */
function advice(retryAfter: string | null): string {
  if (!retryAfter) return "";
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - Date.now()) / 1000);
  if (!(seconds > 0)) return "Try again.";
  const [number, unit] = seconds < 120 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  return `Try again in ${number} ${unit}${number === 1 ? "" : "s"}.`;
}

function reason(status: number): string {
  if (status === 429) return "Too many requests came at once.";
  return status < 500 ? `The server answered ${status}.` : `The server has a fault (${status}).`;
}

/** Say what an answer that is no success means; its body says it best, if it is a problem. */
export function failure(response: Response, error?: unknown): ApiError {
  const { status, statusText: title, headers } = response;
  const told = isProblem(error);
  const problem = told ? error : { title, status, detail: reason(status), errors: [] };
  // Better Auth names it its own way.
  const wait = headers.get("retry-after") ?? headers.get("x-retry-after");
  const when = advice(wait) || (told ? "" : "Try again in a moment.");
  return new ApiError({ ...problem, detail: `${problem.detail} ${when}`.trim() });
}

/**
 * Take the body out of an answer.
 *
 * @throws ApiError when the answer is no success.
 */
export function body<Body>(answer: { data?: Body; error?: unknown; response: Response }): Body {
  const { data, error, response } = answer;
  if (!response.ok) throw failure(response, error);
  return data as Body;
}
