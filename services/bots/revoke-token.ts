import type { BotTokenParams } from "../../utils/contract/schemas/bots.ts";
import { AppError } from "../../utils/errors.ts";
import { auditRow } from "../audit/record.ts";
import { disconnectSessions, markEnded } from "../auth/sessions/end-sessions.ts";
import type { Ctx } from "../context.ts";
import { asAdmin } from "./as-admin.ts";

/**
 * Revokes a token: requests with it are rejected and its sockets are disconnected, on every node within 2 s.
 * @throws AppError `forbidden`, `step_up_required { methods }`, `not_found`
 */
export async function revokeBotToken(ctx: Ctx<"db" | "now" | "sessions" | "publish">, { botId, tokenId }: BotTokenParams): Promise<void> {
  const ended = await asAdmin(ctx, async (tx) => {
    const sessions = await markEnded({ ...ctx, db: tx }, { userId: botId, apiToken: { id: tokenId } }, "revoked");
    if (sessions.length === 0) throw new AppError("not_found");
    const data = { tokenId, sessionId: ctx.actor.sessionId };
    await tx.auditEntry.create({ data: auditRow(ctx, { action: "bot_token_revoked", subjectType: "user", subjectId: botId, data }) });
    return sessions;
  });
  disconnectSessions(ctx, ended);
}
