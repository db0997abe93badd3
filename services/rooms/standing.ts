import type pg from "pg";
import type { StandingDto } from "../../utils/contract/rooms.ts";

type Row = { last_read_seq: number };

const READ = "SELECT last_read_seq FROM room_members WHERE room_id = $1 AND user_id = $2";

const ENTER = "INSERT INTO room_members (room_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";

const present = (row: Row | undefined): StandingDto => ({ canSend: true, mutedUntil: null, lastReadSeq: row?.last_read_seq ?? 0 });

async function read(pool: pg.Pool, roomId: string, userId: string): Promise<Row | undefined> {
  const { rows } = await pool.query<Row>({ name: "standing-read", text: READ, values: [roomId, userId] });
  return rows[0];
}

/** Somebody's standing in a room they may enter. */
export const readStanding = async (pool: pg.Pool, roomId: string, userId: string): Promise<StandingDto> =>
  present(await read(pool, roomId, userId));

/** The same, and remembers that they were here; the first time writes one row, later ones nothing. */
export async function enterStanding(pool: pg.Pool, roomId: string, userId: string): Promise<StandingDto> {
  const row = await read(pool, roomId, userId);
  if (row === undefined) await pool.query({ name: "standing-enter", text: ENTER, values: [roomId, userId] });
  return present(row);
}
