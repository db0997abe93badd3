import type pg from "pg";
import { limits } from "../../../utils/contract/limits.ts";
import { type ActionCaller, draftOf, type IssuedAction } from "../actions/action-draft.ts";
import { issueActions } from "../actions/issue-actions.ts";
import { HIDE_REPORTERS, HIDE_SCORE, spamMute } from "./score.ts";

/** Whether the reporter `t` of a report is trusted: a member who is no newcomer. `$2` is the time before which they must have joined. */
const IS_TRUSTED = "t.kind = 'member' AND t.created_at <= $2";

/** A user `u` whom automatic actions may concern: neither staff nor a moderator of a lounge. */
const IS_NO_STAFF = "u.role IN ('guest', 'member') AND NOT EXISTS (SELECT FROM lounge_moderators lm WHERE lm.user_id = u.id)";

/** The message of a case to be hidden, unless it was hidden before: staff may have restored it. */
const TO_HIDE = `
  SELECT m.id, m.room_id, m.author_id, (
      SELECT r.reason FROM reports r WHERE r.case_id = c.id AND r.reason <> 'other' GROUP BY r.reason ORDER BY sum(r.weight) DESC, r.reason LIMIT 1
    ) AS reason
  FROM moderation_cases c JOIN messages m ON m.id = c.target_id AND c.target_kind = 'message' JOIN users u ON u.id = m.author_id
  WHERE c.id = $1 AND c.score >= ${HIDE_SCORE} AND m.deleted_at IS NULL AND m.seq IS NOT NULL AND ${IS_NO_STAFF}
    AND NOT EXISTS (SELECT FROM moderation_actions a WHERE a.case_id = c.id AND a.kind = 'delete_message' AND a.is_automatic)
    AND (
      EXISTS (SELECT FROM reports r JOIN users t ON t.id = r.reporter_id WHERE r.case_id = c.id AND ${IS_TRUSTED})
      OR (SELECT count(*) FROM reports r WHERE r.case_id = c.id) >= ${HIDE_REPORTERS})`;

/** The guest or newcomer of a case whom enough trusted users reported for spam, unless that muted them before. */
const TO_MUTE = `
  SELECT u.id FROM moderation_cases c JOIN users u ON u.id = c.subject_id
  WHERE c.id = $1 AND ${IS_NO_STAFF} AND u.kind <> 'bot' AND (u.kind = 'guest' OR u.created_at > $2)
    AND (
      SELECT count(DISTINCT r.reporter_id) FROM moderation_cases o JOIN reports r ON r.case_id = o.id AND r.reason = 'spam'
      JOIN users t ON t.id = r.reporter_id
      WHERE o.subject_id = u.id AND NOT o.is_resolved AND ${IS_TRUSTED}
    ) >= ${spamMute.reporters}
    AND NOT EXISTS (
      SELECT FROM moderation_cases o JOIN moderation_actions a ON a.case_id = o.id AND a.kind = 'mute' AND a.is_automatic
      WHERE o.subject_id = u.id AND NOT o.is_resolved)`;

type HiddenRow = { readonly id: string; readonly room_id: string; readonly author_id: string; readonly reason: string | null };

/**
 * Hides the message of a case whose score is high, and mutes a guest or newcomer whom several trusted users report for spam, until staff
 * decide. Requires a transaction that has locked the room of the message, the case, and the reports about its subject.
 */
export async function takeAutomaticMeasures(
  tx: pg.PoolClient,
  { now }: Pick<ActionCaller, "now">,
  caseId: string,
): Promise<IssuedAction[]> {
  const trustedSince = new Date(now().getTime() - limits.newcomerMs);
  const hidden = await tx.query<HiddenRow>(TO_HIDE, [caseId, trustedSince]);
  const muted = await tx.query<{ id: string }>(TO_MUTE, [caseId, trustedSince]);
  const hide = hidden.rows.map(({ id: messageId, room_id: roomId, author_id: userId, reason }) => {
    const scope = { kind: "room", id: roomId } as const;
    return draftOf({ kind: "delete_message", userId, messageId, scope, rule: reason ?? "inappropriate", caseId, isAutomatic: true });
  });
  const mute = muted.rows.map(({ id: userId }) => {
    const scope = { kind: "site", id: null } as const;
    return draftOf({ kind: "mute", userId, scope, rule: "spam", durationMs: spamMute.durationMs, caseId, isAutomatic: true });
  });
  return issueActions(tx, { actor: null, now }, [...hide, ...mute]);
}
