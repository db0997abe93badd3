import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { CreateReportInput, ReportDto, TargetDto } from "../../../utils/contract/schemas/moderation/reports.ts";
import { AppError } from "../../../utils/errors.ts";
import { newId } from "../../../utils/ids.ts";
import { IS_MODERATOR } from "../../automod/evidence-sql.ts";
import type { Ctx } from "../../context.ts";
import { lockRooms } from "../../rooms/lock-room.ts";
import type { IssuedAction } from "../actions/action-draft.ts";
import { finishActions } from "../actions/finish-actions.ts";
import { takeAutomaticMeasures } from "./automatic-measures.ts";
import { addContext, openReportedCase } from "./open-reported-case.ts";
import { presentReport, REPORT_COLUMNS, REPORT_JOINED, type ReportRow } from "./present-report.ts";
import { type ReportTarget, targetForReporter } from "./report-target.ts";
import { MAX_SCORE, type TrackRecord, weightOf } from "./score.ts";

/** A user or conversation can be reported again once the case is closed; the decision about a message is final. */
const FIND_OWN = `
  SELECT ${REPORT_COLUMNS} FROM ${REPORT_JOINED}
  WHERE o.reporter_id = $1 AND c.target_kind = $2::target_kind AND c.target_id = $3 AND (NOT c.is_resolved OR c.target_kind IN ('message', 'item'))
  ORDER BY o.created_at DESC LIMIT 1`;

async function findOwnReport(db: pg.Pool | pg.PoolClient, reporterId: string, { kind, id }: TargetDto): Promise<ReportRow | undefined> {
  return (await db.query<ReportRow>(FIND_OWN, [reporterId, kind, id])).rows[0];
}

/** Serializes the reports about one user, which are counted together. */
const LOCK_SUBJECT = "SELECT pg_advisory_xact_lock(hashtextextended('reports ' || $1::text, 0))";

/** The decided ones among the reporter's latest reports. */
const RECORD = `
  SELECT count(*)::int AS decided, count(*) FILTER (WHERE outcome IN ('actioned', 'refused') AND NOT is_reversed)::int AS upheld
  FROM (
    SELECT c.outcome, c.is_reversed FROM reports r JOIN moderation_cases c ON c.id = r.case_id AND c.is_resolved
    WHERE r.reporter_id = $1 ORDER BY r.created_at DESC LIMIT 100
  ) latest`;

async function trackRecordOf(tx: pg.PoolClient, reporterId: string): Promise<TrackRecord> {
  return (await tx.query<TrackRecord>(RECORD, [reporterId])).rows[0] ?? { upheld: 0, decided: 0 };
}

const INSERT = "INSERT INTO reports (id, case_id, reporter_id, reason, text, weight, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";

const ADD = `
  UPDATE moderation_cases c SET score = least(${MAX_SCORE}, c.score + $2), updated_at = $3,
    version = c.version + $4,
    is_for_admins = c.is_for_admins OR EXISTS (SELECT FROM users u WHERE u.id = c.subject_id AND ${IS_MODERATOR})
  WHERE c.id = $1`;

type Stored = { readonly row: ReportRow; readonly issued: readonly IssuedAction[]; readonly caseId: string | null };

async function store(
  ctx: Ctx<"now">,
  tx: pg.PoolClient,
  { input, target }: { input: CreateReportInput; target: ReportTarget },
): Promise<Stored> {
  const { actor, now } = ctx;
  if (target.kind === "message" && target.roomId !== null) await lockRooms(tx, [target.roomId]);
  await tx.query(LOCK_SUBJECT, [target.subjectId ?? target.id]);
  const earlier = await findOwnReport(tx, actor.id, target);
  if (earlier !== undefined) return { row: earlier, issued: [], caseId: null };
  const createdAt = now();
  const { id: caseId, isNew } = await openReportedCase(tx, target, createdAt);
  await addContext(tx, caseId);
  const weight = weightOf(input.reason, await trackRecordOf(tx, actor.id));
  const text = input.text === undefined || input.text === "" ? null : input.text;
  await tx.query(INSERT, [newId(), caseId, actor.id, input.reason, text, weight, createdAt]);
  await tx.query(ADD, [caseId, weight, createdAt, isNew ? 0 : 1]);
  const issued = await takeAutomaticMeasures(tx, ctx, caseId);
  const row = await findOwnReport(tx, actor.id, target);
  if (row === undefined) throw new AppError("not_found");
  return { row, issued, caseId };
}

/** A report, and whether the reporter made it before. */
export type MadeReport = { readonly report: ReportDto; readonly isRepeat: boolean };

/**
 * Reports something to the staff. All reports about one target form one case until it is decided. Reporting the same target again returns
 * the first report, also if it cannot be seen anymore.
 * @throws AppError `not_found` for what the actor cannot see, `report_self`, `rate_limited { retryAfterMs }` after 10 reports a day, guests
 * after 3
 */
export async function createReport(
  ctx: Ctx<"db" | "pool" | "now" | "rooms" | "conversations" | "limits" | "sessions" | "publish" | "events" | "logger">,
  input: CreateReportInput,
): Promise<MadeReport> {
  const earlier = await findOwnReport(ctx.pool, ctx.actor.id, input.target);
  if (earlier !== undefined) return { report: presentReport(earlier), isRepeat: true };
  const target = await targetForReporter(ctx, input.target);
  await ctx.limits.consume(ctx.actor.kind === "guest" ? "reportsOfGuest" : "reportsOfMember", ctx.actor.id);
  const { row, issued, caseId } = await inTransaction(ctx.pool, (tx) => store(ctx, tx, { input, target }));
  if (caseId === null) return { report: presentReport(row), isRepeat: true };
  ctx.events.publish("caseChanged", { id: caseId });
  await finishActions(ctx, issued);
  return { report: presentReport(row), isRepeat: false };
}
