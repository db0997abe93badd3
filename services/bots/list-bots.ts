import type { BotDto, ListBotsInput } from "../../utils/contract/schemas/bots.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/schemas/primitives.ts";
import { readCursorId } from "../../utils/cursor.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { isBot } from "./access.ts";
import { mayManageBots } from "./policy.ts";
import { presentBot } from "./present.ts";

/**
 * Returns the bots that are not retired, newest first, each with its valid tokens.
 * @throws AppError `forbidden` for all but admins
 */
export async function listBots(ctx: Ctx<"db" | "now">, { cursor, limit = DEFAULT_PAGE }: ListBotsInput): Promise<Page<BotDto>> {
  authorize(mayManageBots(ctx.actor));
  const lastSeen = readCursorId(cursor);
  const rows = await ctx.db.user.findMany({
    where: { ...isBot, ...(lastSeen !== null && { id: { lt: lastSeen } }) },
    include: {
      sessions: {
        where: { endedAt: null, expiresAt: { gt: ctx.now() }, apiToken: { isNot: null } },
        include: { apiToken: true },
        orderBy: { id: "desc" },
      },
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const tokensOf = ({ sessions }: (typeof rows)[number]) =>
    sessions.flatMap(({ apiToken, ...session }) => (apiToken === null ? [] : [{ ...apiToken, session }]));
  return {
    items: page.map((row) => presentBot(row, tokensOf(row))),
    nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}
