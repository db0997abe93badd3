import { AppError } from "../../utils/errors.ts";
import type { OpenCtx, Origin } from "../context.ts";
import { networkKey } from "./addresses.ts";

type GuestBudgetContext = Pick<OpenCtx, "limits" | "keys"> & { readonly origin: Pick<Origin, "address"> };

/**
 * Consumes the budgets of the address and of its network for one new guest. The address comes first, so that its rejected requests do not
 * use up the budget of its neighbors.
 * @throws AppError `guest_limit { retryAfterMs }`
 */
export async function consumeGuestBudget({ limits, keys, origin }: GuestBudgetContext): Promise<void> {
  try {
    await limits.consume("guestsOfAddress", origin.address);
    await limits.consume("guestsOfNetwork", networkKey(keys.address, origin.address));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "rate_limited") throw error;
    throw new AppError("guest_limit", { retryAfterMs: error.data.retryAfterMs });
  }
}
