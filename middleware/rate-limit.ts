import type { Response } from "express";
import type { OpenCall } from "../services/context.ts";
import type { BudgetName } from "../utils/contract/limits.ts";
import { AppError } from "../utils/errors.ts";
import type { Deps } from "./deps.ts";
import { withinDeadline } from "./request-deadline.ts";

type RateLimitState = { limit: number; remaining: number; resetMs: number };

const isRateLimitState = (data: Record<string, unknown>): data is RateLimitState & Record<string, unknown> =>
  typeof data.limit === "number" && typeof data.resetMs === "number";

const setRateLimitHeaders = (res: Response, { limit, remaining, resetMs }: RateLimitState): void => {
  res.set({
    "RateLimit-Limit": String(limit),
    "RateLimit-Remaining": String(remaining),
    "RateLimit-Reset": String(Math.ceil(resetMs / 1_000)),
  });
};

/** Returns the rate limit key of a call: the actor's id, or the address for unauthenticated requests. */
export const rateLimitKey = (ctx: Pick<OpenCall, "actor" | "origin">): string => ctx.actor?.id ?? ctx.origin.address;

/**
 * Spends one point of a budget, within the call's own timeout, and sets the rate limit headers of the response.
 * @throws AppError `rate_limited { retryAfterMs }` when the budget is exhausted
 */
export async function enforceRateLimit(deps: Deps, budget: BudgetName, ctx: OpenCall, res: Response): Promise<void> {
  try {
    setRateLimitHeaders(res, await withinDeadline(res.req, () => deps.services.limits.consume(budget, rateLimitKey(ctx))));
  } catch (error) {
    if (error instanceof AppError && isRateLimitState(error.data)) setRateLimitHeaders(res, error.data);
    throw error;
  }
}
