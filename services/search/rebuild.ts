import type pg from "pg";
import { indexBacklog, sortIn } from "./index-changes.ts";

/** Everything said so far becomes work to do; what is said from now on is followed as ever. */
const FORGET = `
  INSERT INTO search_progress (room_id, seq, backlog_to) SELECT id, last_seq, last_seq FROM rooms
  ON CONFLICT (room_id) DO UPDATE SET seq = excluded.seq, backlog_from = 0, backlog_to = excluded.backlog_to`;

/** The list of new entries is sorted in after so many batches. */
const SORT_EVERY = 20;

/**
 * Indexes every message anew, beside a running server or without one; meanwhile search goes on with what there is.
 * @returns how many messages were gone through
 */
export async function rebuildSearch(pool: pg.Pool, tell: (messages: number) => void = () => undefined): Promise<number> {
  await pool.query(FORGET);
  let total = 0;
  for (let batch = 1; ; batch += 1) {
    const messages = await indexBacklog(pool);
    if (messages === null) break;
    total += messages;
    if (batch % SORT_EVERY === 0) {
      await sortIn(pool);
      tell(total);
    }
  }
  await sortIn(pool);
  await pool.query("ANALYZE message_search");
  return total;
}
