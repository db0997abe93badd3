import type { DeviceDto } from "../../../utils/contract/schemas/auth.ts";
import type { Page } from "../../../utils/contract/schemas/primitives.ts";
import type { Ctx } from "../../context.ts";
import { presentDevice } from "./present.ts";

/** The maximum number of listed devices; longer lists are of no use. */
const MOST = 100;

/** Returns the caller's active sessions, most recently used first. */
export async function listSessions(ctx: Ctx<"db" | "now">): Promise<Page<DeviceDto>> {
  const rows = await ctx.db.session.findMany({
    where: { userId: ctx.actor.id, endedAt: null, expiresAt: { gt: ctx.now() } },
    orderBy: [{ lastUsedAt: "desc" }, { id: "desc" }],
    take: MOST,
  });
  return { items: rows.map((row) => presentDevice(row, ctx.actor.sessionId)), nextCursor: null };
}
