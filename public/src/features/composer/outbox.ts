import { effect, signal, untracked } from "@preact/signals";
import { createOutbox, type OutboxRooms } from "../../../../utils/client/sending/outbox.ts";
import type { PendingMessage } from "../../../../utils/client/sending/pending-message.ts";
import { connectionState, onConnected, pulse, reconnectNow, send } from "../../shared/connection/connection.ts";
import { onOwnerChange, owner } from "../../storage.ts";
import { onSessionHandover } from "../session/session.ts";
import { browserStore } from "./outbox-store.ts";
import { waitingCount } from "./unsent.ts";

/** Everything not yet acknowledged, of all rooms, oldest first. */
export const outbox = signal<readonly PendingMessage[]>([]);

/** How the outbox comes into a room before writing to it, and where an ack goes: the open room puts itself here. */
export const rooms: OutboxRooms = {
  enter: async (roomId) => void (await send("join_room", { roomId })),
  leave: (roomId) => void send("leave_room", { roomId }).catch(() => undefined),
  delivered: () => undefined,
  held: () => undefined,
};

const box = createOutbox({
  ...{ list: outbox, store: browserStore, rooms, send, reconnectNow },
  isOnline: () => connectionState.value === "online",
  probe: pulse.probe,
  myId: () => owner.peek(),
});

export const { post, retry, withdraw, settle } = box;

onSessionHandover(box.handOver);
onOwnerChange(box.forgetOthers);
effect(() => {
  waitingCount.value = outbox.value.length;
});

/** Takes up what an earlier page load left behind, as soon as it is known who is here: a room's code is loaded before that. */
export function openOutbox(): void {
  let isOpen = false;
  onConnected(box.drainAll);
  effect(() => {
    if (owner.value === null || isOpen) return;
    isOpen = true;
    void untracked(box.open);
  });
}
