import type { OperationName, OperationOutput } from "../contract/operations/index.ts";
import { clientTimeoutOf } from "../contract/timeouts.ts";
import { ApiError, problemOf, toApiError } from "./api-error.ts";

export type Answer<Name extends OperationName> = OperationOutput<Name>;

/** The options of a REST call. A call with `isLast` is completed even if the page is being unloaded. */
export type Call = { method?: "POST" | "PUT" | "PATCH" | "DELETE"; body?: unknown; bearer?: boolean; csrf?: boolean; isLast?: boolean };

/** Provides the access token, renews it, and is notified if the user is banned. */
export type Credentials = { token: string | null; renew: () => Promise<string | null>; banned: () => void };

/**
 * Calls the REST API. The operation's name determines the type of the response and the timeout.
 * @throws ApiError with the problem's code, or `network`
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

/** Creates the REST client of a server. `server` is the base URL; empty for the page's own origin. */
export function createAsk(server: string, credentials: Credentials): Ask {
  let csrfToken: string | null = null;

  const callOnce = async (name: OperationName, path: string, call: Call): Promise<unknown> => {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (call.body !== undefined) headers["Content-Type"] = "application/json";
    if (call.bearer && credentials.token) headers.Authorization = `Bearer ${credentials.token}`;
    if (call.csrf) headers["X-CSRF-Token"] = csrfToken ?? (await fetchCsrfToken());
    return send(`${server}${path}`, { ...call, timeoutMs: clientTimeoutOf(name) }, headers);
  };

  const fetchCsrfToken = async (): Promise<string> => {
    const response = (await callOnce("getCsrfToken", "/api/auth/csrf", {})) as Answer<"getCsrfToken">;
    csrfToken = response.csrfToken;
    return csrfToken;
  };

  /** Whether the call can be retried once because an expired CSRF token or access token was renewed. */
  const hasRenewed = async (apiError: ApiError, call: Call): Promise<boolean> => {
    if (call.csrf && apiError.code === "csrf_failed") return Boolean(await fetchCsrfToken());
    if (call.bearer && (apiError.code === "token_expired" || apiError.code === "unauthenticated"))
      return Boolean(await credentials.renew());
    return false;
  };

  return async <Name extends OperationName>(name: Name, path: string, call: Call = {}) => {
    try {
      return (await callOnce(name, path, call)) as Answer<Name>;
    } catch (error) {
      const apiError = toApiError(error);
      if (apiError.code === "banned") credentials.banned();
      if (!(await hasRenewed(apiError, call))) throw apiError;
      return (await callOnce(name, path, call)) as Answer<Name>;
    }
  };
}
