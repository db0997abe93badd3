import type pg from "pg";
import type { LiveMessageDto } from "../../utils/contract/messages.ts";
import type { AuthorDto } from "../../utils/contract/users.ts";

/** A message about to be numbered. */
export type Draft = {
  readonly id: string;
  readonly roomId: string;
  readonly author: AuthorDto;
  readonly clientMessageId: string;
  readonly text: string;
  readonly languageCode: string | null;
};

/** What the database gave a draft. */
export type Numbered = { id: string; seq: number; created_at: Date };

/**
 * One statement, so that a commit is one round trip and one flush to disk:
 * `fresh` drops what is already there (a conflict after numbering would punch a hole into the order), `locked` takes the
 * rooms in id order (two nodes never wait for each other in a ring), `numbered` moves their counters, and the rows
 * get their places.
 */
const COMMIT = `
  WITH draft AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[]) WITH ORDINALITY
      AS t(id, room_id, author_id, client_message_id, text, language_code, place)
  ), fresh AS (
    SELECT d.* FROM draft d WHERE NOT EXISTS (
      SELECT 1 FROM messages m WHERE m.author_id = d.author_id AND m.client_message_id = d.client_message_id)
  ), locked AS (
    SELECT r.id FROM rooms r WHERE r.id IN (SELECT room_id FROM fresh) ORDER BY r.id FOR NO KEY UPDATE
  ), counted AS (
    SELECT f.room_id, count(*) AS amount FROM fresh f JOIN locked l ON l.id = f.room_id GROUP BY f.room_id
  ), numbered AS (
    UPDATE rooms r SET last_seq = r.last_seq + c.amount FROM counted c WHERE r.id = c.room_id
    RETURNING r.id, r.last_seq - c.amount AS base
  )
  INSERT INTO messages (id, room_id, author_id, client_message_id, text, language_code, seq, changed_seq)
  SELECT p.id, p.room_id, p.author_id, p.client_message_id, p.text, p.language_code, p.seq, p.seq FROM (
    SELECT f.*, n.base + row_number() OVER (PARTITION BY f.room_id ORDER BY f.place) AS seq
    FROM fresh f JOIN numbered n ON n.id = f.room_id
  ) p
  RETURNING id, seq, created_at`;

/** Numbers and stores drafts in one commit. A draft whose key is already taken, or whose room is gone, is left out of the answer. */
export async function commitDrafts(pool: pg.Pool, drafts: readonly Draft[]): Promise<Map<string, Numbered>> {
  const values = [
    drafts.map((draft) => draft.id),
    drafts.map((draft) => draft.roomId),
    drafts.map((draft) => draft.author.id),
    drafts.map((draft) => draft.clientMessageId),
    drafts.map((draft) => draft.text),
    drafts.map((draft) => draft.languageCode),
  ];
  const { rows } = await pool.query<Numbered>({ name: "commit-drafts", text: COMMIT, values });
  return new Map(rows.map((row) => [row.id, row]));
}

/** A draft as the message it became. */
export const presentCommitted = (draft: Draft, numbered: Numbered): LiveMessageDto => ({
  id: draft.id,
  roomId: draft.roomId,
  seq: numbered.seq,
  changedSeq: numbered.seq,
  clientMessageId: draft.clientMessageId,
  author: draft.author,
  text: draft.text,
  languageCode: draft.languageCode,
  replyTo: null,
  attachments: [],
  reactions: [],
  mentions: [],
  pinnedAt: null,
  moderation: "approved",
  createdAt: numbered.created_at.toISOString(),
  editedAt: null,
  deletedAt: null,
});
