import type pg from "pg";
import type { StandingDto } from "../../utils/contract/rooms.ts";

const READ = "SELECT last_read_seq FROM room_members WHERE room_id = $1 AND user_id = $2";

/** Somebody's standing by what they have read; null for who was never here. */
export const presentStanding = (lastReadSeq: number | null): StandingDto => ({
  canSend: true,
  mutedUntil: null,
  lastReadSeq: lastReadSeq ?? 0,
});

/** Somebody's standing in a room they may enter. */
export async function readStanding(pool: pg.Pool, roomId: string, userId: string): Promise<StandingDto> {
  const { rows } = await pool.query<{ last_read_seq: number }>({ name: "standing-read", text: READ, values: [roomId, userId] });
  return presentStanding(rows[0]?.last_read_seq ?? null);
}
