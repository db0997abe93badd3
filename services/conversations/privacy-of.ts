import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import type { Ctx } from "../context.ts";
import type { Draft, Notice } from "../messages/commit.ts";
import type { RoomFacts } from "../rooms/directory.ts";

/** What the commit of a conversation's message has to look at, and who is asked by it to take the conversation. */
export type Privacy = NonNullable<Draft["conversation"]> & { readonly notices: readonly Notice[] };

const WAITING = "SELECT FROM messages WHERE room_id = $1 AND author_id = $2 AND seq IS NULL AND moderation = 'pending' LIMIT 1";

/**
 * What is private about a message to this room; null for a language room. Whether it may be sent is judged by the commit itself:
 * a repeat of what was sent already must find its answer, whatever has become of the conversation since.
 * @throws AppError `cannot_message` for who has not taken the conversation, and while their one message to somebody who has not is held
 */
export async function privacyOf({ conversations, actor, pool }: Ctx, room: RoomFacts): Promise<Privacy | null> {
  if (room.kind === "language") return null;
  const members = (await conversations.membersOf(room.id)) ?? [];
  if (members.find(({ userId }) => userId === actor.id)?.state === "requested") throw new AppError("cannot_message");
  const peerId = room.pair?.find((userId) => userId !== actor.id) ?? null;
  const isAsked = members.some(({ userId, state }) => userId === peerId && state === "requested");
  if (isAsked && (await pool.query(WAITING, [room.id, actor.id])).rowCount) throw new AppError("cannot_message");
  return { peerId, notices: isAsked && peerId !== null ? [{ id: newId(), userId: peerId, kind: "message_request" }] : [] };
}
