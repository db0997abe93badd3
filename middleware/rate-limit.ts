import type { Response } from "express";
import type { OpenCtx } from "../services/context.ts";
import type { BudgetName } from "../utils/contract/limits.ts";
import { AppError } from "../utils/errors.ts";
import type { Deps } from "./deps.ts";
import { inTime } from "./request-deadline.ts";

type Spent = { limit: number; remaining: number; resetMs: number };

const isSpent = (data: Record<string, unknown>): data is Spent & Record<string, unknown> =>
  typeof data.limit === "number" && typeof data.resetMs === "number";

const tell = (res: Response, { limit, remaining, resetMs }: Spent): void => {
  res.set({
    "RateLimit-Limit": String(limit),
    "RateLimit-Remaining": String(remaining),
    "RateLimit-Reset": String(Math.ceil(resetMs / 1_000)),
  });
};

/** Whose budget a call spends: the person's, or the address's while nobody is signed in. */
export const payerOf = (ctx: Pick<OpenCtx, "actor" | "origin">): string => ctx.actor?.id ?? ctx.origin.address;

/**
 * Spends one point of a budget, within the call's own timeout, and says in the headers of the answer what is left.
 * @throws AppError `rate_limited { retryAfterMs }` when nothing is left
 */
export async function knock(deps: Deps, budget: BudgetName, ctx: OpenCtx, res: Response): Promise<void> {
  try {
    tell(res, await inTime(res.req, () => deps.services.limits.consume(budget, payerOf(ctx))));
  } catch (error) {
    if (error instanceof AppError && isSpent(error.data)) tell(res, error.data);
    throw error;
  }
}
