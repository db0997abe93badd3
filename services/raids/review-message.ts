import { hasLink } from "../../utils/contract/text/links.ts";
import type { Actor } from "../actor.ts";
import { authorize, granted, rejected, type Verdict } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { isStaffIn } from "../rooms/policy.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";
import { isTrusted } from "../trust/trust-level.ts";
import { requireEntry } from "./guests-paused.ts";
import { type RaidHold, raidHoldOf } from "./raid-verdict.ts";

const LINKS_BLOCKED = "Links are not allowed here right now.";

/** Whether a user may send links in a room: during a raid, guests and newcomers may not if the raid mode blocks links. */
export const mayLinkIn = (actor: Actor, room: RoomRecord): Verdict =>
  room.raids.some(({ measures }) => measures.includes("links_blocked")) && !isTrusted(actor) && !isStaffIn(actor, room)
    ? rejected("blocked_by_rule", { message: LINKS_BLOCKED })
    : granted;

type Reviewer = Ctx<"pool" | "now" | "raidDetector">;

async function reviewInRaid(ctx: Reviewer, room: RoomRecord, isCopy: boolean): Promise<RaidHold | null> {
  await requireEntry(ctx, room);
  return (await raidHoldOf(ctx, room, ctx.actor)) ?? (isCopy ? { raidModeIds: [] } : null);
}

/**
 * Checks a message that is about to be sent in a language room against the active raid modes, and records it for the detection of raids.
 * Without a raid the result is returned at once.
 * @returns why it must be held for review; null if it may be sent
 * @throws AppError `blocked_by_rule { message }` for a link, `guests_paused { until }` for a guest who was never in the room
 */
export function reviewForRaid(ctx: Reviewer, room: RoomRecord, text: string): RaidHold | null | Promise<RaidHold | null> {
  if (room.lounge === null) return null;
  if (room.raids.length > 0 && hasLink(text)) authorize(mayLinkIn(ctx.actor, room));
  const isCopy = ctx.raidDetector.noteMessage(room, ctx.actor, text) === "hold";
  if (room.raids.length > 0 || ctx.actor.heldUntil !== null) return reviewInRaid(ctx, room, isCopy);
  return isCopy ? { raidModeIds: [] } : null;
}
