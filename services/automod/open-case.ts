import type pg from "pg";
import type { HouseRule } from "../../utils/contract/schemas/moderation/actions.ts";
import { newId } from "../../utils/ids.ts";
import { CONTEXT, CONTEXT_AUTHORS, CONVERSATION, CONVERSATION_MEMBERS, evidenceJson, IS_MODERATOR, MESSAGE } from "./evidence-sql.ts";

/** The priority of a case that began with an automatic rule: that of one report of spam. */
const RULE_SCORE = 10;

/** A message that a rule found. `held`: it waits for review; `rule`: it was sent. */
type MessageCase = { readonly kind: "rule" | "held"; readonly messageId: string; readonly reason: HouseRule };

/**
 * The message is copied as evidence. In a conversation the messages before it are left out: without a report the staff see nothing else of
 * it.
 */
const OPEN = `
  INSERT INTO moderation_cases (id, kind, target_kind, target_id, subject_id, lounge_id, room_id, language_code, is_for_admins, score, reason,
    evidence, evidence_of)
  SELECT $1, $3::case_kind, 'message', m.id, m.author_id, r.lounge_id, m.room_id, coalesce(m.language_code, r.language_code), ${IS_MODERATOR},
    ${RULE_SCORE}, $4,
    ${evidenceJson({ message: MESSAGE, context: `CASE WHEN r.kind = 'language' THEN ${CONTEXT} ELSE '[]' END`, conversation: CONVERSATION })},
    m.author_id || CASE WHEN r.kind = 'language' THEN ${CONTEXT_AUTHORS} END || ${CONVERSATION_MEMBERS}
  FROM messages m JOIN users u ON u.id = m.author_id JOIN rooms r ON r.id = m.room_id
  WHERE m.id = $2 AND m.deleted_at IS NULL
  ON CONFLICT (target_kind, target_id) WHERE NOT is_resolved DO NOTHING
  RETURNING id`;

/**
 * Opens a case about a message that an automatic rule found, without reports. Requires the transaction that stores the message, or one
 * after it. Publish `caseChanged` with the id after the commit.
 * @returns the id of the case; null if the message is deleted, or has an unresolved case already
 */
export async function openMessageCase(tx: pg.PoolClient, { kind, messageId, reason }: MessageCase): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>(OPEN, [newId(), messageId, kind, reason]);
  return rows[0]?.id ?? null;
}
