import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import type { Ctx } from "../context.ts";
import type { Draft, PendingNotification } from "../messages/writer/draft.ts";
import type { RoomRecord } from "./room-cache.ts";

/** What the commit of a conversation's message has to look at, and who is notified of a request by it. */
export type Privacy = NonNullable<Draft["conversation"]> & { readonly notices: readonly PendingNotification[] };

/**
 * Returns what is private about a message to this room; null for a language room. This rejects early what cannot be sent; the commit
 * decides, once it holds the room's lock. A repeat of what was sent already finds its answer either way.
 * @throws AppError `cannot_message` for those who have not accepted the conversation, across a block, when the other left, and for a second
 *   message before a request is accepted
 */
export async function deliveryRulesOf({ conversations, actor }: Ctx, room: RoomRecord): Promise<Privacy | null> {
  if (room.kind === "language") return null;
  const access = await conversations.writeAccessOf(room.id, actor.id);
  if (access === "denied") throw new AppError("cannot_message");
  const peerId = room.pair?.find((userId) => userId !== actor.id) ?? null;
  const isRequest = access === "first_message_only" && peerId !== null;
  return { peerId, notices: isRequest ? [{ id: newId(), userId: peerId, kind: "message_request" }] : [] };
}
