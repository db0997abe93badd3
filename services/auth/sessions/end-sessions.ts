import type { Prisma } from "../../../prisma/generated/client.ts";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { ErrorCode } from "../../../utils/contract/errors.ts";
import { type AuditCaller, auditAllInTransaction, auditRow } from "../../audit/record.ts";
import type { Services } from "../../context.ts";

export type EndReason = "signed_out" | "replayed" | "expired" | "erased" | "merged" | "password_changed" | "password_reset" | "revoked";

type Caller = AuditCaller & Pick<Services, "reservedPool" | "now" | "sessions" | "publish">;
type Marking = AuditCaller & Pick<Services, "now"> & { readonly db: Prisma.TransactionClient };

/**
 * Ends sessions within a transaction. Sessions that ended before stay unchanged.
 * @returns the ids of the sessions ended by this call; pass them to `disconnectSessions` after the commit
 */
export async function markEnded(ctx: Marking, which: Prisma.SessionWhereInput, reason: EndReason): Promise<string[]> {
  const rows = await ctx.db.session.updateManyAndReturn({
    where: { ...which, endedAt: null },
    data: { endedAt: ctx.now(), endReason: reason },
    select: { id: true },
  });
  const entries = rows.map(({ id }) => auditRow(ctx, { action: "session_ended", subjectType: "session", subjectId: id, data: { reason } }));
  await ctx.db.auditEntry.createMany({ data: entries });
  return rows.map(({ id }) => id);
}

/** Notifies the sockets of ended sessions and disconnects them. */
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
 * Ends sessions: rejects their tokens from now on, and notifies and disconnects their sockets. Sessions that ended before stay unchanged.
 * Uses reserved connections, so that sessions can be ended while the database is busy.
 * @returns the ids of the sessions ended by this call
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
