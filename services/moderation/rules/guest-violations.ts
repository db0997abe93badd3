import { createSlidingCounter } from "../../../utils/async/sliding-counter.ts";
import type { Clock } from "../../../utils/clock.ts";
import type { Services } from "../../context.ts";
import { automaticAction } from "../actions/automatic-action.ts";

/** So many calls beyond the message limit within `windowMs` mute a guest for `muteMs`. */
const VIOLATIONS = { most: 3, windowMs: 10 * 60_000, muteMs: 30 * 60_000 } as const;

/** How many guests are counted on one node; beyond that, those whose last violation is oldest are forgotten. */
const MAX_GUESTS = 20_000;

/** Counts the violations of guests on this node. @returns a function that counts one; true if the guest is to be muted for it */
export function createGuestViolations(now: Clock): (userId: string) => boolean {
  const violations = createSlidingCounter({ threshold: VIOLATIONS.most, windowMs: VIOLATIONS.windowMs, maxKeys: MAX_GUESTS });
  return (userId) => violations.add(userId, now().getTime());
}

/** Mutes a guest who exceeds the message limit repeatedly. */
export async function muteGuest(
  services: Pick<Services, "pool" | "now" | "sessions" | "publish" | "events" | "logger">,
  userId: string,
): Promise<void> {
  await automaticAction(services, {
    kind: "mute",
    userId,
    scope: { kind: "site", id: null },
    rule: "spam",
    durationMs: VIOLATIONS.muteMs,
  });
}
