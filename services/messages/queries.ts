import type pg from "pg";
import type { MessageDto } from "../../utils/contract/schemas/messages.ts";
import { COLUMNS, HEADS, JOINED, type MessageRow, type ParentRow, presentMessage } from "./present.ts";

const SHOWN = "m.deleted_at IS NULL AND m.moderation = 'approved'";

type PagePosition = { readonly room: string; readonly seq: string; readonly limit: string };

/** Returns the statement for one page of a room's history: keyset by (room_id, seq). */
const page = (
  comparison: "<" | "<=" | ">" | ">=",
  direction: "ASC" | "DESC",
  { room, seq, limit }: PagePosition = { room: "$1", seq: "$2", limit: "$3" },
): string => `
  SELECT ${COLUMNS} FROM ${JOINED}
  WHERE m.room_id = ${room} AND m.seq ${comparison} ${seq} AND ${SHOWN} ORDER BY m.seq ${direction} LIMIT ${limit}`;

const CHANGES = `
  SELECT r.last_seq AS head, c.* FROM rooms r
  LEFT JOIN LATERAL (
    SELECT ${COLUMNS} FROM ${JOINED}
    WHERE m.room_id = r.id AND m.changed_seq > $2 ORDER BY m.changed_seq LIMIT $3
  ) c ON true
  WHERE r.id = $1`;

const NEWEST = `
  SELECT r.last_seq AS head, c.* FROM rooms r
  LEFT JOIN LATERAL (${page("<=", "DESC", { room: "r.id", seq: "r.last_seq", limit: "$2" })}) c ON true
  WHERE r.id = $1`;

/** `sent_text` is what the author first sent, regardless of later edits. */
const KEYS = `
  SELECT ${COLUMNS},
    coalesce((SELECT v.text FROM message_versions v WHERE v.message_id = m.id AND v.version = 1), m.text) AS sent_text
  FROM unnest($1::uuid[], $2::uuid[]) AS k(author_id, client_message_id)
  JOIN messages m ON m.author_id = k.author_id AND m.client_message_id = k.client_message_id ${HEADS}`;

/** The current state of several messages, oldest change first. */
export const BY_IDS = `SELECT ${COLUMNS} FROM ${JOINED} WHERE m.id = ANY($1::uuid[]) ORDER BY m.changed_seq`;

/** Reads the current state of several messages, oldest change first. */
export const readByIds = async (db: pg.Pool | pg.PoolClient, ids: readonly string[]): Promise<MessageRow[]> =>
  (await db.query<MessageRow>({ name: "messages-by-ids", text: BY_IDS, values: [ids] })).rows;

const PARENTS = `
  SELECT p.id AS reply_to_id, p.seq AS reply_seq, left(p.text, 400) AS reply_text, CASE WHEN p.deleted_at IS NULL THEN u.display_name END AS reply_author
  FROM messages p JOIN users u ON u.id = p.author_id WHERE p.id = ANY($1::uuid[])`;

/** Reads what replies show of their parent messages, by the parents' ids. */
export const readParents = async (db: pg.Pool, ids: readonly string[]): Promise<ParentRow[]> =>
  (await db.query<ParentRow>({ name: "messages-parents", text: PARENTS, values: [ids] })).rows;

/** The highest safe `seq`, for "from the latest". */
export const NEWEST_SEQ = Number.MAX_SAFE_INTEGER;

const statements = {
  before: page("<", "DESC"),
  upTo: page("<=", "DESC"),
  after: page(">", "ASC"),
} as const;

/** Reads approved, undeleted messages on one side of a number, nearest first. */
export async function readPage(
  pool: pg.Pool,
  side: keyof typeof statements,
  at: { roomId: string; seq: number; limit: number },
): Promise<MessageRow[]> {
  const { rows } = await pool.query<MessageRow>({
    name: `messages-${side}`,
    text: statements[side],
    values: [at.roomId, at.seq, at.limit],
  });
  return rows;
}

type HeadRow = { head: number } & { [Column in keyof MessageRow]: MessageRow[Column] | null };

const isMessage = (row: HeadRow): row is HeadRow & MessageRow => row.id !== null;

/** The state of a room's messages: `lastSeq` is the number up to which `messages` is complete. */
export type Changes = { messages: MessageDto[]; lastSeq: number; head: number; hasMore: boolean };

/** Reads every message changed after a number, in its current state, oldest change first, tombstones included. */
export async function readChanges(pool: pg.Pool, from: { roomId: string; afterSeq: number; limit: number }): Promise<Changes> {
  const values = [from.roomId, from.afterSeq, from.limit + 1];
  const { rows } = await pool.query<HeadRow>({ name: "messages-changes", text: CHANGES, values });
  const found = rows.filter(isMessage);
  const hasMore = found.length > from.limit;
  const messages = found.slice(0, from.limit).map(presentMessage);
  const head = rows[0]?.head ?? 0;
  return { messages, head, hasMore, lastSeq: hasMore ? (messages.at(-1)?.changedSeq ?? head) : head };
}

/** Reads the latest messages of a room, oldest change first; `hasMore` if older ones exist. */
export async function readNewest(pool: pg.Pool, from: { roomId: string; limit: number }): Promise<Changes> {
  const { rows } = await pool.query<HeadRow>({ name: "messages-newest", text: NEWEST, values: [from.roomId, from.limit + 1] });
  const found = rows.filter(isMessage);
  const messages = found.slice(0, from.limit).map(presentMessage);
  messages.sort((a, b) => a.changedSeq - b.changedSeq);
  const head = rows[0]?.head ?? 0;
  return { messages, head, lastSeq: head, hasMore: found.length > from.limit };
}

export type SentRow = MessageRow & { sent_text: string };

/** Reads the messages that authors already sent under these keys. */
export async function readByKeys(pool: pg.Pool, keys: readonly { authorId: string; clientMessageId: string }[]): Promise<SentRow[]> {
  const values = [keys.map((key) => key.authorId), keys.map((key) => key.clientMessageId)];
  const { rows } = await pool.query<SentRow>({ name: "messages-by-keys", text: KEYS, values });
  return rows;
}

/** Reads the latest numbers of several rooms, by id. */
export async function readHeads(pool: pg.Pool, roomIds: readonly string[]): Promise<Map<string, number>> {
  const text = "SELECT id, last_seq FROM rooms WHERE id = ANY($1::uuid[])";
  const { rows } = await pool.query<{ id: string; last_seq: number }>({ name: "room-heads", text, values: [roomIds] });
  return new Map(rows.map((row) => [row.id, row.last_seq]));
}
