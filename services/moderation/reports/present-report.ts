import type { ReportDto, TargetDto } from "../../../utils/contract/schemas/moderation/reports.ts";

/** A report with the state of its case, as `REPORT_COLUMNS` reads it. */
export type ReportRow = {
  readonly id: string;
  readonly number: number;
  readonly target_kind: TargetDto["kind"];
  readonly target_id: string;
  readonly reason: ReportDto["reason"];
  readonly text: string | null;
  readonly created_at: Date;
  readonly is_resolved: boolean;
  readonly reviewed_at: Date | null;
  readonly outcome: "dismissed" | "actioned" | "approved" | "refused" | null;
  readonly resolved_at: Date | null;
};

/** The columns of `ReportRow`. */
export const REPORT_COLUMNS = `o.id, c.number, c.target_kind, c.target_id, o.reason, o.text, o.created_at, c.is_resolved, c.reviewed_at, c.outcome,
  c.resolved_at`;

export const REPORT_JOINED = "reports o JOIN moderation_cases c ON c.id = o.case_id";

const stateOf = ({ is_resolved, reviewed_at }: ReportRow): ReportDto["state"] =>
  is_resolved ? "closed" : reviewed_at === null ? "received" : "under_review";

const outcomes = { dismissed: "no_action", approved: "no_action", actioned: "action_taken", refused: "action_taken" } as const;

/** Returns a report as its reporter sees it: the category of the outcome, but not what was done. */
export const presentReport = (row: ReportRow): ReportDto => ({
  id: row.id,
  number: row.number,
  target: { kind: row.target_kind, id: row.target_id },
  reason: row.reason,
  text: row.text,
  state: stateOf(row),
  outcome: row.outcome === null ? null : outcomes[row.outcome],
  createdAt: row.created_at.toISOString(),
  closedAt: row.resolved_at?.toISOString() ?? null,
});
