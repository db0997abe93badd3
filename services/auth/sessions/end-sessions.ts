import type { Prisma } from "../../../prisma/generated/client.ts";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { ErrorCode } from "../../../utils/contract/errors.ts";
import { type AuditCaller, auditAllInTransaction, auditRow } from "../../audit/record.ts";
import type { Services } from "../../context.ts";

export type EndReason = "signed_out" | "replayed" | "expired" | "erased" | "merged" | "password_changed" | "password_reset" | "revoked";

type Caller = AuditCaller & Pick<Services, "reservedPool" | "now" | "sessions" | "publish">;
type Marking = AuditCaller & Pick<Services, "now"> & { readonly db: Prisma.TransactionClient };

/**
 * Ends sessions within a transaction. Those that ended before stay as they are.
 * @returns the ids of those that were ended by this call: `cutSessions` when it is committed
 */
export async function markEnded(ctx: Marking, which: Prisma.SessionWhereInput, reason: EndReason): Promise<string[]> {
  const rows = await ctx.db.session.updateManyAndReturn({
    where: { ...which, endedAt: null },
    data: { endedAt: ctx.now(), endReason: reason },
    select: { id: true },
  });
  const facts = rows.map(({ id }) => auditRow(ctx, { action: "session_ended", subjectType: "session", subjectId: id, data: { reason } }));
  await ctx.db.auditEntry.createMany({ data: facts });
  return rows.map(({ id }) => id);
}

/** Tells the sockets of sessions that these are over, and cuts them. */
export function disconnectSessions(
  { sessions, publish }: Pick<Services, "sessions" | "publish">,
  sessionIds: readonly string[],
  code: ErrorCode = "session_revoked",
): void {
  for (const id of sessionIds) {
    sessions.invalidate(id);
    publish.sessionEnded(id, code);
  }
}

const END = "UPDATE sessions SET ended_at = $2, end_reason = $3 WHERE id = ANY($1::uuid[]) AND ended_at IS NULL RETURNING id";

/**
 * Ends sessions for good: their tokens are refused from now on, their sockets are told and cut.
 * Sessions that ended before stay as they are. Runs on reserved connections: a session can be ended however busy the database is.
 * @returns the ids of those that were ended by this call
 */
export async function endSessions(
  ctx: Caller,
  sessionIds: readonly string[],
  { reason, code }: { reason: EndReason; code?: ErrorCode },
): Promise<string[]> {
  const ended = await inTransaction(ctx.reservedPool, async (client) => {
    const { rows } = await client.query<{ id: string }>(END, [sessionIds, ctx.now(), reason]);
    const ids = rows.map(({ id }) => id);
    await auditAllInTransaction(
      client,
      ctx,
      ids.map((id) => ({ action: "session_ended", subjectType: "session", subjectId: id, data: { reason } })),
    );
    return ids;
  });
  disconnectSessions(ctx, ended, code);
  return ended;
}
