import type { HeldMessageDto, LiveMessageDto } from "../contract/messages.ts";
import type { Send } from "./command.ts";
import { newId } from "./new-id.ts";
import type { Extras, OutboxStore, Outgoing } from "./outgoing.ts";
import { passes, type Refusal, refusalOf, restrictionIn } from "./refusal.ts";
import type { Value } from "./value.ts";

/** What the outbox needs of the rooms: to be in one before writing to it, and where an ack goes. */
export type OutboxRooms = {
  enter: (roomId: string) => Promise<void>;
  leave: (roomId: string) => void;
  delivered: (message: LiveMessageDto) => void;
  /** The server holds it for review: it has no place in the room yet. */
  held: (message: HeldMessageDto) => void;
};

export type OutboxParts = {
  /** Everything not yet acknowledged, of all rooms, oldest first. */
  readonly list: Value<readonly Outgoing[]>;
  readonly store: OutboxStore;
  readonly rooms: OutboxRooms;
  readonly send: Send;
  isOnline(): boolean;
  /** An ack did not come: prove the line. */
  doubt(): Promise<void>;
  /** Somebody waits: try the line now. */
  nudge(): void;
  /** Who writes; null for nobody. */
  myId(): string | null;
  /** Hears of a refusal that stays. Its message is kept, as failed, until retried or withdrawn. */
  failed?(message: Outgoing, refusal: Refusal): void;
};

export type Outbox = {
  /** Puts a text on its way: kept over a restart, sent as soon as there is a line. Answers it, or null for nobody. */
  post(roomId: string, text: string, extras?: Extras): Outgoing | null;
  /** Once more, with the old key. */
  retry(clientMessageId: string): void;
  /** Takes a message back that has not gone out. */
  withdraw(clientMessageId: string): void;
  /** The messages are in the room's list: they are no longer on their way. */
  settle(clientMessageIds: ReadonlySet<string>): void;
  drainAll(): void;
  /** Takes up what an earlier run left behind, and sends it. */
  open(): Promise<void>;
};

const KEPT_MS = 48 * 3_600_000;
const WAIT_MS = 2_000;

const isRetryable = (refusal: Refusal): boolean => passes(refusal) || ["token_expired", "unauthenticated"].includes(refusal.code);

const failed = (refusal: Refusal): Partial<Outgoing> => ({
  ...{ state: "failed", failure: refusal.code },
  ...(refusal.code === "muted" && { restriction: restrictionIn(refusal) }),
});

/** Sends each room's messages one after the other, the same key again until acknowledged, waiting as long as it is told to. */
export function createOutbox(parts: OutboxParts): Outbox {
  const { list, store, rooms, send, isOnline, doubt, nudge, myId } = parts;
  const draining = new Set<string>();

  const find = (clientMessageId: string): Outgoing | undefined => list.value.find((one) => one.clientMessageId === clientMessageId);

  const change = (clientMessageId: string, next: Partial<Outgoing>): void => {
    list.value = list.value.map((one) => (one.clientMessageId === clientMessageId ? { ...one, ...next } : one));
  };

  const withdraw = (clientMessageId: string): void => {
    list.value = list.value.filter((one) => one.clientMessageId !== clientMessageId);
    void store.unstore(clientMessageId);
  };

  const nextOf = (roomId: string): Outgoing | undefined =>
    list.value.find((one) => one.roomId === roomId && one.userId === myId() && one.state !== "failed");

  /** A refusal that passes waits and goes on by itself; one that stays is shown with its reason. */
  const refused = (message: Outgoing, refusal: Refusal): void => {
    const { clientMessageId, roomId } = message;
    if (refusal.code === "network") change(clientMessageId, { state: "queued" });
    else if (isRetryable(refusal)) {
      const waitMs = refusal.retryAfterMs ?? WAIT_MS;
      change(clientMessageId, { state: "waiting", retryAt: Date.now() + waitMs, failure: refusal.code });
      setTimeout(() => void drain(roomId), waitMs + 50);
    } else {
      change(clientMessageId, failed(refusal));
      void store.store({ ...message, ...failed(refusal) });
      parts.failed?.(message, refusal);
    }
  };

  /** Answers whether the next one may follow. */
  const deliver = async (message: Outgoing): Promise<boolean> => {
    const { roomId, clientMessageId, text, extras } = message;
    change(clientMessageId, { state: "sending" });
    try {
      const { message: sent } = await send("send_message", { roomId, clientMessageId, text, ...extras });
      if (sent.seq === null) rooms.held(sent);
      else rooms.delivered(sent);
      withdraw(clientMessageId);
      return true;
    } catch (error) {
      const refusal = refusalOf(error);
      refused(message, refusal);
      if (refusal.code === "network") void doubt();
      return refusal.code !== "network" && !isRetryable(refusal);
    }
  };

  /** Sends a room's messages in the order they were written. */
  const drain = async (roomId: string): Promise<void> => {
    if (draining.has(roomId) || !isOnline() || !nextOf(roomId)) return;
    draining.add(roomId);
    try {
      await rooms.enter(roomId);
      for (let next = nextOf(roomId); next; next = nextOf(roomId)) {
        if ((next.retryAt ?? 0) > Date.now()) break;
        if (!(await deliver(next))) break;
      }
    } catch (error) {
      const next = nextOf(roomId);
      if (next) refused(next, refusalOf(error));
    } finally {
      draining.delete(roomId);
      rooms.leave(roomId);
    }
    // An ack that did not come on a line that lives: the same message, the same key, again.
    if (nextOf(roomId)?.state === "queued" && isOnline()) setTimeout(() => void drain(roomId), 1_000);
  };

  const drainAll = (): void => {
    for (const roomId of new Set(list.value.map((one) => one.roomId))) void drain(roomId);
  };

  /** What somebody else left on this device, and nobody came back for. */
  const isForgotten = (one: Outgoing): boolean => one.userId !== myId() && Date.now() - one.createdAt > KEPT_MS;

  return {
    withdraw,
    drainAll,
    post: (roomId, text, extras) => {
      const userId = myId();
      if (userId === null) return null;
      const createdAt = Math.max(Date.now(), (list.value.at(-1)?.createdAt ?? 0) + 1);
      const message: Outgoing = { clientMessageId: newId(), roomId, userId, text, createdAt, state: "queued", ...(extras && { extras }) };
      list.value = [...list.value, message];
      nudge();
      void store.store(message).then(() => drain(roomId));
      return message;
    },
    retry: (clientMessageId) => {
      const message = find(clientMessageId);
      if (!message) return;
      change(clientMessageId, { state: "queued", retryAt: 0 });
      void store.store({ ...message, state: "queued", retryAt: 0 });
      nudge();
      void drain(message.roomId);
    },
    settle: (clientMessageIds) => {
      for (const one of list.value.filter((message) => clientMessageIds.has(message.clientMessageId))) withdraw(one.clientMessageId);
    },
    open: async () => {
      const stored = await store.stored();
      for (const one of stored.filter(isForgotten)) void store.unstore(one.clientMessageId);
      const restored = stored
        .filter((one) => !isForgotten(one) && !find(one.clientMessageId))
        .map((one): Outgoing => (one.state === "failed" ? one : { ...one, state: "queued", retryAt: 0 }));
      list.value = [...restored, ...list.value];
      drainAll();
    },
  };
}
