import type { Prisma } from "../../prisma/generated/client.ts";

/** Everything that is written to the audit log. */
type AuditAction = "guest_created" | "session_ended" | "refresh_replayed" | "user_erased";

/** What happened to whom. `data` says nothing that would have to be erased with a person. */
export type AuditFact = {
  readonly action: AuditAction;
  readonly subjectType: "user" | "session";
  readonly subjectId: string;
  readonly data?: Prisma.InputJsonObject;
};

/** Who did it, in which call; a job has neither. */
export type AuditCaller = { readonly actor?: { readonly id: string } | null; readonly requestId?: string };

/** The row of an audit entry, for writing it in the same transaction as what it tells of. */
export const auditRow = (
  { actor, requestId }: AuditCaller,
  { action, subjectType, subjectId, data }: AuditFact,
): Prisma.AuditEntryUncheckedCreateInput => ({
  action,
  subjectType,
  subjectId,
  actorId: actor?.id ?? null,
  data: data ?? {},
  requestId: requestId ?? null,
});

/** Appends an entry to the audit log, for good: the database refuses to change or remove it. */
export async function audit(ctx: AuditCaller & { readonly db: Prisma.TransactionClient }, fact: AuditFact): Promise<void> {
  await ctx.db.auditEntry.create({ data: auditRow(ctx, fact) });
}
