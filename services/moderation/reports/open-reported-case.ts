import type pg from "pg";
import { AppError } from "../../../utils/errors.ts";
import { newId } from "../../../utils/ids.ts";
import {
  CONTEXT,
  CONTEXT_AUTHORS,
  CONVERSATION,
  CONVERSATION_MEMBERS,
  evidenceJson,
  IS_MODERATOR,
  MESSAGE,
} from "../../automod/evidence-sql.ts";
import { authorJson } from "../../json-sql.ts";
import type { ReportTarget } from "./report-target.ts";

/** `$1` id, `$2` target, `$3` subject, `$4` time, `$5` whether the reporter may read the room. The rest depends on the target. */
const insertCase = (kind: ReportTarget["kind"], { columns, from }: { columns: string; from: string }): string => `
  INSERT INTO moderation_cases (id, kind, target_kind, target_id, subject_id, created_at, updated_at,
    lounge_id, room_id, language_code, is_for_admins, evidence, evidence_of)
  SELECT $1, 'report', '${kind}', $2, $3, $4, $4, ${columns}
  FROM ${from}
  ON CONFLICT (target_kind, target_id) WHERE NOT is_resolved DO NOTHING
  RETURNING id`;

const context = `CASE WHEN $5 THEN ${CONTEXT} ELSE '[]' END`;
const contextAuthors = `CASE WHEN $5 THEN ${CONTEXT_AUTHORS} END`;

const profile = `jsonb_build_object('user', ${authorJson("u")}, 'bio', u.bio, 'pronouns', u.pronouns)`;

const statements = {
  message: insertCase("message", {
    columns: `r.lounge_id, m.room_id, coalesce(m.language_code, r.language_code), ${IS_MODERATOR},
    ${evidenceJson({ message: MESSAGE, context, conversation: CONVERSATION })}, m.author_id || ${contextAuthors} || ${CONVERSATION_MEMBERS}`,
    from: "messages m JOIN users u ON u.id = m.author_id JOIN rooms r ON r.id = m.room_id WHERE m.id = $2 AND m.deleted_at IS NULL",
  }),
  user: insertCase("user", {
    columns: `NULL, NULL, NULL, ${IS_MODERATOR}, ${evidenceJson({ profile })}, ARRAY[u.id]`,
    from: "users u WHERE u.id = $2 AND u.erased_at IS NULL AND $5::bool IS NOT NULL",
  }),
  conversation: insertCase("conversation", {
    columns: `NULL, r.id, NULL, coalesce(${IS_MODERATOR}, false), ${evidenceJson({ context, conversation: CONVERSATION })},
    ${contextAuthors} || ${CONVERSATION_MEMBERS}`,
    from: `rooms r CROSS JOIN LATERAL (SELECT r.id AS room_id, NULL::bigint AS seq) m LEFT JOIN users u ON u.id = $3
  WHERE r.id = $2 AND r.kind <> 'language'`,
  }),
} as const;

const LOCK = `
  SELECT id FROM moderation_cases WHERE target_kind = $1::target_kind AND target_id = $2 AND NOT is_resolved FOR NO KEY UPDATE`;

async function lockOpenCase(tx: pg.PoolClient, { kind, id }: ReportTarget): Promise<string | null> {
  return (await tx.query<{ id: string }>(LOCK, [kind, id])).rows[0]?.id ?? null;
}

/** A case that the transaction has locked, and whether the transaction opened it. */
type ReportedCase = { readonly id: string; readonly isNew: boolean };

/**
 * Locks the unresolved case about a target, or opens one with a copy of the target as evidence.
 * @throws AppError `not_found` if the target was deleted meanwhile
 */
export async function openReportedCase(tx: pg.PoolClient, target: ReportTarget, now: Date): Promise<ReportedCase> {
  const open = await lockOpenCase(tx, target);
  if (open !== null) return { id: open, isNew: false };
  if (target.kind === "item") throw new AppError("not_found");
  const values = [newId(), target.id, target.subjectId, now, target.canRead];
  const { rowCount } = await tx.query(statements[target.kind], values);
  // Without a new one, an automatic rule opened one at the same time.
  const id = await lockOpenCase(tx, target);
  if (id === null) throw new AppError("not_found");
  return { id, isNew: rowCount === 1 };
}

const ADD_CONTEXT = `
  UPDATE moderation_cases o SET evidence = jsonb_set(o.evidence, '{context}', ${CONTEXT}),
    evidence_of = o.evidence_of || coalesce(${CONTEXT_AUTHORS}, '{}')
  FROM messages m JOIN rooms r ON r.id = m.room_id
  WHERE o.id = $1 AND m.id = o.target_id AND o.target_kind = 'message' AND r.kind <> 'language' AND o.kind IN ('rule', 'held')
    AND o.evidence->'context' = '[]' AND NOT EXISTS (SELECT FROM reports x WHERE x.case_id = o.id)`;

/** Adds the messages before a message in a conversation to a case that an automatic rule opened, when the first report arrives. */
export const addContext = (tx: pg.PoolClient, caseId: string) => tx.query(ADD_CONTEXT, [caseId]);
