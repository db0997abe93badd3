import type { Prisma, User } from "../../prisma/generated/client.ts";
import { DAY_MS } from "../../utils/clock.ts";
import { newId } from "../../utils/ids.ts";
import { auditRow } from "../audit/record.ts";
import { apiTokenHash, newApiToken } from "../auth/tokens/api-token.ts";
import type { Ctx } from "../context.ts";
import { NEVER } from "./present.ts";

export type TokenInput = { readonly name: string; readonly expiresInDays?: number | undefined };

/**
 * Creates an API token within a transaction. It belongs to a session that is never refreshed, so that everything that ends a user's
 * session also ends the token. Only its hash is stored; the caller shows the secret once.
 */
export async function openToken(ctx: Ctx<"now">, tx: Prisma.TransactionClient, { bot, wanted }: { bot: User; wanted: TokenInput }) {
  const now = ctx.now();
  const secret = newApiToken();
  const tokenId = newId();
  const expiresAt = wanted.expiresInDays === undefined ? NEVER : new Date(now.getTime() + wanted.expiresInDays * DAY_MS);
  const session = { id: newId(), userId: bot.id, createdAt: now, lastUsedAt: now, expiresAt };
  const row = await tx.apiToken.create({
    data: { id: tokenId, name: wanted.name, hash: new Uint8Array(apiTokenHash(secret)), session: { create: session } },
    include: { session: true },
  });
  const data = { tokenId, sessionId: ctx.actor.sessionId };
  await tx.auditEntry.create({ data: auditRow(ctx, { action: "bot_token_created", subjectType: "user", subjectId: bot.id, data }) });
  return { row, secret };
}
