import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { indexBacklog, sortIn } from "./index-changes.ts";

/** Everything said so far becomes work to do; what is said from now on is followed as ever. */
const FORGET = `
  INSERT INTO search_progress (room_id, seq, backlog_to) SELECT id, last_seq, last_seq FROM rooms
  ON CONFLICT (room_id) DO UPDATE SET seq = excluded.seq, backlog_from = 0, backlog_to = excluded.backlog_to`;

/** A running server takes its part of the work; what it is at is not done yet. */
const IS_LEFT = "SELECT EXISTS (SELECT FROM search_progress WHERE backlog_to > backlog_from) AS is_left";
const POLL_MS = 50;

const ENTRIES = "SELECT count(*)::float8 AS entries FROM message_search";

/** The list of new entries is sorted in after so many batches. */
const SORT_EVERY = 20;

/**
 * Indexes every message anew, beside a running server or without one; meanwhile search goes on with what there is.
 * @returns how many messages can be found by now
 */
export async function rebuildSearch(pool: pg.Pool, tell: (messages: number) => void = () => undefined): Promise<number> {
  await pool.query(FORGET);
  let total = 0;
  for (let batch = 1; ; batch += 1) {
    const messages = await indexBacklog(pool);
    if (messages === null) {
      const { rows } = await pool.query<{ is_left: boolean }>(IS_LEFT);
      if (rows[0]?.is_left !== true) break;
      await pause(POLL_MS);
      continue;
    }
    total += messages;
    if (batch % SORT_EVERY === 0) {
      await sortIn(pool);
      tell(total);
    }
  }
  await sortIn(pool);
  await pool.query("ANALYZE message_search");
  const { rows } = await pool.query<{ entries: number }>(ENTRIES);
  return rows[0]?.entries ?? 0;
}
