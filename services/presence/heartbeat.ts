import { limits } from "../../utils/contract/limits.ts";
import type { BeatDto, HeartbeatInput } from "../../utils/contract/schemas/presence.ts";
import type { Ctx } from "../context.ts";
import { presentAuthor } from "../users/present.ts";
import { applyInvisibility } from "./apply-invisibility.ts";

/** Notes that a device is here, and says when to tell again. A program without a socket is a device by its session. */
export function heartbeat(ctx: Ctx, { status }: HeartbeatInput, device = `session:${ctx.actor.sessionId}`): BeatDto {
  const author = presentAuthor(ctx.actor);
  // A program that beats over REST may come in by this call. Somebody here already is shown again by `watchPeople` alone.
  if (ctx.actor.isInvisible) applyInvisibility(ctx, author, { isInvisible: true });
  return { status: ctx.presence.recordHeartbeat(author, device, status), nextHeartbeatMs: limits.heartbeatMs };
}
