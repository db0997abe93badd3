import { type ApiError, isRetryable, restrictionOf, toApiError } from "../api-error.ts";
import { createRetries } from "../connection/retries.ts";
import { newId } from "../new-id.ts";
import type { Extras, OutboxParts, PendingMessage } from "./pending-message.ts";

export type { OutboxParts, OutboxRooms } from "./pending-message.ts";

export type Outbox = {
  /** Queues a message, which is stored and sent as soon as the client is online. Returns the message, or null if there is no user. */
  post(roomId: string, text: string, extras?: Extras): PendingMessage | null;
  /** Retries a failed message with the same `clientMessageId`. */
  retry(clientMessageId: string): void;
  /** Removes a message that has not been sent. */
  cancel(clientMessageId: string): void;
  /** Removes messages that have arrived in the room's message list. */
  settle(clientMessageIds: ReadonlySet<string>): void;
  /** Sends the queued messages of all rooms. */
  drainAll(): void;
  /** Restores the messages the current user left unsent in an earlier run, and sends them. Deletes the messages of other users. */
  open(): Promise<void>;
  /** Deletes the messages of all other users. */
  forgetOthers(): void;
  /** Moves one user's messages to another user, keeping their `clientMessageId`. */
  reassign(fromId: string, toId: string): void;
};

const mayResend = (error: ApiError): boolean => isRetryable(error) || ["token_expired", "unauthenticated"].includes(error.code);

const failed = (error: ApiError): Partial<PendingMessage> => ({
  state: "failed",
  failure: error.code,
  ...(error.code === "muted" && { restriction: restrictionOf(error) }),
});

/**
 * Creates an outbox. It sends each room's messages one after the other and retries with the same `clientMessageId` until acknowledged,
 * respecting `retryAfterMs`. The next message is sent only after the previous one was acknowledged or permanently rejected; otherwise it
 * could be committed before a message that has to be retried, and the room would show them in the wrong order.
 */
export function createOutbox(parts: OutboxParts): Outbox {
  const { list, store, rooms, send, isOnline, probe, reconnectNow, myId, random = Math.random } = parts;
  const draining = new Set<string>();
  const retries = createRetries(random);
  /** Messages of an earlier run are sent before those of this run. */
  let opening: Promise<void> = Promise.resolve();

  const find = (clientMessageId: string): PendingMessage | undefined => list.value.find((item) => item.clientMessageId === clientMessageId);

  const change = (clientMessageId: string, next: Partial<PendingMessage>): void => {
    list.value = list.value.map((item) => (item.clientMessageId === clientMessageId ? { ...item, ...next } : item));
  };

  const cancel = (clientMessageId: string): void => {
    list.value = list.value.filter((item) => item.clientMessageId !== clientMessageId);
    void store.remove(clientMessageId);
  };

  const nextOf = (roomId: string): PendingMessage | undefined =>
    list.value.find((item) => item.roomId === roomId && item.userId === myId() && item.state !== "failed");

  /** Schedules a retry of the message, regardless of the clock. @returns the delay in ms */
  const tryLater = ({ clientMessageId, roomId }: PendingMessage, atLeastMs?: number): number => {
    const run = (): void => {
      change(clientMessageId, { retryAt: 0 });
      void drain(roomId);
    };
    return retries.later(roomId, run, atLeastMs);
  };

  /** Handles an error: schedules a retry if it is temporary, otherwise marks the message as failed with the reason. */
  const handleError = (message: PendingMessage, error: ApiError): void => {
    const { clientMessageId, roomId } = message;
    if (error.code === "network") {
      change(clientMessageId, { state: "queued" });
      tryLater(message);
    } else if (mayResend(error)) {
      const waitMs = tryLater(message, error.retryAfterMs);
      change(clientMessageId, { state: "waiting", retryAt: Date.now() + waitMs, failure: error.code });
    } else {
      retries.answered(roomId);
      // The author's session may have ended meanwhile; a message deleted then must not be stored again.
      if (!find(clientMessageId)) return;
      change(clientMessageId, failed(error));
      void store.store({ ...message, ...failed(error) });
      parts.failed?.(message, error);
    }
  };

  /** Sends a message. @returns whether the next one may be sent */
  const deliver = async (message: PendingMessage): Promise<boolean> => {
    const { roomId, clientMessageId, text, extras } = message;
    change(clientMessageId, { state: "sending" });
    try {
      const { message: sent } = await send("send_message", { roomId, clientMessageId, text, ...extras });
      if (sent.seq === null) rooms.held(sent);
      else rooms.delivered(sent);
      cancel(clientMessageId);
      retries.answered(roomId);
      return true;
    } catch (error) {
      const apiError = toApiError(error);
      handleError(message, apiError);
      if (apiError.code === "network") void probe();
      return apiError.code !== "network" && !mayResend(apiError);
    }
  };

  /** Sends a room's messages in the order in which they were written. */
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
      if (next) handleError(next, toApiError(error));
    } finally {
      draining.delete(roomId);
      rooms.leave(roomId);
    }
  };

  const drainAll = (): void => {
    for (const roomId of new Set(list.value.map((item) => item.roomId))) void drain(roomId);
  };

  const isForeign = (item: PendingMessage): boolean => item.userId !== myId();

  const restore = async (): Promise<void> => {
    const stored = await store.stored();
    // Without a current user, the owner of stored messages cannot be checked.
    if (myId() === null) return;
    for (const item of stored.filter(isForeign)) void store.remove(item.clientMessageId);
    const restored = stored
      .filter((item) => !isForeign(item) && !find(item.clientMessageId))
      .map((item): PendingMessage => (item.state === "failed" ? item : { ...item, state: "queued", retryAt: 0 }));
    list.value = [...restored, ...list.value];
  };

  return {
    cancel,
    drainAll,
    forgetOthers: () => {
      for (const item of list.value.filter(isForeign)) cancel(item.clientMessageId);
    },
    reassign: (fromId, toId) => {
      list.value = list.value.map((item) => (item.userId === fromId ? { ...item, userId: toId } : item));
      for (const item of list.value) if (item.userId === toId) void store.store(item);
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
      for (const item of list.value.filter((message) => clientMessageIds.has(message.clientMessageId))) cancel(item.clientMessageId);
    },
    open: async () => {
      opening = restore();
      await opening;
      drainAll();
    },
  };
}
