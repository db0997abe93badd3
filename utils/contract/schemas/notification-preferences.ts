import { z } from "zod";
import { endMoment } from "./primitives.ts";

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

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time from 00:00 to 23:59")
  .meta({ examples: ["22:00"] });

/** A daily period, in the local time of its zone. */
export const quietHours = z
  .strictObject({
    from: clockTime.describe("The local time at which the period begins, `HH:MM`. If it is later than `to`, the period spans midnight."),
    to: clockTime.meta({ description: "The local time at which the period ends, `HH:MM`.", examples: ["07:30"] }),
    timeZone: z
      .string()
      .max(64)
      .refine(isTimeZone, "must be an IANA time zone")
      .meta({ description: "The IANA name of the time zone.", examples: ["Europe/Berlin"] }),
  })
  .refine(({ from, to }) => from !== to, { message: "must differ from `from`", path: ["to"] });
export type QuietHours = z.infer<typeof quietHours>;

/** The kinds of notifications that may trigger a toast or a sound, as in `notifiedKinds`. */
const kinds = z
  .strictObject({
    mentions: z.boolean().meta({ description: "Whether mentions trigger a toast or a sound.", examples: [true] }),
    replies: z.boolean().meta({ description: "Whether replies to the user's messages trigger a toast or a sound.", examples: [true] }),
    messages: z.boolean().meta({ description: "Whether messages in conversations trigger a toast or a sound.", examples: [true] }),
    requests: z.boolean().describe("Whether message requests and invitations to groups trigger a toast or a sound."),
  })
  .describe("The kinds of notifications that trigger a toast or a sound.");

export const notificationPreferences = z
  .strictObject({
    pausedUntil: endMoment.nullable().meta({
      description: "Suppresses toasts and sounds until this time. Null if notifications are not paused.",
      examples: [null],
    }),
    quietHours: quietHours.nullable().describe("Suppresses toasts and sounds during this period of every day. Null if there is none."),
    sound: z.boolean().describe("Whether notifications play a sound."),
    toasts: z.boolean().meta({ description: "Whether notifications are shown as toasts.", examples: [true] }),
    kinds,
  })
  .describe("Controls toasts and sounds on all of the user's devices. It does not affect the list of notifications.");
export type NotificationPreferences = z.infer<typeof notificationPreferences>;

/** Omitted members keep their value. `quietHours` is replaced as a whole. */
export const updateNotificationPreferencesInput = notificationPreferences
  .partial()
  .extend({ kinds: kinds.partial().optional().describe("The kinds to change. Omitted kinds keep their value.") });
export type UpdateNotificationPreferencesInput = z.infer<typeof updateNotificationPreferencesInput>;
