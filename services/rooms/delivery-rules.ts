import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import type { Ctx } from "../context.ts";
import type { Draft, PendingNotification } from "../messages/writer/draft.ts";
import type { RoomRecord } from "./room-cache.ts";

/** The input for the commit of a conversation's message, and the notifications of a request. */
export type Privacy = NonNullable<Draft["conversation"]> & { readonly notifications: readonly PendingNotification[] };

/**
 * Returns the delivery rules of a message to this room; null for a language room. This rejects early what cannot be sent; the commit
 * decides, once it has locked the room. A repeated send gets the earlier message in both cases.
 * @throws AppError `cannot_message` for users who have not accepted the conversation, if either has blocked the other, when the other
 * member left, and for a second message before a request is accepted
 */
export async function deliveryRulesOf({ conversations, actor }: Ctx<"conversations">, room: RoomRecord): Promise<Privacy | null> {
  if (room.kind === "language") return null;
  const access = await conversations.writeAccessOf(room.id, actor.id);
  if (access === "denied") throw new AppError("cannot_message");
  const peerId = room.pair?.find((userId) => userId !== actor.id) ?? null;
  const isRequest = access === "first_message_only" && peerId !== null;
  return { peerId, notifications: isRequest ? [{ id: newId(), userId: peerId, kind: "message_request" }] : [] };
}
