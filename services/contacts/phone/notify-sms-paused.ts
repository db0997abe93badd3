import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import { newId } from "../../../utils/ids.ts";
import { firstSupported } from "../../../utils/text/languages.ts";
import type { OpenCtx } from "../../context.ts";
import { contactOf } from "../contacts.ts";
import { sendSmsPaused } from "../email/account-mails.ts";
import type { Pause } from "./sms-budgets.ts";

const MOST_ADMINS = 20;

const KNOWN = `
  SELECT FROM audit_log WHERE subject_type = 'phone_prefix' AND subject_id IS NULL AND action = 'sms_paused' AND at >= $1 AND data = $2
  LIMIT 1`;

const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('sms pause', 0))";

const APPEND = `
  INSERT INTO audit_log (id, at, action, subject_type, data, actor_id, request_id) VALUES ($1, $2, 'sms_paused', 'phone_prefix', $3, $4, $5)`;

type Paused = { readonly prefix: string; readonly country: string };

function dataOf({ reason }: Pause, { prefix, country }: Paused): Record<string, string> {
  if (reason === "prefix") return { reason, prefix };
  return reason === "country" ? { reason, country } : { reason };
}

/** Records a pause in the audit log, once. @returns whether it is new */
export async function recordPause(
  { pool, now, actor, requestId }: OpenCtx<"pool" | "now">,
  pause: Pause,
  paused: Paused,
): Promise<boolean> {
  const data = dataOf(pause, paused);
  const isKnown = async (client: Pick<pg.PoolClient, "query">): Promise<boolean> =>
    ((await client.query(KNOWN, [pause.since, data])).rowCount ?? 0) > 0;
  // Every rejected request gets here: only the first ones wait for the lock.
  if (await isKnown(pool)) return false;
  return inTransaction(pool, async (client) => {
    await client.query(LOCK);
    if (await isKnown(client)) return false;
    await client.query(APPEND, [newId(), now(), data, actor?.id ?? null, requestId]);
    return true;
  });
}

/** Logs that texts are paused and mails the admins who have a verified e-mail address. Call it after the commit. */
export async function notifySmsPaused(ctx: OpenCtx<"db" | "logger" | "vault" | "mail" | "siteUrl">, { reason }: Pause): Promise<void> {
  ctx.logger.warn("text messages are paused", { reason });
  const where = { role: "admin" as const, erasedAt: null, contacts: { some: { kind: "email" as const, verifiedAt: { not: null } } } };
  const admins = await ctx.db.user.findMany({
    where,
    orderBy: { createdAt: "asc" },
    take: MOST_ADMINS,
    select: { id: true, languages: true },
  });
  for (const { id, languages } of admins) {
    const contact = await contactOf(ctx, id, "email");
    if (contact !== null) sendSmsPaused(ctx, { to: contact.value, language: firstSupported(languages) ?? "en" });
  }
}
