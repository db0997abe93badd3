import { type ApiError, isRetryable, restrictionOf, toApiError } from "../api-error.ts";
import { createRetries } from "../connection/retries.ts";
import { newId } from "../new-id.ts";
import type { Extras, OutboxParts, PendingMessage } from "./pending-message.ts";

export type { OutboxParts, OutboxRooms } from "./pending-message.ts";

export type Outbox = {
  /** Puts a text on its way: kept over a restart, sent as soon as there is a line. Answers it, or null for nobody. */
  post(roomId: string, text: string, extras?: Extras): PendingMessage | null;
  /** Once more, with the old key. */
  retry(clientMessageId: string): void;
  /** Takes a message back that has not gone out. */
  withdraw(clientMessageId: string): void;
  /** The messages are in the room's list: they are no longer on their way. */
  settle(clientMessageIds: ReadonlySet<string>): void;
  drainAll(): void;
  /** Takes up what an earlier run left behind of the present person, and sends it. What anybody else left is deleted. */
  open(): Promise<void>;
  /** Deletes the messages of everybody but the present person. */
  forgetOthers(): void;
  /** Makes one person's messages another's, under the same keys. */
  handOver(fromId: string, toId: string): void;
};

const mayResend = (refusal: ApiError): boolean => isRetryable(refusal) || ["token_expired", "unauthenticated"].includes(refusal.code);

const failed = (refusal: ApiError): Partial<PendingMessage> => ({
  ...{ state: "failed", failure: refusal.code },
  ...(refusal.code === "muted" && { restriction: restrictionOf(refusal) }),
});

/**
 * Sends each room's messages one after the other, the same key again until acknowledged, waiting as long as it is told to. The next one is
 * not sent before the one before it is acknowledged or refused for good: sent at once, it would be committed before a message that has to
 * be tried again, and the room would show them in the wrong order.
 */
export function createOutbox(parts: OutboxParts): Outbox {
  const { list, store, rooms, send, isOnline, probe, reconnectNow, myId, random = Math.random } = parts;
  const draining = new Set<string>();
  const retries = createRetries(random);
  /** What an earlier run left behind is sent before anything of this one. */
  let opening: Promise<void> = Promise.resolve();

  const find = (clientMessageId: string): PendingMessage | undefined => list.value.find((one) => one.clientMessageId === clientMessageId);

  const change = (clientMessageId: string, next: Partial<PendingMessage>): void => {
    list.value = list.value.map((one) => (one.clientMessageId === clientMessageId ? { ...one, ...next } : one));
  };

  const withdraw = (clientMessageId: string): void => {
    list.value = list.value.filter((one) => one.clientMessageId !== clientMessageId);
    void store.unstore(clientMessageId);
  };

  const nextOf = (roomId: string): PendingMessage | undefined =>
    list.value.find((one) => one.roomId === roomId && one.userId === myId() && one.state !== "failed");

  /** The message is tried again after the wait, whatever the clock says then. @returns the wait in ms */
  const tryLater = ({ clientMessageId, roomId }: PendingMessage, atLeastMs?: number): number => {
    const run = (): void => {
      change(clientMessageId, { retryAt: 0 });
      void drain(roomId);
    };
    return retries.later(roomId, run, atLeastMs);
  };

  /** A refusal that passes waits and goes on by itself; one that stays is shown with its reason. */
  const refused = (message: PendingMessage, refusal: ApiError): void => {
    const { clientMessageId, roomId } = message;
    if (refusal.code === "network") {
      change(clientMessageId, { state: "queued" });
      tryLater(message);
    } else if (mayResend(refusal)) {
      const waitMs = tryLater(message, refusal.retryAfterMs);
      change(clientMessageId, { state: "waiting", retryAt: Date.now() + waitMs, failure: refusal.code });
    } else {
      retries.answered(roomId);
      // Its author's session may have ended meanwhile: what was deleted then is not stored again.
      if (!find(clientMessageId)) return;
      change(clientMessageId, failed(refusal));
      void store.store({ ...message, ...failed(refusal) });
      parts.failed?.(message, refusal);
    }
  };

  /** Answers whether the next one may follow. */
  const deliver = async (message: PendingMessage): Promise<boolean> => {
    const { roomId, clientMessageId, text, extras } = message;
    change(clientMessageId, { state: "sending" });
    try {
      const { message: sent } = await send("send_message", { roomId, clientMessageId, text, ...extras });
      if (sent.seq === null) rooms.held(sent);
      else rooms.delivered(sent);
      withdraw(clientMessageId);
      retries.answered(roomId);
      return true;
    } catch (error) {
      const refusal = toApiError(error);
      refused(message, refusal);
      if (refusal.code === "network") void probe();
      return refusal.code !== "network" && !mayResend(refusal);
    }
  };

  /** Sends a room's messages in the order they were written. */
  const drain = async (roomId: string): Promise<void> => {
    if (draining.has(roomId) || !isOnline() || !nextOf(roomId)) return;
    draining.add(roomId);
    try {
      await opening;
      await rooms.enter(roomId);
      for (let next = nextOf(roomId); next; next = nextOf(roomId)) {
        if ((next.retryAt ?? 0) > Date.now()) break;
        if (!(await deliver(next))) break;
      }
    } catch (error) {
      const next = nextOf(roomId);
      if (next) refused(next, toApiError(error));
    } finally {
      draining.delete(roomId);
      rooms.leave(roomId);
    }
  };

  const drainAll = (): void => {
    for (const roomId of new Set(list.value.map((one) => one.roomId))) void drain(roomId);
  };

  const isForeign = (one: PendingMessage): boolean => one.userId !== myId();

  const takeUp = async (): Promise<void> => {
    const stored = await store.stored();
    // Whose they are cannot be judged while it is not known who is here.
    if (myId() === null) return;
    for (const one of stored.filter(isForeign)) void store.unstore(one.clientMessageId);
    const restored = stored
      .filter((one) => !isForeign(one) && !find(one.clientMessageId))
      .map((one): PendingMessage => (one.state === "failed" ? one : { ...one, state: "queued", retryAt: 0 }));
    list.value = [...restored, ...list.value];
  };

  return {
    withdraw,
    drainAll,
    forgetOthers: () => {
      for (const one of list.value.filter(isForeign)) withdraw(one.clientMessageId);
    },
    handOver: (fromId, toId) => {
      list.value = list.value.map((one) => (one.userId === fromId ? { ...one, userId: toId } : one));
      for (const one of list.value) if (one.userId === toId) void store.store(one);
    },
    post: (roomId, text, extras) => {
      const userId = myId();
      if (userId === null) return null;
      const createdAt = Math.max(Date.now(), (list.value.at(-1)?.createdAt ?? 0) + 1);
      const message: PendingMessage = {
        clientMessageId: newId(),
        roomId,
        userId,
        text,
        createdAt,
        state: "queued",
        ...(extras && { extras }),
      };
      list.value = [...list.value, message];
      reconnectNow();
      void store.store(message).then(() => drain(roomId));
      return message;
    },
    retry: (clientMessageId) => {
      const message = find(clientMessageId);
      if (!message) return;
      change(clientMessageId, { state: "queued", retryAt: 0 });
      void store.store({ ...message, state: "queued", retryAt: 0 });
      reconnectNow();
      void drain(message.roomId);
    },
    settle: (clientMessageIds) => {
      for (const one of list.value.filter((message) => clientMessageIds.has(message.clientMessageId))) withdraw(one.clientMessageId);
    },
    open: async () => {
      opening = takeUp();
      await opening;
      drainAll();
    },
  };
}
