import type { Actor } from "../actor.ts";
import { granted, rejected, type Verdict } from "../authorize.ts";

/** Whether a user may start conversations. Guests may receive messages and reply. */
export const mayBeginConversation = ({ kind }: Pick<Actor, "kind">): Verdict => (kind === "guest" ? rejected("account_required") : granted);

/** Whether a user may remove others from a group. */
export const mayRemoveMembers = ({ id }: Pick<Actor, "id">, ownerId: string | null): Verdict =>
  id === ownerId ? granted : rejected("forbidden");
