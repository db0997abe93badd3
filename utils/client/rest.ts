import type { OperationName, OperationOutput } from "../contract/operations/index.ts";
import { clientTimeoutOf } from "../contract/timeouts.ts";
import { ApiError, problemOf, toApiError } from "./api-error.ts";

export type Answer<Name extends OperationName> = OperationOutput<Name>;

/** `isLast` is sent even though the page is being left. */
export type Call = { method?: "POST" | "PUT" | "PATCH" | "DELETE"; body?: unknown; bearer?: boolean; csrf?: boolean; isLast?: boolean };

/** Where calls find the token, how they get a fresh one, and whom they tell of a ban. */
export type Credentials = { token: string | null; renew: () => Promise<string | null>; banned: () => void };

/**
 * Asks the server; the operation's name gives the answer's type and how long to wait for it.
 * @throws Refusal with the problem's code, or `network`
 */
export type Ask = <Name extends OperationName>(name: Name, path: string, call?: Call) => Promise<Answer<Name>>;

type Sending = Omit<Call, "method"> & { method?: string; timeoutMs: number };

async function send(
  url: string,
  { method = "GET", body, isLast = false, timeoutMs }: Sending,
  headers: Record<string, string>,
): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs);
  const init: RequestInit = { method, headers, credentials: "same-origin", signal, keepalive: isLast };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(url, init).catch(() => null);
  if (!response) throw new ApiError("network");
  if (response.status === 204) return null;
  const value: unknown = await response.json().catch(() => null);
  if (response.ok) return value;
  const problem = problemOf(value);
  throw new ApiError(problem.code ?? (response.status >= 500 ? "unavailable" : "network"), problem);
}

/** The REST door of one server, whose address is before every path; empty for the one that a page came from. */
export function createAsk(server: string, credentials: Credentials): Ask {
  let csrfToken: string | null = null;

  const once = async (name: OperationName, path: string, call: Call): Promise<unknown> => {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (call.body !== undefined) headers["Content-Type"] = "application/json";
    if (call.bearer && credentials.token) headers.Authorization = `Bearer ${credentials.token}`;
    if (call.csrf) headers["X-CSRF-Token"] = csrfToken ?? (await fetchCsrfToken());
    return send(`${server}${path}`, { ...call, timeoutMs: clientTimeoutOf(name) }, headers);
  };

  const fetchCsrfToken = async (): Promise<string> => {
    const answer = (await once("getCsrfToken", "/api/auth/csrf", {})) as Answer<"getCsrfToken">;
    csrfToken = answer.csrfToken;
    return csrfToken;
  };

  /** One repeat after renewing what had gone stale: the CSRF token, or the access token. */
  const freshened = async (refusal: ApiError, call: Call): Promise<boolean> => {
    if (call.csrf && refusal.code === "csrf_failed") return Boolean(await fetchCsrfToken());
    if (call.bearer && (refusal.code === "token_expired" || refusal.code === "unauthenticated")) return Boolean(await credentials.renew());
    return false;
  };

  return async <Name extends OperationName>(name: Name, path: string, call: Call = {}) => {
    try {
      return (await once(name, path, call)) as Answer<Name>;
    } catch (error) {
      const refusal = toApiError(error);
      if (refusal.code === "banned") credentials.banned();
      if (!(await freshened(refusal, call))) throw refusal;
      return (await once(name, path, call)) as Answer<Name>;
    }
  };
}
