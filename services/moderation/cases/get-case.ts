import { inTransaction } from "../../../prisma/transaction.ts";
import type { CaseDetailDto, CaseParams, EvidenceDto } from "../../../utils/contract/schemas/moderation/cases.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { AppError } from "../../../utils/errors.ts";
import { auditInTransaction } from "../../audit/record.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { isStaff } from "../../users/policy.ts";
import { ACTION_COLUMNS, ACTION_JOINED, type ActionRow, presentAction, userJson } from "../actions/present-action.ts";
import { mayModerateSomewhere } from "../policy.ts";
import { IS_SHOWN, maySeeCase, viewerValues } from "./case-policy.ts";
import { CASE_COLUMNS, CASE_JOINED, type CaseRow, presentCase, readCase } from "./present-case.ts";

/** The most entries of each list of a case. */
const MAX = { reports: 200, actions: 100, record: 20, related: 10 } as const;

const REPORTS = `
  SELECT ${userJson("u")} AS reporter, r.reason, r.text, r.created_at FROM reports r JOIN users u ON u.id = r.reporter_id
  WHERE r.case_id = $1 ORDER BY r.created_at, r.id LIMIT ${MAX.reports}`;

type ReportRow = {
  readonly reporter: AuthorDto;
  readonly reason: CaseDetailDto["reports"][number]["reason"];
  readonly text: string | null;
  readonly created_at: Date;
};

const ACTIONS = `
  SELECT ${ACTION_COLUMNS} FROM ${ACTION_JOINED} WHERE a.case_id = $1 ORDER BY a.created_at, a.id LIMIT ${MAX.actions}`;

/** Moderators of lounges see actions in their lounges and on the whole site. */
const LATEST_ACTIONS = `
  SELECT ${ACTION_COLUMNS} FROM ${ACTION_JOINED}
  WHERE a.user_id = $1 AND ($2 OR a.scope_kind = 'site' OR a.scope_id = ANY($3::uuid[])
    OR EXISTS (SELECT FROM rooms r WHERE r.id = a.scope_id AND r.lounge_id = ANY($3::uuid[])))
  ORDER BY a.created_at DESC, a.id DESC LIMIT ${MAX.record}`;

const IS_UPHELD = "outcome IN ('actioned', 'refused') AND NOT is_reversed";

const RECORD = `
  SELECT count(*) FILTER (WHERE ${IS_UPHELD})::int AS "reportsUpheld", count(*) FILTER (WHERE NOT (${IS_UPHELD}))::int AS "reportsRejected"
  FROM moderation_cases WHERE subject_id = $1 AND id <> $2 AND is_resolved`;

type RecordRow = Pick<CaseDetailDto["record"], "reportsUpheld" | "reportsRejected">;

const RELATED = `
  SELECT ${CASE_COLUMNS} FROM ${CASE_JOINED} WHERE c.subject_id = $4 AND c.id <> $5 AND ${IS_SHOWN}
  ORDER BY c.created_at DESC, c.id DESC LIMIT ${MAX.related}`;

async function recordOf({ pool, actor }: Ctx<"pool">, { id, subject_id: subjectId }: CaseRow): Promise<CaseDetailDto["record"]> {
  if (subjectId === null) return { reportsUpheld: 0, reportsRejected: 0, actions: [] };
  const counts = (await pool.query<RecordRow>(RECORD, [subjectId, id])).rows[0];
  const actions = await pool.query<ActionRow>(LATEST_ACTIONS, [subjectId, isStaff(actor), actor.moderates]);
  const { reportsUpheld = 0, reportsRejected = 0 } = counts ?? {};
  return { reportsUpheld, reportsRejected, actions: actions.rows.map(presentAction) };
}

async function relatedCases(ctx: Ctx<"pool" | "now">, { id, subject_id: subjectId }: CaseRow): Promise<CaseDetailDto["relatedCases"]> {
  if (subjectId === null) return [];
  const { rows } = await ctx.pool.query<CaseRow>(RELATED, [...viewerValues(ctx.actor), subjectId, id]);
  return rows.map((row) => presentCase(row, ctx.now()));
}

async function reportsOf({ pool }: Ctx<"pool">, caseId: string): Promise<CaseDetailDto["reports"]> {
  const { rows } = await pool.query<ReportRow>(REPORTS, [caseId]);
  return rows.map(({ created_at, ...report }) => ({ ...report, createdAt: created_at.toISOString() }));
}

async function actionsOf({ pool }: Ctx<"pool">, caseId: string): Promise<CaseDetailDto["actions"]> {
  return (await pool.query<ActionRow>(ACTIONS, [caseId])).rows.map(presentAction);
}

/** Reads the evidence. If it is of a conversation, the access is recorded in the audit log first. */
async function readEvidence(ctx: Ctx<"pool">, caseId: string): Promise<EvidenceDto> {
  const { rows } = await ctx.pool.query<{ evidence: EvidenceDto }>("SELECT evidence FROM moderation_cases WHERE id = $1", [caseId]);
  const evidence = rows[0]?.evidence;
  if (evidence === undefined) throw new AppError("not_found");
  if (evidence.conversation === null) return evidence;
  const event = { action: "evidence_read", subjectType: "case", subjectId: caseId } as const;
  await inTransaction(ctx.pool, (tx) => auditInTransaction(tx, ctx, event));
  return evidence;
}

/** Returns a case with its evidence, reports and history, for an actor who may see it. */
export async function detailOf(ctx: Ctx<"pool" | "now">, row: CaseRow): Promise<CaseDetailDto> {
  const evidence = await readEvidence(ctx, row.id);
  const [reports, record, actions, related] = await Promise.all([
    reportsOf(ctx, row.id),
    recordOf(ctx, row),
    actionsOf(ctx, row.id),
    relatedCases(ctx, row),
  ]);
  return { ...presentCase(row, ctx.now()), evidence, reports, record, actions, relatedCases: related };
}

/**
 * Returns a case with everything that a moderator needs for a decision. Reading evidence of a conversation is recorded in the audit log.
 * @throws AppError `not_found`, `forbidden` for all but the staff who may see it
 */
export async function getCase(ctx: Ctx<"pool" | "now">, { caseId }: CaseParams): Promise<CaseDetailDto> {
  authorize(mayModerateSomewhere(ctx.actor));
  const row = await readCase(ctx.pool, caseId);
  if (row === undefined) throw new AppError("not_found");
  authorize(maySeeCase(ctx.actor, row));
  return detailOf(ctx, row);
}
