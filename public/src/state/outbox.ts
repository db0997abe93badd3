import { effect, signal } from "@preact/signals";
import type { LiveMessageDto } from "../../../utils/contract/messages.ts";
import { type Refusal, refusalOf } from "../api.ts";
import { restrictionIn } from "../locales/restrictions.ts";
import { line, nudge, onConnected, send } from "./connection.ts";
import { newId } from "./new-id.ts";
import { type Outgoing, storedOutbox, storeOutgoing, unstoreOutgoing } from "./outbox-store.ts";
import { pulse } from "./pulse.ts";
import { myself, sessionPhase } from "./session.ts";

/** Everything not yet acknowledged, of all rooms, oldest first. */
export const outbox = signal<readonly Outgoing[]>([]);

/** What the outbox needs of the rooms: to be in one before writing to it, and where an ack goes. */
export const rooms: {
  enter: (roomId: string) => Promise<void>;
  leave: (roomId: string) => void;
  delivered: (message: LiveMessageDto) => void;
} = {
  enter: async (roomId) => void (await send("join_room", { roomId })),
  leave: (roomId) => void send("leave_room", { roomId }).catch(() => undefined),
  delivered: () => undefined,
};

const KEPT_MS = 48 * 3_600_000;
const draining = new Set<string>();
const retryable = new Set(["rate_limited", "unavailable", "internal", "resync", "token_expired", "unauthenticated"]);

const change = (clientMessageId: string, next: Partial<Outgoing>): void => {
  outbox.value = outbox.value.map((one) => (one.clientMessageId === clientMessageId ? { ...one, ...next } : one));
};

const remove = (clientMessageId: string): void => {
  outbox.value = outbox.value.filter((one) => one.clientMessageId !== clientMessageId);
  void unstoreOutgoing(clientMessageId);
};

/** The message is in the room's list: it is no longer on its way. */
export function settle(clientMessageIds: ReadonlySet<string>): void {
  const arrived = outbox.value.filter((one) => clientMessageIds.has(one.clientMessageId));
  for (const one of arrived) remove(one.clientMessageId);
}

const nextOf = (roomId: string): Outgoing | undefined =>
  outbox.value.find((one) => one.roomId === roomId && one.userId === myself.value?.id && one.state !== "failed");

/** A refusal that passes waits and goes on by itself; one that stays is shown with its reason. */
function refused(message: Outgoing, refusal: Refusal): void {
  if (refusal.code === "network") {
    change(message.clientMessageId, { state: "queued" });
    return;
  }
  if (!retryable.has(refusal.code)) {
    const outcome = {
      ...{ state: "failed" as const, failure: refusal.code },
      ...(refusal.code === "muted" && { restriction: restrictionIn(refusal) }),
    };
    change(message.clientMessageId, outcome);
    void storeOutgoing({ ...message, ...outcome });
    return;
  }
  const waitMs = refusal.retryAfterMs ?? 2_000;
  change(message.clientMessageId, { state: "waiting", retryAt: Date.now() + waitMs, failure: refusal.code });
  setTimeout(() => void drain(message.roomId), waitMs + 50);
}

async function deliver(message: Outgoing): Promise<boolean> {
  const { roomId, clientMessageId, text } = message;
  change(clientMessageId, { state: "sending" });
  try {
    const sent = await send("send_message", { roomId, clientMessageId, text });
    rooms.delivered(sent.message);
    remove(clientMessageId);
    return true;
  } catch (error) {
    const refusal = refusalOf(error);
    refused(message, refusal);
    if (refusal.code === "network") void pulse.doubt();
    return refusal.code !== "network" && !retryable.has(refusal.code);
  }
}

/** Sends a room's messages one after the other, so that they arrive in the order they were written. */
async function drain(roomId: string): Promise<void> {
  if (draining.has(roomId) || line.value !== "online" || !nextOf(roomId)) return;
  draining.add(roomId);
  try {
    await rooms.enter(roomId);
    for (let next = nextOf(roomId); next; next = nextOf(roomId)) {
      if ((next.retryAt ?? 0) > Date.now()) break;
      if (!(await deliver(next))) break;
    }
  } catch (error) {
    const [next, refusal] = [nextOf(roomId), refusalOf(error)];
    if (next) refused(next, refusal);
  } finally {
    draining.delete(roomId);
    rooms.leave(roomId);
  }
  // An ack that did not come on a line that lives: the same message, the same key, again.
  if (nextOf(roomId)?.state === "queued" && line.value === "online") setTimeout(() => void drain(roomId), 1_000);
}

export function drainAll(): void {
  for (const roomId of new Set(outbox.value.map((one) => one.roomId))) void drain(roomId);
}

/** Puts a text on its way: shown at once, kept over a reload, sent as soon as there is a line. */
export function post(roomId: string, text: string): void {
  const user = myself.value;
  if (!user) return;
  const createdAt = Math.max(Date.now(), (outbox.value.at(-1)?.createdAt ?? 0) + 1);
  const message: Outgoing = { clientMessageId: newId(), roomId, userId: user.id, text, createdAt, state: "queued" };
  outbox.value = [...outbox.value, message];
  nudge();
  void storeOutgoing(message).then(() => drain(roomId));
}

/** Once more, with the old key. */
export function retry(clientMessageId: string): void {
  const message = outbox.value.find((one) => one.clientMessageId === clientMessageId);
  if (!message) return;
  change(clientMessageId, { state: "queued", retryAt: 0 });
  void storeOutgoing({ ...message, state: "queued", retryAt: 0 });
  nudge();
  void drain(message.roomId);
}

/** Takes a message back that has not gone out. */
export const withdraw = remove;

/** What somebody else left on this device, and nobody came back for. */
const isForgotten = (one: Outgoing): boolean => one.userId !== myself.value?.id && Date.now() - one.createdAt > KEPT_MS;

/** Whoever signs out takes what they had not sent along. */
const forgetOnSignOut = (): (() => void) =>
  effect(() => {
    if (sessionPhase.value !== "none") return;
    for (const one of outbox.peek()) remove(one.clientMessageId);
  });

/** Takes up what an earlier page load left behind. */
export async function openOutbox(): Promise<void> {
  const stored = await storedOutbox();
  for (const one of stored.filter(isForgotten)) void unstoreOutgoing(one.clientMessageId);
  const kept = stored.filter((one) => !isForgotten(one));
  const known = new Set(outbox.value.map((one) => one.clientMessageId));
  const restored = kept
    .filter((one) => !known.has(one.clientMessageId))
    .map((one): Outgoing => (one.state === "failed" ? one : { ...one, state: "queued", retryAt: 0 }));
  outbox.value = [...restored, ...outbox.value];
  onConnected(drainAll);
  forgetOnSignOut();
  drainAll();
}
