import type { NotificationPreferences } from "./schemas/notification-preferences.ts";

/**
 * The kinds of notifications that may trigger a toast or a sound: mentions, replies, messages in conversations, and requests (message
 * requests and group invitations).
 */
export const notifiedKinds = ["mentions", "replies", "messages", "requests"] as const;
export type NotifiedKind = (typeof notifiedKinds)[number];

/** The preferences of a user who has changed nothing. The page uses them too, so this file imports no schema. */
export const defaultNotificationPreferences: NotificationPreferences = {
  pausedUntil: null,
  quietHours: null,
  sound: false,
  toasts: true,
  kinds: { mentions: true, replies: true, messages: true, requests: true },
};
