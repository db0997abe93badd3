import { keepConnected } from "../../shared/connection/connection.ts";
import { openOutbox } from "../composer/outbox.ts";
import { watchInbox } from "../inbox/inbox-sync.ts";
import { watchLeaving } from "../inbox/leaving.ts";
import { watchOwnRooms } from "../lobby/own-rooms.ts";
import { recordVisits } from "../lobby/visited.ts";
import { watchPreferences } from "../notifications/notification-preferences-sync.ts";
import { watchNotifications } from "../notifications/notifications-sync.ts";
import { watchBlocks } from "../people/blocks.ts";

let isLive = false;

/** Starts to receive events about the current user in every view, not only in an open room. */
export function startSync(): void {
  if (isLive) return;
  isLive = true;
  watchInbox();
  watchNotifications();
  watchOwnRooms();
  recordVisits();
  watchPreferences();
  watchLeaving();
  watchBlocks();
  keepConnected();
  openOutbox();
}
