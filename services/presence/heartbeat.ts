import { limits } from "../../utils/contract/limits.ts";
import type { BeatDto, HeartbeatInput } from "../../utils/contract/schemas/presence.ts";
import type { Ctx } from "../context.ts";
import { presentAuthor } from "../users/present.ts";
import { applyInvisibility } from "./apply-invisibility.ts";

/** Records the heartbeat of a device, and returns when to send the next one. A client without a socket counts as one device per session. */
export function heartbeat(
  ctx: Ctx<"presence" | "typing" | "joinLeaveBatcher">,
  { status }: HeartbeatInput,
  device = `session:${ctx.actor.sessionId}`,
): BeatDto {
  const author = presentAuthor(ctx.actor);
  // A client that sends heartbeats over REST may become present by this call. Only `pollUserChanges` makes a present user visible again.
  if (ctx.actor.isInvisible) applyInvisibility(ctx, author, { isInvisible: true });
  return { status: ctx.presence.recordHeartbeat(author, device, status), nextHeartbeatMs: limits.heartbeatMs };
}
