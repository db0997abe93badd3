import type pg from "pg";
import type { CaseDto } from "../../../utils/contract/schemas/moderation/cases.ts";

const CLOSE = `
  UPDATE moderation_cases SET is_resolved = true, outcome = $2::case_outcome, note = $3, resolved_by = $4, resolved_at = $5, updated_at = $5,
    reviewed_at = coalesce(reviewed_at, $5), claimed_by = NULL, claim_expires_at = NULL, version = version + 1
  WHERE id = $1`;

/** A decision about a case, and who made it. */
type Closing = {
  readonly caseId: string;
  readonly outcome: NonNullable<CaseDto["outcome"]>;
  readonly note: string | null;
  readonly userId: string;
  readonly at: Date;
};

/** Marks a case as resolved, which ends its claim. Requires a transaction that has locked the case. */
export async function closeCase(tx: pg.PoolClient, { caseId, outcome, note, userId, at }: Closing): Promise<void> {
  await tx.query(CLOSE, [caseId, outcome, note, userId, at]);
}
