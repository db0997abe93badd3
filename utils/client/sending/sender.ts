import type { MessageDto, SentMessageDto } from "../../contract/schemas/messages.ts";
import { ApiError } from "../api-error.ts";
import type { Connection } from "../connection/connection.ts";
import { type Deferred, deferred } from "../deferred.ts";
import { isLive } from "../rooms/room-log.ts";
import { createOutbox } from "./outbox.ts";
import type { Extras, OutboxStore, PendingMessage } from "./pending-message.ts";

/** An outbox whose every message is a promise. */
export type Sender = {
  post(roomId: string, text: string, extras?: Extras): Promise<SentMessageDto>;
  /** Messages that came: among them may be one whose ack was lost. */
  arrived(messages: readonly MessageDto[]): void;
  connected(): void;
  open(): Promise<void>;
  close(refusal: ApiError): void;
};

/** Whose messages these are need not be known: a token speaks for one user. */
const SELF = "self";

type Line = Pick<Connection, "send" | "reconnectNow" | "pulse"> & { isOnline(): boolean };

export function createSender({ send, reconnectNow, pulse, isOnline }: Line, store: OutboxStore): Sender {
  const waiting = new Map<string, Deferred<SentMessageDto>>();
  let over: ApiError | null = null;

  const take = (clientMessageId: string): Deferred<SentMessageDto> | undefined => {
    const found = waiting.get(clientMessageId);
    waiting.delete(clientMessageId);
    return found;
  };

  const outbox = createOutbox({
    ...{ list: { value: [] as readonly PendingMessage[] }, store, send, reconnectNow, isOnline, probe: pulse.probe, myId: () => SELF },
    rooms: {
      enter: async () => undefined,
      leave: () => undefined,
      delivered: (message) => take(message.clientMessageId)?.resolve(message),
      held: (message) => take(message.clientMessageId)?.resolve(message),
    },
    failed: ({ clientMessageId }, refusal) => {
      outbox.withdraw(clientMessageId);
      take(clientMessageId)?.reject(refusal);
    },
  });

  return {
    post: (roomId, text, extras) => {
      const answer = deferred<SentMessageDto>();
      const message = over === null ? outbox.post(roomId, text, extras) : null;
      if (message) waiting.set(message.clientMessageId, answer);
      else answer.reject(over ?? new ApiError("network"));
      return answer.promise;
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
    close: (refusal) => {
      over = refusal;
      for (const id of [...waiting.keys()]) take(id)?.reject(refusal);
    },
  };
}
