import type pg from "pg";
import { limits } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import { createGatherer } from "../../utils/gather.ts";
import { type Changes, readNewest } from "../messages/queries.ts";

/** What everybody who comes into a room needs, asked once for all who come at the same time. */
export type Arrivals = {
  /** How somebody stands in a room they may enter; remembers that they were here. */
  enter(roomId: string, userId: string): Promise<Standing>;
  /** The newest messages of a room. The answer is shared: it must not be changed. */
  newest(roomId: string): Promise<Changes>;
};

/** How far somebody has read, and whether a message of theirs waits for review or was refused there. */
export type Standing = { readonly lastReadSeq: number; readonly hasHeld: boolean };

type Row = { room_id: string; user_id: string; last_read_seq: number | null; has_held: boolean };

/** Rows are made only for who is new in a language room (in a conversation they are the right to enter), and in one order, so that two nodes never wait for each other in a ring. */
const ENTER = `
  WITH asked AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS a(room_id, user_id)),
  made AS (
    INSERT INTO room_members (room_id, user_id)
    SELECT a.room_id, a.user_id FROM asked a JOIN rooms r ON r.id = a.room_id AND r.kind = 'language' JOIN users u ON u.id = a.user_id
    WHERE NOT EXISTS (SELECT 1 FROM room_members m WHERE m.room_id = a.room_id AND m.user_id = a.user_id)
    ORDER BY a.room_id, a.user_id ON CONFLICT DO NOTHING
  )
  SELECT a.room_id, a.user_id, m.last_read_seq,
    EXISTS (SELECT FROM messages h WHERE h.author_id = a.user_id AND h.room_id = a.room_id AND h.seq IS NULL) AS has_held
  FROM asked a
  LEFT JOIN room_members m ON m.room_id = a.room_id AND m.user_id = a.user_id
  WHERE m.user_id IS NOT NULL OR EXISTS (SELECT FROM rooms r WHERE r.id = a.room_id AND r.kind = 'language')`;

const keyOf = (roomId: string, userId: string): string => `${roomId} ${userId}`;

async function enterAll(pool: pg.Pool, keys: readonly string[]): Promise<Map<string, Standing>> {
  const pairs = keys.map((key) => key.split(" "));
  const values = [pairs.map(([roomId]) => roomId), pairs.map(([, userId]) => userId)];
  const { rows } = await pool.query<Row>({ name: "standings-enter", text: ENTER, values });
  return new Map(rows.map((row) => [keyOf(row.room_id, row.user_id), { lastReadSeq: row.last_read_seq ?? 0, hasHeld: row.has_held }]));
}

async function newestOf(pool: pg.Pool, roomIds: readonly string[]): Promise<Map<string, Changes>> {
  const found = await Promise.all(
    roomIds.map(async (roomId) => [roomId, await readNewest(pool, { roomId, limit: limits.snapshotMessages })] as const),
  );
  return new Map(found);
}

const found = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new AppError("not_found");
  return value;
};

export function createArrivals(pool: pg.Pool): Arrivals {
  const standings = createGatherer({ load: (keys) => enterAll(pool, keys), freshMs: 0 });
  const snapshots = createGatherer({ load: (roomIds) => newestOf(pool, roomIds), freshMs: 0 });
  return {
    enter: async (roomId, userId) => found(await standings.get(keyOf(roomId, userId))),
    newest: async (roomId) => found(await snapshots.get(roomId)),
  };
}
