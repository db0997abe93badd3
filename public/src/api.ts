import type { z } from "zod";
import type { Problem } from "../../utils/contract/errors.ts";
import type { OperationName, Operations } from "../../utils/contract/operations.ts";

export type Answer<Name extends OperationName> = Operations[Name]["output"] extends z.ZodType ? z.infer<Operations[Name]["output"]> : null;

/** A refusal's code, or `network` when no answer came at all. */
export type Failure = Problem["code"] | "network";

/** What the server refused, or what did not reach it. */
export class Refusal extends Error {
  readonly code: Failure;
  readonly problem: Partial<Problem>;

  constructor(code: Failure, problem: Partial<Problem> = {}) {
    super(code);
    this.code = code;
    this.problem = problem;
  }

  get retryAfterMs(): number | undefined {
    return this.problem.retryAfterMs;
  }

  /** One of the problem's own members, if it is a text, a number or null. */
  detail(key: string): string | number | null | undefined {
    const value = (this.problem as Record<string, unknown>)[key];
    return typeof value === "string" || typeof value === "number" || value === null ? value : undefined;
  }

  /** One of the problem's own lists, as far as it holds texts. */
  list(key: string): string[] {
    const value = (this.problem as Record<string, unknown>)[key];
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
  }
}

type Call = { method?: "POST" | "PUT" | "PATCH" | "DELETE"; body?: unknown; bearer?: boolean; csrf?: boolean };

type Credentials = { token: string | null; renew: () => Promise<string | null>; banned: () => void };

/** Where calls find the access token, and whom they tell of a ban; the session fills it in. */
export const credentials: Credentials = { token: null, renew: async () => null, banned: () => undefined };

let csrfToken: string | null = null;

const problemOf = (value: unknown): Partial<Problem> => (typeof value === "object" && value !== null ? (value as Partial<Problem>) : {});

/** Any thrown thing as a refusal, so that the page has words for it. */
export const refusalOf = (error: unknown): Refusal => (error instanceof Refusal ? error : new Refusal("network"));

async function headersOf({ body, bearer, csrf }: Call): Promise<Record<string, string>> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (bearer && credentials.token) headers.Authorization = `Bearer ${credentials.token}`;
  if (csrf) headers["X-CSRF-Token"] = csrfToken ?? (await fetchCsrfToken());
  return headers;
}

async function once(path: string, call: Call): Promise<unknown> {
  const init: RequestInit = {
    method: call.method ?? "GET",
    headers: await headersOf(call),
    credentials: "same-origin",
    signal: AbortSignal.timeout(10_000),
  };
  if (call.body !== undefined) init.body = JSON.stringify(call.body);
  const response = await fetch(path, init).catch(() => null);
  if (!response) throw new Refusal("network");
  if (response.status === 204) return null;
  const value: unknown = await response.json().catch(() => null);
  if (response.ok) return value;
  const problem = problemOf(value);
  throw new Refusal(problem.code ?? (response.status >= 500 ? "unavailable" : "network"), problem);
}

async function fetchCsrfToken(): Promise<string> {
  const answer = (await once("/api/auth/csrf", {})) as Answer<"getCsrfToken">;
  csrfToken = answer.csrfToken;
  return csrfToken;
}

/** One repeat after renewing what had gone stale: the CSRF token, or the access token. */
async function freshened(refusal: Refusal, call: Call): Promise<boolean> {
  if (call.csrf && refusal.code === "csrf_failed") return Boolean(await fetchCsrfToken());
  if (call.bearer && (refusal.code === "token_expired" || refusal.code === "unauthenticated")) return Boolean(await credentials.renew());
  return false;
}

/**
 * Asks the server; the operation's name gives the answer's type.
 * @throws Refusal with the problem's code, or `network`
 */
export async function ask<Name extends OperationName>(_name: Name, path: string, call: Call = {}): Promise<Answer<Name>> {
  try {
    return (await once(path, call)) as Answer<Name>;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal.code === "banned") credentials.banned();
    if (!(await freshened(refusal, call))) throw refusal;
    return (await once(path, call)) as Answer<Name>;
  }
}
