import type { HeldMessageDto } from "../../../../../utils/contract/schemas/messages.ts";
import type { DecideHeldInput } from "../../../../../utils/contract/schemas/moderation.ts";
import { ask, toApiError } from "../../../api.ts";
import { everyPage } from "../../../shared/state/pages.ts";
import { cacheUsers } from "../../people/user-cache.ts";

const queuePath = "/api/moderation/held";

export type Outcome = DecideHeldInput["outcome"];

/** Returns every message that awaits review, oldest first. */
export async function listReviewQueue(): Promise<HeldMessageDto[]> {
  const found = await everyPage((query) => ask("listHeld", `${queuePath}?${query}`, { bearer: true }));
  cacheUsers(found.map((one) => one.author));
  return found;
}

/**
 * Approves or rejects a message.
 * @returns the outcome, or `late` if a colleague decided before
 */
export async function resolveReview(messageId: string, outcome: Outcome): Promise<Outcome | "late"> {
  try {
    await ask("decideHeld", `${queuePath}/${messageId}/decide`, { method: "POST", bearer: true, body: { outcome } });
    return outcome;
  } catch (error) {
    if (toApiError(error).code === "not_found") return "late";
    throw error;
  }
}
