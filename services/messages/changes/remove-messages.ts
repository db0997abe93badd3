import type pg from "pg";
import type { RowServices } from "../../audit/process-rows.ts";
import { ago, type Purge, purgeRows } from "../../audit/purge-rows.ts";
import { emptyMessages } from "./delete.ts";

/** Stores the content of messages before they are removed, so that it can be restored. */
const STORE = `
  INSERT INTO removed_messages (message_id, action_id, content)
  SELECT m.id, $2, jsonb_build_object(
    'text', m.text, 'mentions', to_jsonb(m.mentions), 'replyToId', m.reply_to_id, 'pinnedAt', m.pinned_at, 'reactions', m.reactions,
    'reactionRows', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM reactions r WHERE r.message_id = m.id),
    'notifications', (SELECT coalesce(jsonb_agg(to_jsonb(n)), '[]') FROM notifications n WHERE n.message_id = m.id))
  FROM messages m WHERE m.id = ANY($1::uuid[]) AND m.deleted_at IS NULL AND m.seq IS NOT NULL
  RETURNING message_id AS id`;

const KEEP_VERSIONS = "SELECT keep_message_version(m, true) FROM messages m WHERE m.id = ANY($1::uuid[])";

/**
 * Removes published messages for a moderation action: they become tombstones, and their content is kept for 30 days. Requires a
 * transaction that has locked their room. @returns the ids of the removed messages, which the caller numbers; those that are deleted
 * already are left out
 */
export async function removeMessages(tx: pg.PoolClient, actionId: string, messageIds: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(STORE, [messageIds, actionId]);
  const ids = messageIds.filter((id) => rows.some((row) => row.id === id));
  if (ids.length === 0) return [];
  await tx.query(KEEP_VERSIONS, [ids]);
  await emptyMessages(tx, ids);
  return ids;
}

const RESTORE = `
  UPDATE messages m SET text = r.content->>'text', mentions = ARRAY(SELECT jsonb_array_elements_text(r.content->'mentions'))::uuid[],
    reply_to_id = (r.content->>'replyToId')::uuid, pinned_at = (r.content->>'pinnedAt')::timestamptz, reactions = r.content->'reactions',
    deleted_at = NULL
  FROM removed_messages r WHERE r.message_id = m.id AND m.id = ANY($1::uuid[])`;

const RESTORE_REACTIONS = `
  INSERT INTO reactions SELECT x.* FROM removed_messages r, jsonb_populate_recordset(NULL::reactions, r.content->'reactionRows') x
  WHERE r.message_id = ANY($1::uuid[]) AND EXISTS (SELECT FROM users u WHERE u.id = x.user_id AND u.erased_at IS NULL)
  ON CONFLICT DO NOTHING`;

const RESTORE_NOTIFICATIONS = `
  INSERT INTO notifications SELECT x.* FROM removed_messages r, jsonb_populate_recordset(NULL::notifications, r.content->'notifications') x
  WHERE r.message_id = ANY($1::uuid[]) AND EXISTS (SELECT FROM users u WHERE u.id = x.user_id AND u.erased_at IS NULL)
  ON CONFLICT DO NOTHING`;

const FORGET_VERSIONS = "DELETE FROM message_versions WHERE message_id = ANY($1::uuid[]) AND is_deleted";
const FORGET = "DELETE FROM removed_messages WHERE message_id = ANY($1::uuid[])";

/**
 * Restores removed messages with their reactions and notifications. Requires a transaction that has locked their room, and only messages
 * of `removed_messages`. The caller numbers them.
 */
export async function restoreMessages(tx: pg.PoolClient, messageIds: readonly string[]): Promise<void> {
  for (const statement of [RESTORE, RESTORE_REACTIONS, RESTORE_NOTIFICATIONS, FORGET_VERSIONS, FORGET])
    await tx.query(statement, [messageIds]);
}

const EXPIRED: Purge = {
  job: "purge-deleted-texts",
  table: "removed_messages",
  key: { column: "message_id", type: "uuid" },
  due: "removed_at < $1",
};

/** Purges the content of messages that were removed more than `before` ms ago; it can no longer be restored. @returns how many */
export const purgeRemoved = (services: RowServices, { before, limit }: { before: number; limit: number }): Promise<number> =>
  purgeRows(services, EXPIRED, { before: ago(services, before), limit });
