import { effect } from "@preact/signals";
import type { ActionDto } from "../../../../utils/contract/schemas/moderation/actions.ts";
import { keepConnected, reconnect } from "../../shared/connection/connection.ts";
import { onServerEvent } from "../../shared/connection/server-events.ts";
import { appliedAction } from "../../shared/state/dialogs.ts";
import { openOutbox } from "../composer/outbox.ts";
import { watchInbox } from "../inbox/inbox-sync.ts";
import { watchLeaving } from "../inbox/leaving.ts";
import { watchOwnRooms } from "../lobby/own-rooms.ts";
import { recordVisits } from "../lobby/visited.ts";
import { watchPreferences } from "../notifications/notification-preferences-sync.ts";
import { watchNotifications } from "../notifications/notifications-sync.ts";
import { watchBlocks } from "../people/blocks.ts";
import { ban, loadMe } from "../session/me.ts";

/** Shows an action of the moderation that concerns the user, and whether it was undone. Permissions change with it. */
function actionChanged({ action }: { action: ActionDto }): void {
  appliedAction.value = action;
  void loadMe();
}

/** A ban closes the connection: opens a new one when the ban is over. */
function returnAfterBan(): void {
  let wasBanned = false;
  effect(() => {
    const isBanned = ban.value !== null;
    if (wasBanned && !isBanned) reconnect();
    wasBanned = isBanned;
  });
}

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
  onServerEvent("moderation_applied", actionChanged);
  onServerEvent("moderation_reverted", actionChanged);
  keepConnected();
  returnAfterBan();
  openOutbox();
}
