import { computed, effect, signal } from "@preact/signals";
import { isQuiet } from "../../../../utils/contract/quiet.ts";
import type { NotificationPreferences } from "../../../../utils/contract/schemas/notification-preferences.ts";

const TICK_MS = 5_000;

/** The user's notification preferences; null until loaded. */
export const preferences = signal<NotificationPreferences | null>(null);

const now = signal(Date.now());

/** Whether toasts and sounds are suppressed now. */
export const isQuietNow = computed(() => preferences.value !== null && isQuiet(preferences.value, new Date(now.value)));

export function showPreferences(next: NotificationPreferences | null): void {
  now.value = Date.now();
  preferences.value = next;
}

/** Whether the quiet state may change by itself. */
const changesWithTime = computed(() => {
  const { pausedUntil = null, quietHours = null } = preferences.value ?? {};
  return quietHours !== null || (pausedUntil !== null && Date.parse(pausedUntil) > now.value);
});

/** Keeps `isQuietNow` up to date as time passes. */
export function watchQuiet(): void {
  effect(() => {
    if (!changesWithTime.value) return;
    const tick = (): void => {
      now.value = Date.now();
    };
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  });
}
