import type pg from "pg";
import { AppError } from "../../utils/errors.ts";
import type { RoomFacts } from "../rooms/directory.ts";

/** A member who has taken the conversation; of a direct one the other is still there, and there is no block between the two. */
const MAY_WRITE = `
  SELECT FROM room_members mine WHERE mine.room_id = $1 AND mine.user_id = $2 AND mine.state = 'active'
    AND ($3::uuid IS NULL OR EXISTS (SELECT FROM room_members peer WHERE peer.room_id = $1 AND peer.user_id = $3) AND NOT EXISTS (
      SELECT FROM blocks b WHERE (b.user_id, b.blocked_id) IN ((mine.user_id, $3), ($3, mine.user_id))))`;

/**
 * Lets through who may be heard in a room by whatever they do to a message; of language rooms the door says all.
 * @throws AppError `cannot_message`
 */
export async function needWriteAccess(tx: pg.PoolClient, room: RoomFacts, userId: string): Promise<void> {
  if (room.kind === "language") return;
  const peerId = room.pair?.find((id) => id !== userId) ?? null;
  const { rowCount } = await tx.query(MAY_WRITE, [room.id, userId, peerId]);
  if (rowCount === 0) throw new AppError("cannot_message");
}
