import type pg from "pg";
import { momentSql } from "../../json-sql.ts";

/** A recorded event. */
export type HookEvent = { readonly id: string; readonly type: "case_opened" | "action_taken"; readonly subjectId: string };

/** Neither contains texts, evidence, or who reported or decided. */
const CASES = `
  SELECT id, json_build_object('id', id, 'number', number, 'kind', kind, 'target', json_build_object('kind', target_kind, 'id', target_id),
    'subjectId', subject_id, 'loungeId', lounge_id, 'roomId', room_id, 'languageCode', language_code, 'score', score,
    'createdAt', ${momentSql("created_at")}) AS facts
  FROM moderation_cases WHERE id = ANY($1::uuid[])`;

const ACTIONS = `
  SELECT id, json_build_object('id', id, 'kind', kind, 'userId', user_id, 'messageId', message_id, 'itemId', item_id,
    'scope', json_build_object('kind', scope_kind, 'id', scope_id), 'rule', CASE WHEN rule ~ '^[a-z_]+$' THEN rule ELSE 'other' END,
    'caseId', case_id, 'parentId', parent_id, 'isAutomatic', is_automatic,
    'createdAt', ${momentSql("created_at")},
    'expiresAt', ${momentSql("expires_at")}) AS facts
  FROM moderation_actions WHERE id = ANY($1::uuid[])`;

const KINDS = { case_opened: { sql: CASES, field: "case" }, action_taken: { sql: ACTIONS, field: "action" } } as const;

/** Returns what an event reports, as a part of its request; null if its case or action no longer exists. */
export async function readFacts(pool: pg.Pool, { type, subjectId }: HookEvent): Promise<Record<string, unknown> | null> {
  const { sql, field } = KINDS[type];
  const { rows } = await pool.query<{ facts: unknown }>(sql, [[subjectId]]);
  return rows[0] === undefined ? null : { [field]: rows[0].facts };
}
