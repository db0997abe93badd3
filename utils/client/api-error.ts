import type { Problem } from "../contract/errors.ts";
import type { RestrictionDto } from "../contract/schemas/auth.ts";

/** An error code of the server, or `network` if no response arrived. */
export type Failure = Problem["code"] | "network";

/** An error returned by the server, or a failure to reach it. */
export class ApiError extends Error {
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

  /** Returns a member of the problem if it is a string, a number or null. */
  detail(key: string): string | number | null | undefined {
    const value = (this.problem as Record<string, unknown>)[key];
    return typeof value === "string" || typeof value === "number" || value === null ? value : undefined;
  }

  /** Returns the strings of a list member of the problem. */
  list(key: string): string[] {
    const value = (this.problem as Record<string, unknown>)[key];
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
  }
}

export const problemOf = (value: unknown): Partial<Problem> =>
  typeof value === "object" && value !== null ? (value as Partial<Problem>) : {};

/** Converts anything thrown to an `ApiError`; anything that is not one becomes `network`. */
export const toApiError = (error: unknown): ApiError => (error instanceof ApiError ? error : new ApiError("network"));

/** Whether an error is temporary, so that the call can be retried. */
export const isRetryable = ({ code }: ApiError): boolean =>
  ["unavailable", "internal", "rate_limited", "slow_mode", "resync"].includes(code);

/** Returns the ban or mute that an error describes. */
export function restrictionOf(error: ApiError): RestrictionDto {
  const actionId = error.detail("actionId");
  const until = error.detail("until");
  const rule = error.detail("rule");
  return {
    actionId: typeof actionId === "string" ? actionId : "",
    until: typeof until === "string" ? until : null,
    rule: typeof rule === "string" ? rule : "",
  };
}
