import type { Ctx } from "../context.ts";

/** Selects the conversations in which both are active: in any other, neither sees more of the other than before. */
const SHARED = `
  SELECT m.room_id FROM room_members m JOIN rooms r ON r.id = m.room_id AND r.kind <> 'language'
  JOIN room_members o ON o.room_id = m.room_id AND o.user_id = $2
  WHERE m.user_id = $1 AND m.state = 'active' AND o.state = 'active'`;

/** Publishes the conversations shared by two users, whose view changes for both when a block is created or removed. */
export async function publishBlock(
  { pool, actor, conversationNotifier, typing }: Ctx<"pool" | "conversationNotifier" | "typing">,
  userId: string,
): Promise<void> {
  const { rows } = await pool.query<{ room_id: string }>(SHARED, [actor.id, userId]);
  for (const { room_id: roomId } of rows) {
    for (const id of [actor.id, userId]) typing.stop(roomId, id);
    conversationNotifier.notifyChanged(roomId, [actor.id, userId]);
  }
}
