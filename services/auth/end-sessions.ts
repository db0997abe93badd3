import type { ErrorCode } from "../../utils/contract/errors.ts";
import { type AuditCaller, auditRow } from "../audit/record.ts";
import type { Services } from "../context.ts";

export type EndReason = "signed_out" | "replayed" | "expired" | "erased";

type Caller = AuditCaller & Pick<Services, "db" | "now" | "sessions" | "publish">;

/**
 * Ends sessions for good: their tokens are refused from now on, their sockets are told and cut.
 * Sessions that ended before stay as they are.
 * @returns the ids of those that were ended by this call
 */
export async function endSessions(
  ctx: Caller,
  sessionIds: readonly string[],
  { reason, code = "session_revoked" }: { reason: EndReason; code?: ErrorCode },
): Promise<string[]> {
  const ended = await ctx.db.$transaction(async (tx) => {
    const rows = await tx.session.updateManyAndReturn({
      where: { id: { in: [...sessionIds] }, endedAt: null },
      data: { endedAt: ctx.now(), endReason: reason },
      select: { id: true },
    });
    const facts = rows.map(({ id }) => auditRow(ctx, { action: "session_ended", subjectType: "session", subjectId: id, data: { reason } }));
    await tx.auditEntry.createMany({ data: facts });
    return rows.map(({ id }) => id);
  });
  for (const id of ended) {
    ctx.sessions.forget(id);
    ctx.publish.sessionEnded(id, code);
  }
  return ended;
}
