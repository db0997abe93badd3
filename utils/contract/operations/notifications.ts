import { emptyInput } from "../schemas/auth.ts";
import { notificationPreferences, updateNotificationPreferencesInput } from "../schemas/notification-preferences.ts";
import { listNotificationsInput, notification, readNotificationsInput } from "../schemas/notifications.ts";
import { pageOf } from "../schemas/primitives.ts";
import type { Operation } from "./operation.ts";

/** Endpoints for the caller's notifications. */
export const notificationOperations = {
  listNotifications: {
    method: "get",
    path: "/api/notifications",
    summary: "Returns the caller's notifications, newest first.",
    caller: "bearer",
    budget: "rest",
    input: listNotificationsInput,
    output: pageOf(notification),
    status: 200,
  },
  readNotifications: {
    method: "post",
    path: "/api/notifications/read",
    summary: "Marks notifications as read: those given by id, or all up to a given one.",
    caller: "bearer",
    budget: "rest",
    input: readNotificationsInput,
    output: null,
    status: 204,
  },
  getNotificationPreferences: {
    method: "get",
    path: "/api/notifications/preferences",
    summary: "Returns the caller's notification preferences, which control toasts and sounds on all devices.",
    caller: "bearer",
    budget: "rest",
    input: emptyInput,
    output: notificationPreferences,
    status: 200,
  },
  updateNotificationPreferences: {
    method: "patch",
    path: "/api/notifications/preferences",
    summary: "Updates the caller's notification preferences. Omitted members keep their value.",
    caller: "bearer",
    budget: "rest",
    input: updateNotificationPreferencesInput,
    output: notificationPreferences,
    status: 200,
  },
} as const satisfies Record<string, Operation>;
