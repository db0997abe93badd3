import { AppError } from "../../utils/errors.ts";
import type { OpenCtx } from "../context.ts";
import { networkKey } from "./addresses.ts";

/**
 * Pays for one new guest from the budgets of the address and of its network. The address pays first: what it is refused
 * must not use up its neighbours' share.
 * @throws AppError `guest_limit { retryAfterMs }`
 */
export async function spendGuest({ limits, keys, origin }: Pick<OpenCtx, "limits" | "keys" | "origin">): Promise<void> {
  try {
    await limits.consume("guestsOfAddress", origin.address);
    await limits.consume("guestsOfNetwork", networkKey(keys.address, origin.address));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "rate_limited") throw error;
    throw new AppError("guest_limit", { retryAfterMs: error.data.retryAfterMs });
  }
}
