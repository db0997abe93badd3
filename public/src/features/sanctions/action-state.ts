import type { ActionDto, ActionKind } from "../../../../utils/contract/schemas/moderation/actions.ts";

/** Actions that restrict their user until they end or are undone. */
const restrictions: readonly ActionKind[] = ["mute", "kick", "ban_room", "ban_lounge", "ban_site", "require_phone"];

export const isRestriction = ({ kind }: ActionDto): boolean => restrictions.includes(kind);

/** `done` for an action that has no duration, such as a warning. */
export type ActionState = "active" | "ended" | "reverted" | "done";

export function actionState(action: ActionDto, now: number): ActionState {
  if (action.revertedAt !== null) return "reverted";
  if (!isRestriction(action)) return "done";
  return action.expiresAt !== null && Date.parse(action.expiresAt) <= now ? "ended" : "active";
}

const APPEAL_MONTHS = 6;

/** Returns until when the person concerned can appeal. */
export function appealDeadline({ createdAt }: Pick<ActionDto, "createdAt">): Date {
  const deadline = new Date(createdAt);
  deadline.setUTCMonth(deadline.getUTCMonth() + APPEAL_MONTHS);
  return deadline;
}
