import type { Actor } from "../actor.ts";
import { granted, rejected, type Verdict } from "../authorize.ts";

/** Whether somebody may begin conversations. Guests may be written to, and answer. */
export const mayBeginConversation = ({ kind }: Pick<Actor, "kind">): Verdict => (kind === "guest" ? rejected("account_required") : granted);

/** Whether somebody may take others out of a group. */
export const mayRemoveMembers = ({ id }: Pick<Actor, "id">, ownerId: string | null): Verdict =>
  id === ownerId ? granted : rejected("forbidden");
