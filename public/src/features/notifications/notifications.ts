import { computed, signal } from "@preact/signals";
import type { NotificationDto } from "../../../../utils/contract/schemas/notifications.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";

/** A notification about a message. The others, about the moderation, have no room, message or actor. */
export type MessageNotification = NotificationDto & { readonly roomId: string; readonly messageId: string; readonly actor: AuthorDto };

export const isAboutMessage = (note: NotificationDto): note is MessageNotification =>
  note.roomId !== null && note.messageId !== null && note.actor !== null;

/** The loaded notifications, newest first. */
export const notifications = signal<readonly NotificationDto[]>([]);

export const unreadNotifications = computed(() => notifications.value.filter((one) => one.readAt === null).length);

/** What a toast shows: a notification, or a message in one of the user's conversations. */
export type Toast = Pick<NotificationDto, "id" | "roomId" | "messageId" | "actor" | "excerpt"> & {
  readonly kind: NotificationDto["kind"] | "message";
};

/** The current toast, if any: a newer one replaces it. */
export const toasts = signal<readonly Toast[]>([]);

/** Merges new notifications into the list, by ID, newest first. */
export function mergeNotifications(added: readonly NotificationDto[]): void {
  const byId = new Map([...notifications.peek(), ...added].map((one) => [one.id, one]));
  notifications.value = [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** Marks matching notifications as read, locally only. */
export function recordRead(fits: (notification: NotificationDto) => boolean): void {
  const readAt = new Date().toISOString();
  const isNew = (one: NotificationDto): boolean => one.readAt === null && fits(one);
  const read = new Set(
    notifications
      .peek()
      .filter(isNew)
      .map(({ id }) => id),
  );
  if (read.size === 0) return;
  notifications.value = notifications.peek().map((one) => (read.has(one.id) ? { ...one, readAt } : one));
  // A notification that was read, here or on another device, no longer needs a toast.
  dropToasts((one) => read.has(one.id));
}

/** Removes the matching toasts. */
export function dropToasts(fits: (toast: Toast) => boolean): void {
  if (toasts.peek().some(fits)) toasts.value = toasts.peek().filter((one) => !fits(one));
}

export const dropToast = (id: string): void => dropToasts((one) => one.id === id);

/** The notifications of one room or conversation; those of the moderation have none. */
export type NotificationGroup = { readonly roomId: string | null; readonly notes: readonly NotificationDto[]; readonly unread: number };

/** Groups notifications by room: the group with the newest first, and the newest first within each. */
export function groupsOf(notes: readonly NotificationDto[]): NotificationGroup[] {
  const byRoom = new Map<string | null, NotificationDto[]>();
  for (const note of notes) byRoom.set(note.roomId, [...(byRoom.get(note.roomId) ?? []), note]);
  return [...byRoom].map(([roomId, own]) => ({ roomId, notes: own, unread: own.filter((one) => one.readAt === null).length }));
}
