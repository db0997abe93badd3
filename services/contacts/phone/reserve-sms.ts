import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import { phoneCodes } from "../../../utils/contract/limits.ts";
import type { OpenCtx } from "../../context.ts";
import { hashOfCode } from "./codes.ts";
import { type PhonePurpose, sealNumber } from "./proof.ts";
import {
  budgetPause,
  budgetsOf,
  dayOf,
  lockTarget,
  readSendHistory,
  type SendVerdict,
  type Target,
  verdictOnSending,
} from "./sms-budgets.ts";

/** A code to be sent. */
export type Draft = Target & {
  readonly id: string;
  readonly number: string;
  readonly code: string;
  readonly purpose: PhonePurpose;
  readonly createdAt: Date;
};

const COLUMNS = `id, purpose, user_id, sealed, blind_index, prefix, country, network, code_hash, created_at, expires_at, is_sent`;
const VALUES = "$1::uuid, $2::phone_purpose, $3::uuid, $4::bytea, $5::bytea, $6, $7, $8, $9::bytea, $10::timestamptz, $11::timestamptz";

/**
 * Takes one text from the open part of the day's budget and inserts the code, both or neither. The day's row is locked by this
 * statement and until the commit that follows it.
 */
const INSERT_WITH_BUDGET = `
  WITH paid AS (
    INSERT INTO sms_budgets AS b (day, sent) VALUES ($12::date, 1)
    ON CONFLICT (day) DO UPDATE SET sent = b.sent + 1 WHERE b.sent < $13 RETURNING day
  )
  INSERT INTO phone_verifications (${COLUMNS}) SELECT ${VALUES}, true FROM paid`;

const INSERT_UNSENT = `INSERT INTO phone_verifications (${COLUMNS}) VALUES (${VALUES}, false)`;

const valuesOf = (ctx: OpenCtx<"keys" | "vault">, draft: Draft): unknown[] => [
  draft.id,
  draft.purpose,
  ctx.actor?.id ?? null,
  Buffer.from(sealNumber(ctx, draft.id, draft.number)),
  Buffer.from(draft.blindIndex),
  draft.prefix,
  draft.country,
  draft.network,
  Buffer.from(hashOfCode(ctx.keys, draft.id, draft.code)),
  draft.createdAt,
  new Date(draft.createdAt.getTime() + phoneCodes.expiresMs),
];

/** Whether the code of a paused request is stored: only that of a reset, which may still be sent from the reserve to an account's owner. */
const isKept = ({ purpose }: Draft): boolean => purpose === "reset";

async function verdictNow(client: Pick<pg.PoolClient, "query">, { rules }: OpenCtx<"rules">, draft: Draft): Promise<SendVerdict> {
  const now = draft.createdAt;
  return verdictOnSending(await readSendHistory(client, draft, { now, limitsScale: rules.limitsScale }), { rules, now });
}

/** Decides under the locks of the number and its group, and inserts the code if it may be sent. */
async function decide(client: pg.PoolClient, ctx: OpenCtx<"keys" | "rules" | "vault">, draft: Draft): Promise<SendVerdict> {
  await lockTarget(client, draft);
  const verdict = await verdictNow(client, ctx, draft);
  if (verdict.kind === "too_soon") return verdict;
  const values = valuesOf(ctx, draft);
  if (verdict.kind === "allowed") {
    const { open } = budgetsOf(ctx.rules);
    const hasBudget = open > 0 && (await client.query(INSERT_WITH_BUDGET, [...values, dayOf(draft.createdAt), open])).rowCount === 1;
    if (hasBudget) return verdict;
  }
  if (isKept(draft)) await client.query(INSERT_UNSENT, values);
  return verdict.kind === "paused" ? verdict : { ...budgetPause(draft.createdAt), kind: "paused", resendInMs: verdict.resendInMs };
}

/**
 * Consumes the limits of texts and inserts the code; concurrent requests cannot exceed the limits. No lock is held when it returns. A
 * request over the limits is rejected by one query, without waiting for the locks.
 */
export async function reserveSms(ctx: OpenCtx<"pool" | "keys" | "rules" | "vault">, draft: Draft): Promise<SendVerdict> {
  const early = await verdictNow(ctx.pool, ctx, draft);
  if (early.kind === "too_soon" || (early.kind === "paused" && !isKept(draft))) return early;
  return inTransaction(ctx.pool, (client) => decide(client, ctx, draft));
}
