import type { Prisma } from "../../prisma/generated/client.ts";
import type { CreateBotInput, MadeBotDto } from "../../utils/contract/schemas/bots.ts";
import { newId } from "../../utils/ids.ts";
import { auditRow } from "../audit/record.ts";
import type { Ctx } from "../context.ts";
import { isUniqueViolation } from "../unique-violation.ts";
import { skeletonOf } from "../users/names/confusables.ts";
import { validateMemberName } from "../users/names/validate-member-name.ts";
import { usernameTaken, validateUsername } from "../users/names/validate-username.ts";
import { asAdmin } from "./as-admin.ts";
import { openToken } from "./open-token.ts";
import { presentBot } from "./present.ts";

async function write(ctx: Ctx<"now">, tx: Prisma.TransactionClient, input: CreateBotInput): Promise<MadeBotDto> {
  const username = await validateUsername(tx, input.username);
  const displayName = await validateMemberName(tx, { wanted: input.displayName ?? username, userId: null });
  const id = newId();
  const now = ctx.now();
  const names = { username, displayName, usernameSkeleton: skeletonOf(username), nameSkeleton: skeletonOf(displayName) };
  const bot = await tx.user.create({ data: { id, kind: "bot", role: "member", ...names, createdAt: now, lastSeenAt: now } });
  const data = { sessionId: ctx.actor.sessionId };
  await tx.auditEntry.create({ data: auditRow(ctx, { action: "bot_created", subjectType: "user", subjectId: id, data }) });
  const wanted = { name: input.tokenName ?? username, expiresInDays: input.expiresInDays };
  const { row, secret } = await openToken(ctx, tx, { bot, wanted });
  return { bot: presentBot(bot, [row]), token: secret };
}

/**
 * Creates a bot and its first token. The token is returned only here.
 * @throws AppError `forbidden` for all but admins, `step_up_required { methods }`, `name_taken { field, suggestions }`, `invalid_input`
 */
export async function createBot(ctx: Ctx<"db" | "now">, input: CreateBotInput): Promise<MadeBotDto> {
  try {
    return await asAdmin(ctx, (tx) => write(ctx, tx, input));
  } catch (error) {
    // Two concurrent requests for one name: the second gets `name_taken`.
    throw isUniqueViolation(error) ? await usernameTaken(ctx.db, input.username) : error;
  }
}
