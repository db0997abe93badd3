import { effect } from "@preact/signals";
import type { NotificationDto } from "../../../../utils/contract/schemas/notifications.ts";
import { ask } from "../../api.ts";
import { onConnected } from "../../shared/connection/connection.ts";
import { onServerEvent } from "../../shared/connection/server-events.ts";
import { onOwnerChange, owner } from "../../storage.ts";
import { attentive } from "../unread/unread.ts";
import { raise, watchAlerts } from "./alerts.ts";
import { mergeNotifications, notifications, recordRead, toasts } from "./notifications.ts";

const MOST_AT_ONCE = 100;

/** @throws ApiError */
export async function loadNotifications(cursor: string | null): Promise<string | null> {
  const userId = owner.peek();
  const after = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
  const page = await ask("listNotifications", `/api/notifications?limit=30${after}`, { bearer: true });
  if (userId !== owner.peek()) return null;
  mergeNotifications(page.items);
  return page.nextCursor;
}

async function loadUnread(): Promise<void> {
  const userId = owner.peek();
  const page = await ask("listNotifications", `/api/notifications?unread=true&limit=${MOST_AT_ONCE}`, { bearer: true }).catch(() => null);
  if (!page || userId !== owner.peek()) return;
  const open = new Set(page.items.map((one) => one.id));
  // Notifications that another device has read meanwhile are missing from the page.
  recordRead((one) => !open.has(one.id));
  mergeNotifications(page.items);
}

/** Marks some notifications as read, on all devices. */
export function readNotifications(ids: readonly string[]): void {
  if (ids.length === 0) return;
  const wanted = new Set(ids);
  recordRead((one) => wanted.has(one.id));
  const body = { ids: ids.slice(0, MOST_AT_ONCE) };
  void ask("readNotifications", "/api/notifications/read", { method: "POST", bearer: true, body }).catch(() => void loadUnread());
  readNotifications(ids.slice(MOST_AT_ONCE));
}

/** Marks all current notifications as read, on all devices. */
export function readAllNotifications(): void {
  const newest = notifications.peek()[0];
  if (!newest) return;
  recordRead(() => true);
  void ask("readNotifications", "/api/notifications/read", { method: "POST", bearer: true, body: { upTo: newest.id } }).catch(
    () => void loadUnread(),
  );
}

function created(notification: NotificationDto): void {
  mergeNotifications([notification]);
  raise(notification);
}

/** Marks notifications of the room that the user is looking at as read. */
function readWhatIsSeen(): void {
  effect(() => {
    const roomId = attentive.value;
    if (roomId === null) return;
    const seen = notifications.value.filter((one) => one.readAt === null && one.roomId === roomId).map((one) => one.id);
    readNotifications(seen);
  });
}

/** Receives notifications, and the read state from other devices. */
export function watchNotifications(): void {
  onServerEvent("notification_created", created);
  onServerEvent("notifications_read", ({ ids, upTo }) => {
    const read = new Set(ids);
    recordRead((one) => read.has(one.id) || (upTo !== null && one.id <= upTo));
  });
  onConnected(() => void loadUnread());
  readWhatIsSeen();
  watchAlerts();
  onOwnerChange(() => {
    notifications.value = [];
    toasts.value = [];
  });
}
