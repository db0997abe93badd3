import type { CreateBotTokenInput, NewApiTokenDto } from "../../utils/contract/schemas/bots.ts";
import type { Ctx } from "../context.ts";
import { botOf } from "./access.ts";
import { asAdmin } from "./as-admin.ts";
import { openToken } from "./open-token.ts";
import { presentToken } from "./present.ts";

/**
 * Creates another token of a bot, so that tokens can be rotated without downtime.
 * @throws AppError `forbidden`, `step_up_required { methods }`, `not_found`
 */
export const createBotToken = (ctx: Ctx<"db" | "now">, { botId, ...wanted }: CreateBotTokenInput): Promise<NewApiTokenDto> =>
  asAdmin(ctx, async (tx) => {
    const { row, secret } = await openToken(ctx, tx, { bot: await botOf(tx, botId), wanted });
    return { ...presentToken(row), token: secret };
  });
