import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { indexBacklog, sortIn } from "./index-changes.ts";
import { TokenizeError, type Tokenizer, tokenizer } from "./tokenizer.ts";

/** Moves all existing messages to the backlog; new messages are indexed as usual. */
const CLEAR = `
  INSERT INTO search_progress (room_id, seq, backlog_to) SELECT id, last_seq, last_seq FROM rooms
  ON CONFLICT (room_id) DO UPDATE SET seq = excluded.seq, backlog_from = 0, backlog_to = excluded.backlog_to`;

/** A running server indexes parts of the backlog too; its current part is not finished yet. */
const IS_LEFT = "SELECT EXISTS (SELECT FROM search_progress WHERE backlog_to > backlog_from) AS is_left";
const POLL_MS = 50;

const ENTRIES = "SELECT count(*)::float8 AS entries FROM message_search";

/** After how many batches the pending list of the index is merged. */
const SORT_EVERY = 20;

/** A tokenizer that fails this often without having started a message cannot start at all. */
const STARTS_MAX = 3;

type RebuildOptions = {
  /** Receives the number of messages indexed so far. */
  readonly onProgress?: (messages: number) => void;
  /** Receives each failure of the tokenizer; the work is retried after it. */
  readonly onFailure?: (error: TokenizeError) => void;
  readonly tokens?: Tokenizer;
};

/** Indexes the next part of the backlog. A message that makes the tokenizer fail costs two attempts. */
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
 * Rebuilds the index of all messages, with or without a running server; meanwhile search uses the existing entries.
 * @returns how many messages are in the index now
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
