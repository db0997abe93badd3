import type { NotificationPreferences as Row } from "../../prisma/generated/client.ts";
import { defaultNotificationPreferences } from "../../utils/contract/notification-defaults.ts";
import type { NotificationPreferences, UpdateNotificationPreferencesInput } from "../../utils/contract/schemas/notification-preferences.ts";
import { withoutUndefined } from "../../utils/contract/without-undefined.ts";

type Columns = Omit<Row, "userId">;

/** Returns the preferences of a row, or the defaults of a user who has none. */
export function presentPreferences(row: Columns | null): NotificationPreferences {
  if (row === null) return defaultNotificationPreferences;
  const { pausedUntil, quietFrom, quietTo, quietTimeZone, sound, toasts, mentions, replies, messages, requests } = row;
  const hasQuietHours = quietFrom !== null && quietTo !== null && quietTimeZone !== null;
  return {
    pausedUntil: pausedUntil?.toISOString() ?? null,
    quietHours: hasQuietHours ? { from: quietFrom, to: quietTo, timeZone: quietTimeZone } : null,
    sound,
    toasts,
    kinds: { mentions, replies, messages, requests },
  };
}

/** Returns the columns that a change sets. */
export function columnsOf({ pausedUntil, quietHours, kinds, sound, toasts }: UpdateNotificationPreferencesInput): Partial<Columns> {
  const quiet = quietHours && { quietFrom: quietHours.from, quietTo: quietHours.to, quietTimeZone: quietHours.timeZone };
  const none = { quietFrom: null, quietTo: null, quietTimeZone: null };
  return {
    ...withoutUndefined({ sound, toasts, ...kinds }),
    ...(pausedUntil !== undefined && { pausedUntil: pausedUntil === null ? null : new Date(pausedUntil) }),
    ...(quietHours !== undefined && (quiet ?? none)),
  };
}
