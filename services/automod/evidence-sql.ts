import { authorJson, momentSql } from "../json-sql.ts";

/** Returns the SQL expression of a message and its author, as `EvidenceMessageDto` in JSON. */
const messageJson = (message: string, author: string): string => `jsonb_build_object('id', ${message}.id, 'author', ${authorJson(author)},
    'text', ${message}.text, 'createdAt', ${momentSql(`${message}.created_at`)}, 'editedAt', ${momentSql(`${message}.edited_at`)},
    'attachments', '[]'::jsonb)`;

/** How many messages before the reported one belong to the evidence. */
const CONTEXT_MESSAGES = 10;

/**
 * Returns the SQL expression of the published messages before a message `m` of a room `r`, oldest first, as JSON. All members of a
 * conversation see all of its messages.
 */
const contextJson = (columns: string): string => `(
    SELECT ${columns} FROM (
      SELECT c.* FROM messages c WHERE c.room_id = m.room_id AND c.seq < coalesce(m.seq, r.last_seq + 1) AND c.deleted_at IS NULL
        AND c.moderation = 'approved'
      ORDER BY c.seq DESC LIMIT ${CONTEXT_MESSAGES}
    ) c JOIN users w ON w.id = c.author_id)`;

export const CONTEXT = contextJson(`coalesce(jsonb_agg(${messageJson("c", "w")} ORDER BY c.seq), '[]')`);
export const CONTEXT_AUTHORS = contextJson("array_agg(DISTINCT c.author_id)");

/** The conversation of a room `r` with its members; null for a language room. */
export const CONVERSATION = `CASE WHEN r.kind <> 'language' THEN jsonb_build_object('roomId', r.id, 'kind', r.kind, 'members', (
    SELECT coalesce(jsonb_agg(${authorJson("p")} ORDER BY o.joined_at, p.id), '[]')
    FROM room_members o JOIN users p ON p.id = o.user_id WHERE o.room_id = r.id)) END`;

export const CONVERSATION_MEMBERS = `ARRAY(SELECT o.user_id FROM room_members o WHERE o.room_id = r.id AND r.kind <> 'language')`;

/** A message `m` with its author `u`, without its context. */
export const MESSAGE = messageJson("m", "u");

/** Whether a user `u` is a moderator or an admin, of the site or of a lounge: a case about them is for admins. */
export const IS_MODERATOR = `(u.role IN ('moderator', 'admin') OR EXISTS (SELECT FROM lounge_moderators lm WHERE lm.user_id = u.id))`;

/** Returns the SQL expression of the evidence, as `EvidenceDto` in JSON, from its parts. */
export const evidenceJson = (parts: { message?: string; context?: string; profile?: string; conversation?: string }): string => `
  jsonb_build_object('message', ${parts.message ?? "NULL"}, 'context', ${parts.context ?? "'[]'::jsonb"}, 'profile', ${parts.profile ?? "NULL"},
    'item', NULL, 'conversation', ${parts.conversation ?? "NULL"})`;
