import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { ScopeDto } from "../../../utils/contract/schemas/moderation/actions.ts";
import { HIGHEST_ID } from "../../../utils/cursor.ts";
import { databaseErrorOf } from "../../../utils/database-errors.ts";
import { idAt } from "../../../utils/ids.ts";
import type { Actor } from "../../actor.ts";

/** A published message of a language room, as the test of a rule needs it. */
export type RecentMessage = {
  readonly id: string;
  readonly author_id: string;
  readonly text: string;
  readonly created_at: Date;
  readonly mentions: number;
  /** The present role of the author in the room. */
  readonly role: Actor["role"];
  readonly is_bot: boolean;
};

const PAGE = 1_000;
const TIMEOUT = "SET LOCAL statement_timeout = '1s'";
const STATEMENT_TIMEOUT = "57014";

/** The lounges of the site may have many rooms; those of one lounge are few. */
const ROOMS = "SELECT id FROM rooms WHERE kind = 'language' AND CASE $1 WHEN 'room' THEN id = $2 ELSE lounge_id = $2 END LIMIT 500";

const COLUMNS = `m.id, m.author_id, m.text, m.created_at, cardinality(m.mentions) AS mentions, u.kind = 'bot' AS is_bot,
  CASE WHEN u.role = 'member' AND EXISTS (SELECT FROM lounge_moderators lm WHERE lm.user_id = u.id AND lm.lounge_id = r.lounge_id)
    THEN 'moderator' ELSE u.role::text END AS role`;

const IS_PUBLISHED = "m.seq IS NOT NULL AND m.deleted_at IS NULL AND m.id < $1 AND m.id >= $2";

/** The ids of messages begin with their time. */
const ON_SITE = `
  SELECT ${COLUMNS} FROM messages m JOIN rooms r ON r.id = m.room_id AND r.kind = 'language' JOIN users u ON u.id = m.author_id
  WHERE ${IS_PUBLISHED} ORDER BY m.id DESC LIMIT ${PAGE}`;

const IN_ROOMS = `
  SELECT ${COLUMNS} FROM unnest($3::uuid[]) AS asked(room_id) CROSS JOIN LATERAL (
    SELECT * FROM messages m WHERE m.room_id = asked.room_id AND ${IS_PUBLISHED} ORDER BY m.seq DESC LIMIT ${PAGE}
  ) m JOIN rooms r ON r.id = m.room_id JOIN users u ON u.id = m.author_id
  ORDER BY m.id DESC LIMIT ${PAGE}`;

/** Returns the language rooms of a scope; null for the whole site. */
export async function roomsOfScope(pool: pg.Pool, { kind, id }: ScopeDto): Promise<readonly string[] | null> {
  if (kind === "site") return null;
  return (await pool.query<{ id: string }>(ROOMS, [kind, id])).rows.map((row) => row.id);
}

type Selection = { readonly rooms: readonly string[] | null; readonly since: Date };

/** Reads one page; null if the database takes too long for it. */
async function readPage(pool: pg.Pool, { rooms, since }: Selection, before: string): Promise<RecentMessage[] | null> {
  try {
    return await inTransaction(pool, async (tx) => {
      await tx.query(TIMEOUT);
      const values = rooms === null ? [before, idAt(since)] : [before, idAt(since), rooms];
      return (await tx.query<RecentMessage>(rooms === null ? ON_SITE : IN_ROOMS, values)).rows;
    });
  } catch (error) {
    if (databaseErrorOf(error)?.code === STATEMENT_TIMEOUT) return null;
    throw error;
  }
}

/** Yields the messages of a scope, newest first, until the caller stops or the database takes too long. Conversations are left out. */
export async function* recentMessages(pool: pg.Pool, selection: Selection): AsyncGenerator<RecentMessage> {
  let before = HIGHEST_ID;
  for (;;) {
    const page = await readPage(pool, selection, before);
    if (page === null) return;
    yield* page;
    if (page.length < PAGE) return;
    before = page.at(-1)?.id ?? before;
  }
}
