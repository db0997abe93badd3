import { limits } from "../../utils/contract/limits.ts";
import type { BeatDto, HeartbeatInput } from "../../utils/contract/presence.ts";
import type { Ctx } from "../context.ts";
import { presentAuthor } from "../users/present.ts";

/** Notes that a device is here, and says when to tell again. A program without a socket is a device by its session. */
export function heartbeat(ctx: Ctx, { status }: HeartbeatInput, device = `session:${ctx.actor.sessionId}`): BeatDto {
  return { status: ctx.presence.beat(presentAuthor(ctx.actor), device, status), nextHeartbeatMs: limits.heartbeatMs };
}
