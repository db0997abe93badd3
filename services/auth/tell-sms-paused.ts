import type { Prisma } from "../../prisma/generated/client.ts";
import { firstSpoken } from "../../utils/languages.ts";
import { auditRow } from "../audit/record.ts";
import type { OpenCtx } from "../context.ts";
import { sendSmsPaused } from "../mail/send.ts";
import { contactOf } from "../users/contacts.ts";
import type { Pause } from "./phone-limits.ts";

const MOST_ADMINS = 20;

type Ctx = Pick<OpenCtx, "now" | "actor" | "requestId"> & { readonly db: Prisma.TransactionClient };

/** Writes a pause into the audit log, once. @returns whether it was not there yet */
export async function recordPause({ db, now, ...caller }: Ctx, { reason, since }: Pause, prefix: string): Promise<boolean> {
  const data = reason === "prefix" ? { reason, prefix } : { reason };
  const [known] = await db.$queryRaw<object[]>`
    SELECT FROM audit_log WHERE subject_type = 'phone_prefix' AND subject_id IS NULL AND action = 'sms_paused'
      AND at >= ${since} AND data = ${JSON.stringify(data)}::jsonb LIMIT 1`;
  if (known !== undefined) return false;
  const row = auditRow(caller, { action: "sms_paused", subjectType: "phone_prefix", subjectId: null, data });
  await db.auditEntry.create({ data: { ...row, at: now() } });
  return true;
}

/** Says in the log, and to the admins who have confirmed an e-mail address, that texts are paused. To be called when that is committed. */
export async function tellPaused(ctx: OpenCtx, { reason }: Pause): Promise<void> {
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
    if (contact !== null) sendSmsPaused(ctx, { to: contact.value, language: firstSpoken(languages) ?? "en" });
  }
}
