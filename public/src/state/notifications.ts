import { computed, signal } from "@preact/signals";
import type { NotificationDto } from "../../../utils/contract/notifications.ts";

/** What concerned oneself, newest first, as far as it was asked for. */
export const notifications = signal<readonly NotificationDto[]>([]);

export const unreadNotifications = computed(() => notifications.value.filter((one) => one.readAt === null).length);

/** Notifications that show themselves for a moment. */
export const toasts = signal<readonly NotificationDto[]>([]);

/** Old and new in one list, by id, newest first. */
export function mergeNotifications(news: readonly NotificationDto[]): void {
  const byId = new Map([...notifications.peek(), ...news].map((one) => [one.id, one]));
  notifications.value = [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** Marks as read what fits, here alone. */
export function noteRead(fits: (notification: NotificationDto) => boolean): void {
  const readAt = new Date().toISOString();
  const isNew = (one: NotificationDto): boolean => one.readAt === null && fits(one);
  if (!notifications.peek().some(isNew)) return;
  notifications.value = notifications.peek().map((one) => (isNew(one) ? { ...one, readAt } : one));
  // What was read, here or on another device, need not stand in front of anything any more.
  if (toasts.peek().some(fits)) toasts.value = toasts.peek().filter((one) => !fits(one));
}

export const dropToast = (id: string): void => {
  toasts.value = toasts.value.filter((one) => one.id !== id);
};
