import { z } from "zod";
import { moment } from "./primitives.ts";

/**
 * Whether a name is an IANA time zone known to this runtime. Offsets such as `+01:00` are rejected because they do not follow daylight
 * saving time.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time from 00:00 to 23:59");

/** A daily period, in the local time of its zone. It spans midnight when `from` is later than `to`. */
export const quietHours = z
  .strictObject({
    from: clockTime,
    to: clockTime,
    timeZone: z.string().max(64).refine(isTimeZone, "must be an IANA time zone").meta({ example: "Europe/Berlin" }),
  })
  .refine(({ from, to }) => from !== to, { message: "must differ from `from`", path: ["to"] });
export type QuietHours = z.infer<typeof quietHours>;

/** The kinds of notifications that may trigger a toast or a sound, as in `notifiedKinds`. */
const kinds = z.strictObject({ mentions: z.boolean(), replies: z.boolean(), messages: z.boolean(), requests: z.boolean() });

/** Controls toasts and sounds on the user's devices. It does not affect the list of notifications. */
export const notificationPreferences = z.strictObject({
  /** Suppresses toasts and sounds until this time; null if notifications are not paused. */
  pausedUntil: moment.nullable(),
  /** Suppresses toasts and sounds during this time of every day. */
  quietHours: quietHours.nullable(),
  sound: z.boolean(),
  toasts: z.boolean(),
  kinds,
});
export type NotificationPreferences = z.infer<typeof notificationPreferences>;

/** Omitted members keep their value. `quietHours` is replaced as a whole. */
export const updateNotificationPreferencesInput = notificationPreferences.partial().extend({ kinds: kinds.partial().optional() });
export type UpdateNotificationPreferencesInput = z.infer<typeof updateNotificationPreferencesInput>;
