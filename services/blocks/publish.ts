import type { Ctx } from "../context.ts";

/** Conversations that both have taken: of any other neither knows more of the other than before. */
const SHARED = `
  SELECT m.room_id FROM room_members m JOIN rooms r ON r.id = m.room_id AND r.kind <> 'language'
  JOIN room_members o ON o.room_id = m.room_id AND o.user_id = $2
  WHERE m.user_id = $1 AND m.state = 'active' AND o.state = 'active'`;

/** The conversations of two people look different to both once there is a block between them, or none any more. */
export async function publishBlock({ pool, actor, conversationNotifier, typing }: Ctx, userId: string): Promise<void> {
  const { rows } = await pool.query<{ room_id: string }>(SHARED, [actor.id, userId]);
  for (const { room_id: roomId } of rows) {
    for (const id of [actor.id, userId]) typing.stop(roomId, id);
    conversationNotifier.notifyChanged(roomId, [actor.id, userId]);
  }
}
