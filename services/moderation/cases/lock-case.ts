import type pg from "pg";
import { AppError } from "../../../utils/errors.ts";
import { authorize } from "../../authorize.ts";
import type { Call, Ctx } from "../../context.ts";
import { currentStaff, readSubjects } from "../actions/action-access.ts";
import { mayActOn } from "../policy.ts";
import { maySeeCase } from "./case-policy.ts";
import { type CaseRow, presentCase, readCase } from "./present-case.ts";

const LOCK = "SELECT FROM moderation_cases WHERE id = $1 FOR NO KEY UPDATE";

const IS_ERASED = "SELECT FROM users WHERE id = $1 AND erased_at IS NOT NULL";

/** Checks that the actor may decide a case: as staff there, and above the user whom it is about. An erased user has no rank. */
async function authorizeDecision({ actor: caller }: Call, tx: pg.PoolClient, row: CaseRow): Promise<void> {
  const actor = await currentStaff(tx, caller);
  authorize(maySeeCase(actor, row));
  const { subject_id: subjectId, lounge_id: loungeId } = row;
  if (subjectId === null || (await tx.query(IS_ERASED, [subjectId])).rowCount === 1) return;
  const subjects = await readSubjects(tx, [subjectId]);
  authorize(mayActOn(actor, subjects.in(subjectId, loungeId), { loungeId }));
}

/** A case, and the version that the caller has seen. */
type SeenCase = { readonly caseId: string; readonly version: number };

/** Returns the error for a call that is based on an earlier state of a case. */
export const caseChanged = (row: CaseRow, now: Date): AppError => new AppError("case_changed", { case: presentCase(row, now) });

/**
 * Locks an unresolved case until the end of the transaction. Lock the rooms of messages that the decision changes before.
 * @throws AppError `not_found`, `forbidden` for all but the staff who may decide it, `case_changed { case }` if it is resolved or has
 * another version
 */
export async function lockCase(ctx: Ctx<"now">, tx: pg.PoolClient, { caseId, version }: SeenCase): Promise<CaseRow> {
  await tx.query(LOCK, [caseId]);
  const row = await readCase(tx, caseId);
  if (row === undefined) throw new AppError("not_found");
  await authorizeDecision(ctx, tx, row);
  if (row.version !== version || row.is_resolved) throw caseChanged(row, ctx.now());
  return row;
}
