import type { NotificationPreferences } from "./schemas/notification-preferences.ts";

/** What may raise a toast or a sound: mentions, replies, messages in conversations, and message requests with invitations to groups. */
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
