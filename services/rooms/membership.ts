import type pg from "pg";
import type { StandingDto } from "../../utils/contract/schemas/rooms.ts";
import type { Actor } from "../actor.ts";
import { mayWriteIn, muteIn } from "../sanctions/policy.ts";
import type { RoomRecord } from "./room-cache.ts";

const READ = "SELECT last_read_seq FROM room_members WHERE room_id = $1 AND user_id = $2";

/** Returns a user's rights and read state in a room they may enter. A mute without an end has no `mutedUntil`. */
export const presentMembership = (actor: Actor, room: Pick<RoomRecord, "id" | "lounge">, lastReadSeq: number): StandingDto => ({
  canSend: mayWriteIn(actor, room).isGranted,
  mutedUntil: muteIn(actor, room)?.until?.toISOString() ?? null,
  lastReadSeq,
});

/** Returns the last read number of a user in a room; 0 for users who have never been there. */
export async function readLastRead(pool: pg.Pool, roomId: string, userId: string): Promise<number> {
  const { rows } = await pool.query<{ last_read_seq: number }>({ name: "standing-read", text: READ, values: [roomId, userId] });
  return rows[0]?.last_read_seq ?? 0;
}
