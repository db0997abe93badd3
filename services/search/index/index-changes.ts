import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { IndexedMessage } from "./message-tokens.ts";
import { type Tokenizer, tokenizer } from "./tokenizer.ts";

/** A room that is further behind than this is indexed from its newest message backwards, so that new messages do not wait for old ones. */
export const BEHIND = 2_000;

/** The maximum number of rooms in one transaction, and of their changes. */
export const BATCH = { rooms: 50, changes: 500 } as const;

/** Rooms that another node has locked are skipped. */
const LOCK = `
  SELECT p.room_id, p.seq, r.last_seq AS head FROM search_progress p JOIN rooms r ON r.id = p.room_id
  WHERE p.room_id = ANY($1::uuid[]) ORDER BY p.room_id FOR UPDATE OF p SKIP LOCKED`;

const BEGIN = `
  INSERT INTO search_progress (room_id) SELECT r.id FROM rooms r WHERE r.id = ANY($1::uuid[]) ORDER BY r.id ON CONFLICT DO NOTHING`;

/** Moves all changes up to the head to the backlog, together with the existing backlog. */
const MOVE_TO_BACKLOG = `
  UPDATE search_progress p SET backlog_from = CASE WHEN p.backlog_to > p.backlog_from THEN p.backlog_from ELSE p.seq END,
    backlog_to = h.head, seq = h.head
  FROM unnest($1::uuid[], $2::bigint[]) AS h(room_id, head) WHERE p.room_id = h.room_id`;

/** Of the rooms that could not be locked: those that exist. */
const LOCKED = "SELECT room_id FROM search_progress WHERE room_id = ANY($1::uuid[])";

const COLUMNS = `m.id, m.room_id, m.changed_seq, m.author_id, m.text, m.language_code, m.created_at,
  m.deleted_at IS NOT NULL OR m.moderation <> 'approved' AS is_hidden`;

const CHANGES = `
  SELECT c.*, r.lounge_id, r.language_code AS room_language
  FROM unnest($1::uuid[], $2::bigint[]) AS s(room_id, seq) JOIN rooms r ON r.id = s.room_id
  CROSS JOIN LATERAL (
    SELECT ${COLUMNS} FROM messages m WHERE m.room_id = s.room_id AND m.changed_seq > s.seq ORDER BY m.changed_seq LIMIT $3
  ) c`;

const BACKLOG = `
  SELECT room_id, backlog_from, backlog_to FROM search_progress WHERE backlog_to > backlog_from LIMIT 1 FOR UPDATE SKIP LOCKED`;

const OLD_CHANGES = `
  SELECT ${COLUMNS}, r.lounge_id, r.language_code AS room_language FROM messages m JOIN rooms r ON r.id = m.room_id
  WHERE m.room_id = $1 AND m.changed_seq > $2 AND m.changed_seq <= $3 ORDER BY m.changed_seq DESC LIMIT $4`;

const UPSERT = `
  INSERT INTO message_search (message_id, created_at, tokens)
  SELECT id, created_at, tokens::int4[] FROM unnest($1::uuid[], $2::timestamptz[], $3::text[]) AS e(id, created_at, tokens) ORDER BY created_at
  ON CONFLICT (message_id) DO UPDATE SET tokens = excluded.tokens, created_at = excluded.created_at
  WHERE (message_search.tokens, message_search.created_at) IS DISTINCT FROM (excluded.tokens, excluded.created_at)`;

const REMOVE = "DELETE FROM message_search WHERE message_id = ANY($1::uuid[])";

const ADVANCE = `
  UPDATE search_progress p SET seq = s.seq FROM unnest($1::uuid[], $2::bigint[]) AS s(room_id, seq) WHERE p.room_id = s.room_id`;

const SETTLE = "UPDATE search_progress SET backlog_to = greatest(backlog_from, $2::bigint) WHERE room_id = $1";

type ChangeRow = IndexedMessage & { is_hidden: boolean };

/** Writes the index entries of messages, and deletes the entries of hidden ones. */
async function write(tx: pg.PoolClient, rows: readonly ChangeRow[], { tokensOf }: Tokenizer): Promise<void> {
  const shown = rows.filter((row) => !row.is_hidden);
  const hidden = rows.filter((row) => row.is_hidden).map(({ id }) => id);
  if (hidden.length > 0) await tx.query(REMOVE, [hidden]);
  if (shown.length === 0) return;
  const tokens = await tokensOf(shown);
  await tx.query({ name: "search-upsert", text: UPSERT, values: [shown.map(({ id }) => id), shown.map((row) => row.created_at), tokens] });
}

type Locked = { room_id: string; seq: number; head: number };

async function lockedByOthers(tx: pg.PoolClient, roomIds: readonly string[]): Promise<string[]> {
  if (roomIds.length === 0) return [];
  return (await tx.query<{ room_id: string }>(LOCKED, [roomIds])).rows.map((row) => row.room_id);
}

/** Moves rooms that are far behind to the backlog. @returns the rooms that can be indexed change by change */
async function moveToBacklog(tx: pg.PoolClient, rooms: readonly Locked[]): Promise<Locked[]> {
  const farBehind = rooms.filter(({ seq, head }) => head - seq > BEHIND);
  if (farBehind.length > 0) await tx.query(MOVE_TO_BACKLOG, [farBehind.map((room) => room.room_id), farBehind.map(({ head }) => head)]);
  return rooms.filter(({ seq, head }) => head > seq && head - seq <= BEHIND);
}

/** Returns the last number read per room, from rows in the order of their numbers. */
const reached = (rows: readonly ChangeRow[]): Map<string, number> => new Map(rows.map((row) => [row.room_id, row.changed_seq]));

/** The result of indexing rooms: `left` are those with remaining changes, `changes` is the number of indexed changes. */
export type Indexed = { readonly changes: number; readonly left: string[] };

export type IndexOptions = {
  /** The approximate number of changes to index. */
  readonly changes?: number;
  readonly tokens?: Tokenizer;
};

/**
 * Indexes the next changes of several rooms. Safe to repeat, on any node.
 * @throws TokenizeError when the tokenizer failed; nothing is written then
 */
export async function indexRooms(
  pool: pg.Pool,
  roomIds: readonly string[],
  { changes = BATCH.changes, tokens = tokenizer }: IndexOptions = {},
): Promise<Indexed> {
  return inTransaction(pool, async (tx) => {
    await tx.query(BEGIN, [roomIds]);
    const { rows: locked } = await tx.query<Locked>(LOCK, [roomIds]);
    const due = await moveToBacklog(tx, locked);
    const perRoom = Math.ceil(changes / Math.max(1, due.length));
    const values = [due.map((room) => room.room_id), due.map(({ seq }) => seq), perRoom];
    const { rows } = due.length === 0 ? { rows: [] } : await tx.query<ChangeRow>({ name: "search-changes", text: CHANGES, values });
    await write(tx, rows, tokens);
    const seqs = reached(rows);
    await tx.query(ADVANCE, [[...seqs.keys()], [...seqs.values()]]);
    const isBehind = (room: Locked): boolean => (seqs.get(room.room_id) ?? room.seq) < room.head;
    const skipped = await lockedByOthers(
      tx,
      roomIds.filter((id) => !locked.some((room) => room.room_id === id)),
    );
    return { changes: rows.length, left: [...due.filter(isBehind).map((room) => room.room_id), ...skipped] };
  });
}

/**
 * Indexes the newest part of one room's backlog.
 * @returns how many; null when the backlog of all rooms is empty
 * @throws TokenizeError when the tokenizer failed; nothing is written then
 */
export async function indexBacklog(pool: pg.Pool, tokens: Tokenizer = tokenizer): Promise<number | null> {
  return inTransaction(pool, async (tx) => {
    const { rows: found } = await tx.query<{ room_id: string; backlog_from: number; backlog_to: number }>(BACKLOG);
    const [room] = found;
    if (room === undefined) return null;
    const values = [room.room_id, room.backlog_from, room.backlog_to, BATCH.changes];
    const { rows } = await tx.query<ChangeRow>({ name: "search-old-changes", text: OLD_CHANGES, values });
    await write(tx, rows, tokens);
    const last = rows.length < BATCH.changes ? 0 : (rows.at(-1)?.changed_seq ?? 1) - 1;
    await tx.query(SETTLE, [room.room_id, last]);
    return rows.length;
  });
}

/** Merges the pending list of the GIN index, which every search reads sequentially, into the index. */
export const sortIn = (pool: pg.Pool) => pool.query("SELECT gin_clean_pending_list('message_search_tokens_idx')");
