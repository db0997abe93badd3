import type { NotificationPreferences, QuietHours } from "./schemas/notification-preferences.ts";

const MINUTES_PER_HOUR = 60;

function minutesOf(clockTime: string): number {
  const [hours = 0, minutes = 0] = clockTime.split(":").map(Number);
  return hours * MINUTES_PER_HOUR + minutes;
}

/** Returns the minutes since midnight that a clock in a time zone shows, or null for a zone that this runtime does not know. */
function localMinutes(now: Date, timeZone: string): number | null {
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
    return minutesOf(`${parts.get("hour")}:${parts.get("minute")}`);
  } catch {
    return null;
  }
}

/**
 * Whether a moment lies within quiet hours: from the minute `from` up to, but not including, the minute `to`. The period follows the local
 * clock, so it is an hour longer or shorter when daylight saving time begins or ends within it. A period without length is empty.
 */
export function isWithinQuietHours({ from, to, timeZone }: QuietHours, now: Date): boolean {
  const minutes = localMinutes(now, timeZone);
  if (minutes === null) return false;
  const start = minutesOf(from);
  const end = minutesOf(to);
  return start <= end ? minutes >= start && minutes < end : minutes >= start || minutes < end;
}

/** Whether toasts and sounds are suppressed at a moment: while notifications are paused, and during quiet hours. */
export function isQuiet({ pausedUntil, quietHours }: Pick<NotificationPreferences, "pausedUntil" | "quietHours">, now: Date): boolean {
  if (pausedUntil !== null && Date.parse(pausedUntil) > now.getTime()) return true;
  return quietHours !== null && isWithinQuietHours(quietHours, now);
}
