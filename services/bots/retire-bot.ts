import type { BotParams } from "../../utils/contract/schemas/bots.ts";
import { auditRow } from "../audit/record.ts";
import { disconnectSessions, markEnded } from "../auth/sessions/end-sessions.ts";
import type { Ctx } from "../context.ts";
import { botOf } from "./access.ts";
import { asAdmin } from "./as-admin.ts";

/**
 * Retires a bot permanently and revokes all its tokens. Its messages stay under its name, and the name stays taken, so that it cannot be
 * impersonated later.
 * @throws AppError `forbidden`, `step_up_required { methods }`, `not_found`
 */
export async function retireBot(ctx: Ctx<"db" | "now" | "sessions" | "publish">, { botId }: BotParams): Promise<void> {
  const ended = await asAdmin(ctx, async (tx) => {
    await botOf(tx, botId);
    await tx.user.update({ where: { id: botId }, data: { retiredAt: ctx.now() } });
    const data = { sessionId: ctx.actor.sessionId };
    await tx.auditEntry.create({ data: auditRow(ctx, { action: "bot_retired", subjectType: "user", subjectId: botId, data }) });
    return markEnded({ ...ctx, db: tx }, { userId: botId }, "revoked");
  });
  disconnectSessions(ctx, ended);
}
