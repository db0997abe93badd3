import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { CaseDto, ClaimCaseInput } from "../../../utils/contract/schemas/moderation/cases.ts";
import { AppError } from "../../../utils/errors.ts";
import { auditInTransaction } from "../../audit/record.ts";
import { authorize, rejected } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { mayModerateSomewhere } from "../policy.ts";
import { caseChanged, lockCase } from "./lock-case.ts";
import { type CaseRow, claimerOf, presentCase, readCase } from "./present-case.ts";

/** How long a claim lasts. */
const CLAIM_MS = 15 * 60_000;

const CLAIM = `
  UPDATE moderation_cases SET claimed_by = $2, claim_expires_at = $3, reviewed_at = coalesce(reviewed_at, $4), updated_at = $4, version = version + 1
  WHERE id = $1`;

const RELEASE =
  "UPDATE moderation_cases SET claimed_by = NULL, claim_expires_at = NULL, updated_at = $2, version = version + 1 WHERE id = $1";

/** Reads a case that the transaction has changed. */
async function current(tx: pg.PoolClient, caseId: string): Promise<CaseRow> {
  const row = await readCase(tx, caseId);
  if (row === undefined) throw new AppError("not_found");
  return row;
}

/**
 * Claims a case for 15 minutes. The claim lapses by the clock; claiming again extends it.
 * @throws AppError `not_found`, `forbidden`, `case_changed { case }` also if another moderator has claimed it
 */
export async function claimCase(ctx: Ctx<"pool" | "now" | "events">, input: ClaimCaseInput): Promise<CaseDto> {
  const { actor, pool, now } = ctx;
  authorize(mayModerateSomewhere(actor));
  const at = now();
  const claimed = await inTransaction(pool, async (tx) => {
    const row = await lockCase(ctx, tx, input);
    const claimer = claimerOf(row, at);
    if (claimer !== null && claimer !== actor.id) throw caseChanged(row, at);
    await tx.query(CLAIM, [row.id, actor.id, new Date(at.getTime() + CLAIM_MS), at]);
    await auditInTransaction(tx, ctx, { action: "case_claimed", subjectType: "case", subjectId: row.id });
    return current(tx, row.id);
  });
  ctx.events.publish("caseChanged", { id: claimed.id });
  return presentCase(claimed, at);
}

/**
 * Gives up the actor's claim of a case. Has no effect on a case that is not claimed.
 * @throws AppError `not_found`, `forbidden` also for the claim of another moderator, `case_changed { case }`
 */
export async function releaseCase(ctx: Ctx<"pool" | "now" | "events">, input: ClaimCaseInput): Promise<CaseDto> {
  const { actor, pool, now } = ctx;
  authorize(mayModerateSomewhere(actor));
  const at = now();
  const { row, isChanged } = await inTransaction(pool, async (tx) => {
    const found = await lockCase(ctx, tx, input);
    const claimer = claimerOf(found, at);
    if (claimer === null) return { row: found, isChanged: false };
    if (claimer !== actor.id) authorize(rejected("forbidden"));
    await tx.query(RELEASE, [found.id, at]);
    return { row: await current(tx, found.id), isChanged: true };
  });
  if (isChanged) ctx.events.publish("caseChanged", { id: row.id });
  return presentCase(row, at);
}
