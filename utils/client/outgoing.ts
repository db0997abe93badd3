import type { RestrictionDto } from "../contract/auth.ts";
import type { SendMessageInput } from "../contract/messages.ts";
import type { Failure } from "./refusal.ts";

/** What a message bears beside its text. */
export type Extras = Omit<SendMessageInput, "roomId" | "clientMessageId" | "text">;

/** A message on its way: the same `clientMessageId` until it has arrived or was withdrawn. */
export type Outgoing = {
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
  stored(): Promise<Outgoing[]>;
  store(message: Outgoing): Promise<void>;
  unstore(clientMessageId: string): Promise<void>;
};

/** A store that forgets with the program. */
export const memoryStore = (): OutboxStore => ({
  stored: async () => [],
  store: async () => undefined,
  unstore: async () => undefined,
});
