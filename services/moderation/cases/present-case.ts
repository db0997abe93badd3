import type pg from "pg";
import type { CaseDto } from "../../../utils/contract/schemas/moderation/cases.ts";
import type { TargetKind } from "../../../utils/contract/schemas/moderation/reports.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { presentAuthor } from "../../users/present.ts";
import { userJson } from "../actions/present-action.ts";

/** A case with the users that it shows and the reasons of its reports, as `CASE_COLUMNS` reads it. */
export type CaseRow = {
  readonly id: string;
  readonly number: number;
  readonly kind: CaseDto["kind"];
  readonly target_kind: TargetKind;
  readonly target_id: string;
  readonly subject_id: string | null;
  readonly subject: AuthorDto | null;
  readonly lounge_id: string | null;
  readonly room_id: string | null;
  readonly language_code: string | null;
  readonly is_for_admins: boolean;
  readonly is_resolved: boolean;
  readonly version: number;
  readonly score: number;
  readonly reason: CaseDto["reasons"][number]["reason"] | null;
  readonly reasons: CaseDto["reasons"];
  readonly claimed_by: string | null;
  readonly claimer: AuthorDto | null;
  readonly claim_expires_at: Date | null;
  readonly outcome: CaseDto["outcome"];
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly resolved_at: Date | null;
};

/** The columns of `CaseRow`. */
export const CASE_COLUMNS = `
  c.id, c.number, c.kind, c.target_kind, c.target_id, c.subject_id, c.lounge_id, c.room_id, c.language_code, c.is_for_admins, c.is_resolved,
  c.version, c.score, c.reason, c.claimed_by, c.claim_expires_at, c.outcome, c.created_at, c.updated_at, c.resolved_at,
  ${userJson("subject")} AS subject, ${userJson("claimer")} AS claimer,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('reason', x.reason, 'count', x.count) ORDER BY x.count DESC, x.reason), '[]')
    FROM (SELECT r.reason, count(*) FROM reports r WHERE r.case_id = c.id GROUP BY r.reason) x) AS reasons`;

/** The case `c`, and what `CASE_COLUMNS` reads besides. */
export const CASE_JOINED = `moderation_cases c
  LEFT JOIN users subject ON subject.id = c.subject_id LEFT JOIN users claimer ON claimer.id = c.claimed_by`;

const BY_ID = `SELECT ${CASE_COLUMNS} FROM ${CASE_JOINED} WHERE c.id = $1`;

/** Reads the current state of a case. */
export const readCase = async (db: pg.Pool | pg.PoolClient, id: string): Promise<CaseRow | undefined> =>
  (await db.query<CaseRow>({ name: "case-by-id", text: BY_ID, values: [id] })).rows[0];

type Claim = Pick<CaseRow, "is_resolved" | "claimed_by" | "claim_expires_at">;

/** Returns who works on a case; null if it is not claimed, also after the claim lapsed. */
export const claimerOf = ({ is_resolved, claimed_by, claim_expires_at }: Claim, now: Date): string | null =>
  !is_resolved && claim_expires_at !== null && claim_expires_at > now ? claimed_by : null;

/** Returns the reasons of the reports, and the one of the rule that opened the case, which no report may have. */
function reasonsOf({ reasons, reason }: CaseRow): CaseDto["reasons"] {
  return reason === null || reasons.some((one) => one.reason === reason) ? reasons : [...reasons, { reason, count: 0 }];
}

/** Returns a case as staff see it. */
export function presentCase(row: CaseRow, now: Date): CaseDto {
  const isClaimed = claimerOf(row, now) !== null;
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    target: { kind: row.target_kind, id: row.target_id },
    subject: row.subject && presentAuthor(row.subject),
    loungeId: row.lounge_id,
    roomId: row.room_id,
    languageCode: row.language_code,
    state: row.is_resolved ? "resolved" : isClaimed ? "claimed" : "open",
    version: row.version,
    score: row.score,
    reasons: reasonsOf(row),
    reportCount: row.reasons.reduce((total, { count }) => total + count, 0),
    claimedBy: isClaimed && row.claimer !== null ? presentAuthor(row.claimer) : null,
    claimExpiresAt: isClaimed ? (row.claim_expires_at?.toISOString() ?? null) : null,
    outcome: row.outcome,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
  };
}
