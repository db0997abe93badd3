import type { BudgetName } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import type { Limiter } from "./limiter.ts";

/** Returns a limiter that also reports the key of each call that exceeds the budget. */
export function reportRejections(limiter: Limiter, budget: BudgetName, onRejected: (key: string) => void): Limiter {
  const report = (key: string) => (error: unknown) => {
    if (error instanceof AppError && error.code === "rate_limited") onRejected(key);
  };
  return {
    ...limiter,
    consume(name, key) {
      const consumed = limiter.consume(name, key);
      if (name === budget) consumed.catch(report(key));
      return consumed;
    },
  };
}
