import type { BudgetName } from "../../utils/contract/limits.ts";
import type { Actor } from "../actor.ts";

/** The budget a message is paid from: guests, members, and staff and bots have each their own. */
export function messagesBudgetOf(actor: Pick<Actor, "kind" | "role"> | null): BudgetName {
  if (actor === null || actor.kind === "guest") return "messagesOfGuest";
  const isStaffOrBot = actor.kind === "bot" || actor.role === "moderator" || actor.role === "admin";
  return isStaffOrBot ? "messagesOfStaff" : "messagesOfMember";
}
