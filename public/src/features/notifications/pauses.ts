import { isWithinQuietHours } from "../../../../utils/contract/quiet.ts";
import type { NotificationPreferences } from "../../../../utils/contract/schemas/notification-preferences.ts";

const MINUTE_MS = 60_000;
/** The hour at which "until the morning" ends, and the hour from which the morning is that of the next day. */
const MORNING_HOUR = 8;
const DAY_BEGINS_HOUR = 5;

export type Pause = { readonly id: "halfHour" | "hour" | "morning"; readonly until: Date };

/** Returns how long notifications can be paused from a given time on. Before 5:00, the morning is that of the same day. */
export function pausesFrom(now: Date): Pause[] {
  const after = (minutes: number): Date => new Date(now.getTime() + minutes * MINUTE_MS);
  const isNight = now.getHours() < DAY_BEGINS_HOUR;
  const morning = new Date(now.getFullYear(), now.getMonth(), now.getDate() + (isNight ? 0 : 1), MORNING_HOUR);
  return [
    { id: "halfHour", until: after(30) },
    { id: "hour", until: after(60) },
    { id: "morning", until: morning },
  ];
}

/** Why notifications are quiet, and until when: a pause, or the end of the quiet hours as a local time. Null when they are not quiet. */
export type Quiet = { readonly kind: "pause"; readonly until: Date } | { readonly kind: "hours"; readonly to: string } | null;

export function quietOf({ pausedUntil, quietHours }: NotificationPreferences, now: Date): Quiet {
  const until = pausedUntil === null ? null : new Date(pausedUntil);
  if (until !== null && until > now) return { kind: "pause", until };
  return quietHours !== null && isWithinQuietHours(quietHours, now) ? { kind: "hours", to: quietHours.to } : null;
}
