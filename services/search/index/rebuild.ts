import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { indexBacklog, sortIn } from "./index-changes.ts";
import { TokenizeError, type Tokenizer, tokenizer } from "./tokenizer.ts";

/** Everything said so far becomes work to do; what is said from now on is followed as ever. */
const CLEAR = `
  INSERT INTO search_progress (room_id, seq, backlog_to) SELECT id, last_seq, last_seq FROM rooms
  ON CONFLICT (room_id) DO UPDATE SET seq = excluded.seq, backlog_from = 0, backlog_to = excluded.backlog_to`;

/** A running server takes its part of the work; what it is at is not done yet. */
const IS_LEFT = "SELECT EXISTS (SELECT FROM search_progress WHERE backlog_to > backlog_from) AS is_left";
const POLL_MS = 50;

const ENTRIES = "SELECT count(*)::float8 AS entries FROM message_search";

/** The list of new entries is sorted in after so many batches. */
const SORT_EVERY = 20;

/** A tokenizer that fails so often without having begun a message does not start at all. */
const STARTS_MAX = 3;

type RebuildOptions = {
  /** Receives the number of messages that are indexed so far. */
  readonly onProgress?: (messages: number) => void;
  /** Receives each failure of the tokenizer; the work is repeated after it. */
  readonly onFailure?: (error: TokenizeError) => void;
  readonly tokens?: Tokenizer;
};

/** Indexes the next part of the backlog. A message at which the tokenizer fails costs two attempts. */
async function indexNext(pool: pg.Pool, { tokens = tokenizer, onFailure }: RebuildOptions): Promise<number | null> {
  for (let starts = 0; ; ) {
    try {
      return await indexBacklog(pool, tokens);
    } catch (error) {
      if (!(error instanceof TokenizeError)) throw error;
      starts = error.messageId === null ? starts + 1 : 0;
      if (starts >= STARTS_MAX) throw error;
      onFailure?.(error);
    }
  }
}

/**
 * Indexes every message anew, beside a running server or without one; meanwhile search goes on with what there is.
 * @returns how many messages can be found by now
 */
export async function rebuildSearch(pool: pg.Pool, options: RebuildOptions = {}): Promise<number> {
  await pool.query(CLEAR);
  let total = 0;
  for (let batch = 1; ; batch += 1) {
    const messages = await indexNext(pool, options);
    if (messages === null) {
      const { rows } = await pool.query<{ is_left: boolean }>(IS_LEFT);
      if (rows[0]?.is_left !== true) break;
      await pause(POLL_MS);
      continue;
    }
    total += messages;
    if (batch % SORT_EVERY === 0) {
      await sortIn(pool);
      options.onProgress?.(total);
    }
  }
  await sortIn(pool);
  await pool.query("ANALYZE message_search");
  const { rows } = await pool.query<{ entries: number }>(ENTRIES);
  return rows[0]?.entries ?? 0;
}
