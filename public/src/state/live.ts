import { watchBlocks } from "./blocks.ts";
import { keepConnected } from "./connection.ts";
import { watchInbox } from "./inbox-sync.ts";
import { watchLeaving } from "./leaving.ts";
import { watchPreferences } from "./notification-preferences-sync.ts";
import { watchNotifications } from "./notifications-sync.ts";
import { openOutbox } from "./outbox.ts";
import { watchOwnRooms } from "./own-rooms.ts";
import { noteVisits } from "./visited.ts";

let isLive = false;

/** From now on what happens to oneself is heard of in every view, not in an open room alone. */
export function goLive(): void {
  if (isLive) return;
  isLive = true;
  watchInbox();
  watchNotifications();
  watchOwnRooms();
  noteVisits();
  watchPreferences();
  watchLeaving();
  watchBlocks();
  keepConnected();
  openOutbox();
}
