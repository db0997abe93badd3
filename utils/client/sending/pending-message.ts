import type { RestrictionDto } from "../../contract/schemas/auth.ts";
import type { HeldMessageDto, LiveMessageDto, SendMessageInput } from "../../contract/schemas/messages.ts";
import type { ApiError, Failure } from "../api-error.ts";
import type { Random } from "../connection/backoff.ts";
import type { Send } from "../connection/command.ts";
import type { Value } from "../observable.ts";

/** The parts of a message besides its text. */
export type Extras = Omit<SendMessageInput, "roomId" | "clientMessageId" | "text">;

/** An unsent message. It keeps its `clientMessageId` until it is acknowledged or canceled. */
export type PendingMessage = {
  readonly clientMessageId: string;
  readonly roomId: string;
  readonly userId: string;
  readonly text: string;
  readonly extras?: Extras;
  /** Milliseconds since 1970. Also determines the order of sending. */
  readonly createdAt: number;
  readonly state: "queued" | "sending" | "waiting" | "failed";
  readonly retryAt?: number;
  readonly failure?: Failure;
  /** The end and the reason of the author's mute, if that is why sending failed. */
  readonly restriction?: RestrictionDto;
};

/** Persists unsent messages: in a browser database, in a file, or not at all. It must not throw. */
export type OutboxStore = {
  /** Returns the unsent messages in order. */
  stored(): Promise<PendingMessage[]>;
  store(message: PendingMessage): Promise<void>;
  remove(clientMessageId: string): Promise<void>;
};

/** The outbox's interface to the rooms: enters a room before sending to it, and passes on acknowledged messages. */
export type OutboxRooms = {
  enter: (roomId: string) => Promise<void>;
  leave: (roomId: string) => void;
  delivered: (message: LiveMessageDto) => void;
  /** Called if the server holds the message for review; it has no sequence number yet. */
  held: (message: HeldMessageDto) => void;
};

export type OutboxParts = {
  /** All unacknowledged messages of all rooms, oldest first. */
  readonly list: Value<readonly PendingMessage[]>;
  readonly store: OutboxStore;
  readonly rooms: OutboxRooms;
  readonly send: Send;
  isOnline(): boolean;
  /** Checks the connection after a missing ack. */
  probe(): Promise<void>;
  /** Reconnects immediately, because a user action is waiting. */
  reconnectNow(): void;
  /** Returns the current user's id; null if there is none. */
  myId(): string | null;
  /** Called on a permanent error. The message is kept as failed until it is retried or canceled. */
  failed?(message: PendingMessage, error: ApiError): void;
  /** Randomizes the retry delays. Defaults to `Math.random`. */
  readonly random?: Random;
};

/** Creates a store that persists nothing. */
export const memoryStore = (): OutboxStore => ({
  stored: async () => [],
  store: async () => undefined,
  remove: async () => undefined,
});
