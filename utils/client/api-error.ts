import type { Problem } from "../contract/errors.ts";
import type { RestrictionDto } from "../contract/schemas/auth.ts";

/** A refusal's code, or `network` when no answer came at all. */
export type Failure = Problem["code"] | "network";

/** What the server refused, or what did not reach it. */
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

export const problemOf = (value: unknown): Partial<Problem> =>
  typeof value === "object" && value !== null ? (value as Partial<Problem>) : {};

/** Any thrown thing as a refusal, so that there are words for it. */
export const toApiError = (error: unknown): ApiError => (error instanceof ApiError ? error : new ApiError("network"));

/** Refusals that pass by themselves: the same call is worth making again. */
export const isRetryable = ({ code }: ApiError): boolean =>
  ["unavailable", "internal", "rate_limited", "slow_mode", "resync"].includes(code);

/** What a refusal says of a ban or a mute. */
export function restrictionOf(refusal: ApiError): RestrictionDto {
  const [until, rule] = [refusal.detail("until"), refusal.detail("rule")];
  return { until: typeof until === "string" ? until : null, rule: typeof rule === "string" ? rule : "" };
}
