import { effect, signal, untracked } from "@preact/signals";
import { createOutbox, type OutboxRooms } from "../../../../utils/client/sending/outbox.ts";
import type { PendingMessage } from "../../../../utils/client/sending/pending-message.ts";
import { connectionState, onConnected, pulse, reconnectNow, send } from "../../shared/connection/connection.ts";
import { onOwnerChange, owner } from "../../storage.ts";
import { onSessionHandover } from "../session/session.ts";
import { browserStore } from "./outbox-store.ts";
import { waitingCount } from "./unsent.ts";

/** All messages not yet acknowledged, of all rooms, oldest first. */
export const outbox = signal<readonly PendingMessage[]>([]);

/** Joins a room before sending to it and receives the acks; the open room overrides these. */
export const rooms: OutboxRooms = {
  enter: async (roomId) => void (await send("join_room", { roomId })),
  leave: (roomId) => void send("leave_room", { roomId }).catch(() => undefined),
  delivered: () => undefined,
  held: () => undefined,
};

const box = createOutbox({
  list: outbox,
  store: browserStore,
  rooms,
  send,
  reconnectNow,
  isOnline: () => connectionState.value === "online",
  probe: pulse.probe,
  myId: () => owner.peek(),
});

export const { post, retry, cancel, settle } = box;

onSessionHandover(box.reassign);
onOwnerChange(box.forgetOthers);
effect(() => {
  waitingCount.value = outbox.value.length;
});

/** Loads the messages left by an earlier page load as soon as the user is known: before any room's code is loaded. */
export function openOutbox(): void {
  let isOpen = false;
  onConnected(box.drainAll);
  effect(() => {
    if (owner.value === null || isOpen) return;
    isOpen = true;
    void untracked(box.open);
  });
}
