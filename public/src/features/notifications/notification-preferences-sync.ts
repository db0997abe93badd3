import { defaultNotificationPreferences } from "../../../../utils/contract/notification-defaults.ts";
import type {
  NotificationPreferences,
  UpdateNotificationPreferencesInput,
} from "../../../../utils/contract/schemas/notification-preferences.ts";
import { withoutUndefined } from "../../../../utils/contract/without-undefined.ts";
import { ask } from "../../api.ts";
import { onConnected } from "../../shared/connection/connection.ts";
import { onServerEvent } from "../../shared/connection/server-events.ts";
import { onOwnerChange, owner } from "../../storage.ts";
import { preferences, showPreferences, watchQuiet } from "./notification-preferences.ts";

const PATH = "/api/notifications/preferences";

/** Number of unanswered changes: while there are any, the server's state is older than what the user sees. */
let unanswered = 0;

function keep(next: NotificationPreferences): void {
  if (unanswered === 0) showPreferences(next);
}

/** Loads the preferences. On failure, the previous ones stay, or the defaults. */
async function load(): Promise<void> {
  const userId = owner.peek();
  const found = await ask("getNotificationPreferences", PATH, { bearer: true }).catch(() => null);
  if (userId === owner.peek()) keep(found ?? preferences.peek() ?? defaultNotificationPreferences);
}

const merged = (before: NotificationPreferences, { kinds, ...change }: UpdateNotificationPreferencesInput): NotificationPreferences => ({
  ...before,
  ...withoutUndefined(change),
  kinds: { ...before.kinds, ...withoutUndefined(kinds ?? {}) },
});

let queue: Promise<unknown> = Promise.resolve();

/** Changes preferences on all devices, immediately on this one. Changes are sent in order. @throws ApiError after reverting the change */
export async function changePreferences(change: UpdateNotificationPreferencesInput): Promise<void> {
  const userId = owner.peek();
  showPreferences(merged(preferences.peek() ?? defaultNotificationPreferences, change));
  unanswered += 1;
  const sent = queue.then(() => ask("updateNotificationPreferences", PATH, { method: "PATCH", bearer: true, body: change }));
  queue = sent.catch(() => undefined);
  try {
    const next = await sent;
    unanswered -= 1;
    if (userId === owner.peek()) keep(next);
  } catch (error) {
    unanswered -= 1;
    if (userId === owner.peek()) void load();
    throw error;
  }
}

/** Keeps the preferences in sync with the server. */
export function watchPreferences(): void {
  onConnected(() => void load());
  onServerEvent("notification_preferences_changed", keep);
  onOwnerChange(() => showPreferences(null));
  watchQuiet();
}
