import type { BudgetName } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import type { OpenCtx, Origin } from "../context.ts";
import { networkKey } from "./addresses.ts";

type GuestBudgetContext = Pick<OpenCtx, "limits" | "keys"> & { readonly origin: Pick<Origin, "address"> };

/** The budgets of new guests: `open` for those who just join, `proven` for those beyond it, who prove work. */
export type GuestBudget = "open" | "proven";

const names = {
  open: { address: "guestsOfAddress", network: "guestsOfNetwork" },
  proven: { address: "provenGuestsOfAddress", network: "provenGuestsOfNetwork" },
} as const satisfies Record<GuestBudget, Record<"address" | "network", BudgetName>>;

/**
 * Consumes the budgets of the address and of its network for one new guest. The address comes first, so that its rejected requests do not
 * use up the budget of its neighbors.
 * @throws AppError `guest_limit { retryAfterMs }`
 */
export async function consumeGuestBudget({ limits, keys, origin }: GuestBudgetContext, budget: GuestBudget = "open"): Promise<void> {
  try {
    await limits.consume(names[budget].address, origin.address);
    await limits.consume(names[budget].network, networkKey(keys.address, origin.address));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "rate_limited") throw error;
    throw new AppError("guest_limit", { retryAfterMs: error.data.retryAfterMs });
  }
}

/**
 * Returns which share of the proven budget is used up, of the address or of its network, whichever is more: from 0 to below 1.
 * @throws AppError `guest_limit { retryAfterMs }` when nothing is left
 */
export async function usedProvenShare({ limits, keys, origin }: GuestBudgetContext): Promise<number> {
  const states = await Promise.all([
    limits.peek(names.proven.address, origin.address),
    limits.peek(names.proven.network, networkKey(keys.address, origin.address)),
  ]);
  const used = states.find(({ remaining }) => remaining <= 0);
  if (used !== undefined) throw new AppError("guest_limit", { retryAfterMs: used.resetMs });
  return Math.max(...states.map(({ limit, remaining }) => 1 - remaining / limit));
}
