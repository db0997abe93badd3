import type { MessageDto, SentMessageDto } from "../../contract/schemas/messages.ts";
import { ApiError } from "../api-error.ts";
import type { Connection } from "../connection/connection.ts";
import { type Deferred, deferred } from "../deferred.ts";
import { isLive } from "../rooms/room-log.ts";
import { createOutbox } from "./outbox.ts";
import type { Extras, OutboxStore, PendingMessage } from "./pending-message.ts";

/** An outbox that returns a promise for each message. */
export type Sender = {
  post(roomId: string, text: string, extras?: Extras): Promise<SentMessageDto>;
  /** Handles received messages. They may include one whose ack was lost. */
  arrived(messages: readonly MessageDto[]): void;
  connected(): void;
  open(): Promise<void>;
  close(error: ApiError): void;
};

/** The user of all messages. The actual id is not needed, because a token belongs to one user. */
const SELF = "self";

type SenderConnection = Pick<Connection, "send" | "reconnectNow" | "pulse"> & { isOnline(): boolean };

/** Creates a sender on top of an outbox. */
export function createSender({ send, reconnectNow, pulse, isOnline }: SenderConnection, store: OutboxStore): Sender {
  const waiting = new Map<string, Deferred<SentMessageDto>>();
  let closedWith: ApiError | null = null;

  const take = (clientMessageId: string): Deferred<SentMessageDto> | undefined => {
    const found = waiting.get(clientMessageId);
    waiting.delete(clientMessageId);
    return found;
  };

  const outbox = createOutbox({
    list: { value: [] as readonly PendingMessage[] },
    store,
    send,
    reconnectNow,
    isOnline,
    probe: pulse.probe,
    myId: () => SELF,
    rooms: {
      enter: async () => undefined,
      leave: () => undefined,
      delivered: (message) => take(message.clientMessageId)?.resolve(message),
      held: (message) => take(message.clientMessageId)?.resolve(message),
    },
    failed: ({ clientMessageId }, error) => {
      outbox.cancel(clientMessageId);
      take(clientMessageId)?.reject(error);
    },
  });

  return {
    post: (roomId, text, extras) => {
      const result = deferred<SentMessageDto>();
      const message = closedWith === null ? outbox.post(roomId, text, extras) : null;
      if (message) waiting.set(message.clientMessageId, result);
      else result.reject(closedWith ?? new ApiError("network"));
      return result.promise;
    },
    arrived: (messages) => {
      for (const message of messages.filter(isLive)) {
        const found = take(message.clientMessageId);
        if (!found) continue;
        found.resolve(message);
        outbox.settle(new Set([message.clientMessageId]));
      }
    },
    connected: outbox.drainAll,
    open: outbox.open,
    close: (error) => {
      closedWith = error;
      for (const id of [...waiting.keys()]) take(id)?.reject(error);
    },
  };
}
