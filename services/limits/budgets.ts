import type { BudgetName } from "../../utils/contract/limits.ts";
import type { Actor } from "../actor.ts";

/** Returns the message budget of an actor: guests, members, and staff and bots have separate ones. */
export function messagesBudgetOf(actor: Pick<Actor, "kind" | "role"> | null): BudgetName {
  if (actor === null || actor.kind === "guest") return "messagesOfGuest";
  const isStaffOrBot = actor.kind === "bot" || actor.role === "moderator" || actor.role === "admin";
  return isStaffOrBot ? "messagesOfStaff" : "messagesOfMember";
}
