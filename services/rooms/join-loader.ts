import type pg from "pg";
import { createBatchingCache } from "../../utils/async/batching-cache.ts";
import { AppError } from "../../utils/errors.ts";

/** Loads the state that joining users need, with one query for all who join at the same time. */
export type JoinLoader = {
  /** Returns a user's membership in a room they may enter, and records the visit. */
  enter(roomId: string, userId: string): Promise<Membership>;
};

/** What a user has read, and whether one of their messages waits for review or was rejected there. */
export type Membership = {
  readonly lastReadSeq: number;
  readonly hasHeld: boolean;
  /** Whether they have never been in this language room before. */
  readonly isFirstVisit: boolean;
};

type Row = { room_id: string; user_id: string; last_read_seq: number | null; has_held: boolean; is_first_visit: boolean };

/**
 * Inserts membership rows only for first-time visitors of language rooms (in a conversation a row grants access), in a fixed order to
 * avoid deadlocks.
 */
const ENTER = `
  WITH asked AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS a(room_id, user_id)),
  made AS (
    INSERT INTO room_members (room_id, user_id)
    SELECT a.room_id, a.user_id FROM asked a JOIN rooms r ON r.id = a.room_id AND r.kind = 'language' JOIN users u ON u.id = a.user_id
    WHERE NOT EXISTS (SELECT 1 FROM room_members m WHERE m.room_id = a.room_id AND m.user_id = a.user_id)
    ORDER BY a.room_id, a.user_id ON CONFLICT DO NOTHING
  )
  SELECT a.room_id, a.user_id, m.last_read_seq, m.user_id IS NULL AS is_first_visit,
    EXISTS (SELECT FROM messages h WHERE h.author_id = a.user_id AND h.room_id = a.room_id AND h.seq IS NULL) AS has_held
  FROM asked a
  LEFT JOIN room_members m ON m.room_id = a.room_id AND m.user_id = a.user_id
  WHERE m.user_id IS NOT NULL OR EXISTS (SELECT FROM rooms r WHERE r.id = a.room_id AND r.kind = 'language')`;

const keyOf = (roomId: string, userId: string): string => `${roomId} ${userId}`;

async function enterAll(pool: pg.Pool, keys: readonly string[]): Promise<Map<string, Membership>> {
  const pairs = keys.map((key) => key.split(" "));
  const values = [pairs.map(([roomId]) => roomId), pairs.map(([, userId]) => userId)];
  const { rows } = await pool.query<Row>({ name: "standings-enter", text: ENTER, values });
  return new Map(
    rows.map((row) => [
      keyOf(row.room_id, row.user_id),
      { lastReadSeq: row.last_read_seq ?? 0, hasHeld: row.has_held, isFirstVisit: row.is_first_visit },
    ]),
  );
}

const found = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new AppError("not_found");
  return value;
};

export function createJoinLoader(pool: pg.Pool): JoinLoader {
  const memberships = createBatchingCache({ load: (keys) => enterAll(pool, keys), freshMs: 0 });
  return {
    enter: async (roomId, userId) => found(await memberships.get(keyOf(roomId, userId))),
  };
}
