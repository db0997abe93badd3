import type { RestrictionDto } from "../../contract/schemas/auth.ts";
import type { HeldMessageDto, LiveMessageDto, SendMessageInput } from "../../contract/schemas/messages.ts";
import type { ApiError, Failure } from "../api-error.ts";
import type { Random } from "../connection/backoff.ts";
import type { Send } from "../connection/command.ts";
import type { Value } from "../observable.ts";

/** What a message bears beside its text. */
export type Extras = Omit<SendMessageInput, "roomId" | "clientMessageId" | "text">;

/** A message on its way: the same `clientMessageId` until it has arrived or was withdrawn. */
export type PendingMessage = {
  readonly clientMessageId: string;
  readonly roomId: string;
  readonly userId: string;
  readonly text: string;
  readonly extras?: Extras;
  /** Milliseconds since 1970; also the order of sending. */
  readonly createdAt: number;
  readonly state: "queued" | "sending" | "waiting" | "failed";
  readonly retryAt?: number;
  readonly failure?: Failure;
  /** Until when and why its author may not be heard, if that is the reason. */
  readonly restriction?: RestrictionDto;
};

/** Where unsent messages outlive the program: a browser's database, a file, or nothing at all. It must not throw. */
export type OutboxStore = {
  /** What was not sent yet, in its order. */
  stored(): Promise<PendingMessage[]>;
  store(message: PendingMessage): Promise<void>;
  unstore(clientMessageId: string): Promise<void>;
};

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
  readonly list: Value<readonly PendingMessage[]>;
  readonly store: OutboxStore;
  readonly rooms: OutboxRooms;
  readonly send: Send;
  isOnline(): boolean;
  /** An ack did not come: prove the line. */
  probe(): Promise<void>;
  /** Somebody waits: try the line now. */
  reconnectNow(): void;
  /** Who writes; null for nobody. */
  myId(): string | null;
  /** Hears of a refusal that stays. Its message is kept, as failed, until retried or withdrawn. */
  failed?(message: PendingMessage, refusal: ApiError): void;
  /** Spreads the retries of many clients; `Math.random` where left out. */
  readonly random?: Random;
};

/** A store that forgets with the program. */
export const memoryStore = (): OutboxStore => ({
  stored: async () => [],
  store: async () => undefined,
  unstore: async () => undefined,
});
