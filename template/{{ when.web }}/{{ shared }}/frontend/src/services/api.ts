// Spec: .specify/memory/constitution.md
import createClient from "openapi-fetch";

/** An error as the server tells it (RFC 9457). */
export interface Problem {
  title: string;
  status: number;
  detail: string;
  errors: { field: string; message: string }[];
}

/** Marks what is shown before the server has seen it. */
export const UNSAVED = Symbol("unsaved");

/** What every stored thing has. */
export interface Entity {
  id: string;
  updated_at: string;
  [UNSAVED]?: true;
}

/** A part of a list. */
export interface Page<Read> {
  items: Read[];
  total: number;
  limit: number;
  offset: number;
}

/** What a page can do with the things of one feature. */
export interface Resource<Read extends Entity, Write, Query> {
  list(query: Query, signal?: AbortSignal): Promise<Page<Read>>;
  read(id: string): Promise<Read>;
  create(body: Write): Promise<Read>;
  replace(entity: Read, body: Write): Promise<Read>;
  remove(entity: Read): Promise<void>;
}

/** An answer that is no success. Its message is for people. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "ApiError";
  }

  get status(): number {
    return this.problem.status;
  }

  /** What is wrong with single fields, by their names. */
  get fields(): Record<string, string> {
    const parts = this.problem.errors.map(({ field, message }) => [
      field.replace(/^body\./, ""),
      message,
    ]);
    return Object.fromEntries(parts);
  }
}

const UNREACHABLE: Problem = {
  title: "Unreachable",
  status: 0,
  detail: "The server cannot be reached. Check the connection and try again.",
  errors: [],
};

/** Read any error as one that can be shown. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(UNREACHABLE);
}

/** A client of this origin's API, typed by a contract. */
export function client<Paths extends object>() {
  return createClient<Paths>({ baseUrl: globalThis.location?.origin ?? "" });
}

/** The header that names the version a change is made to. */
export function ifMatch({ version }: { version: number }): string {
  return `"${version}"`;
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "detail" in value && "errors" in value;
}

/**
 * Take the body out of an answer.
 *
 * @throws ApiError when the answer is no success.
 */
export function body<Body>(answer: { data?: Body; error?: unknown; response: Response }): Body {
  const { data, error, response } = answer;
  if (response.ok) return data as Body;
  if (isProblem(error)) throw new ApiError(error);
  const detail = `The server answered ${response.status}. Try again in a moment.`;
  throw new ApiError({ title: response.statusText, status: response.status, detail, errors: [] });
}
