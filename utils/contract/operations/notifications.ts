import { emptyInput } from "../schemas/auth.ts";
import { notificationPreferences, updateNotificationPreferencesInput } from "../schemas/notification-preferences.ts";
import { listNotificationsInput, notification, readNotificationsInput } from "../schemas/notifications.ts";
import { pageOf } from "../schemas/primitives.ts";
import type { Operation } from "./operation.ts";

/** The doors of what concerns oneself. */
export const notificationOperations = {
  listNotifications: {
    method: "get",
    path: "/api/notifications",
    summary: "What concerned one, newest first.",
    caller: "bearer",
    budget: "rest",
    input: listNotificationsInput,
    output: pageOf(notification),
    status: 200,
  },
  readNotifications: {
    method: "post",
    path: "/api/notifications/read",
    summary: "Say that one has seen some of them, or all up to one.",
    caller: "bearer",
    budget: "rest",
    input: readNotificationsInput,
    output: null,
    status: 204,
  },
  getNotificationPreferences: {
    method: "get",
    path: "/api/notifications/preferences",
    summary: "Return how the user's devices draw attention to notifications.",
    caller: "bearer",
    budget: "rest",
    input: emptyInput,
    output: notificationPreferences,
    status: 200,
  },
  updateNotificationPreferences: {
    method: "patch",
    path: "/api/notifications/preferences",
    summary: "Change how the user's devices draw attention to notifications. Omitted members keep their value.",
    caller: "bearer",
    budget: "rest",
    input: updateNotificationPreferencesInput,
    output: notificationPreferences,
    status: 200,
  },
} as const satisfies Record<string, Operation>;
