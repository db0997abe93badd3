import type pg from "pg";
import { createBatchingCache } from "../../utils/async/batching-cache.ts";

/** Records in which language rooms users have written: these count as their own rooms. */
export type OwnRooms = {
  /** Records that a user writes in a language room. Repeated calls within the next minutes need no query. */
  record(roomId: string, userId: string): Promise<void>;
};

/** How long a node does not record the same user and room again, in ms. */
const REMEMBER_MS = 10 * 60_000;

/**
 * Rows are written in a fixed order, so that two nodes never deadlock. In a room that the user has never joined, only later messages count
 * as unread.
 */
const RECORD = `
  INSERT INTO room_members (room_id, user_id, last_read_seq, first_sent_at)
  SELECT r.id, u.id, r.last_seq, now() FROM unnest($1::uuid[], $2::uuid[]) AS a(room_id, user_id)
  JOIN rooms r ON r.id = a.room_id AND r.kind = 'language' JOIN users u ON u.id = a.user_id AND u.erased_at IS NULL
  WHERE NOT EXISTS (
    SELECT FROM room_members m WHERE m.room_id = a.room_id AND m.user_id = a.user_id AND m.first_sent_at IS NOT NULL)
  ORDER BY r.id, u.id
  ON CONFLICT (room_id, user_id) DO UPDATE SET first_sent_at = now() WHERE room_members.first_sent_at IS NULL`;

/** Creates the cache. Many users who write for the first time at once need only one statement. */
export function createOwnRooms(pool: pg.Pool): OwnRooms {
  const recorded = createBatchingCache<true>({
    freshMs: REMEMBER_MS,
    async load(keys) {
      const pairs = keys.map((key) => key.split(" "));
      const values = [pairs.map(([roomId]) => roomId), pairs.map(([, userId]) => userId)];
      await pool.query({ name: "own-rooms-record", text: RECORD, values });
      return new Map();
    },
  });
  return {
    record: async (roomId, userId) => void (await recorded.get(`${roomId} ${userId}`)),
  };
}
