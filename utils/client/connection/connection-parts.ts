import type { ServerEventName } from "../../contract/events.ts";
import type { ApiError } from "../api-error.ts";
import type { Value } from "../observable.ts";
import type { Random } from "./backoff.ts";
import type { ChatSocket, Send } from "./command.ts";
import type { Heartbeat } from "./heartbeat.ts";

/** `idle` while nobody needs the line; `offline` when the device itself has no network. */
export type ConnectionState = "idle" | "connecting" | "online" | "reconnecting" | "offline";

export type ConnectionParts = {
  readonly state: Value<ConnectionState>;
  /** Opens a socket that shows this token; the connection waits for its `connect` itself. */
  open(token: string): Promise<ChatSocket>;
  /** The token to show now; null when there is nobody to speak for. */
  token(): string | null;
  /** A fresh token, or null; when the session is over, `token()` is null from then on. */
  renew(): Promise<string | null>;
  status(): "online" | "away";
  hasNetwork(): boolean;
  /** Whether another session has taken the place of the one that showed this token, or is about to: its end is no news then. */
  isReplaced(shown: string | null): boolean;
  /** The session is over, or its bearer banned: the line is closed, and stays so until `start`. */
  onSessionEnd(refusal: ApiError): void;
  onEvent(name: ServerEventName, payload: unknown): void;
  /** Spreads the retries of many clients; `Math.random` where left out. */
  readonly random?: Random;
};

/** One line to the server, opened anew whenever it is lost for as long as it is wanted. */
export type Connection = {
  readonly send: Send;
  readonly pulse: Heartbeat;
  start(): void;
  stop(): void;
  /** The line is in doubt: a fresh socket at once, whatever the old one says. */
  reconnect(): void;
  /** Somebody acts: while the line is down and the wait is long, try now. */
  reconnectNow(): void;
  /** Lets the present socket outlive its token. */
  showToken(token: string): Promise<void>;
  /** Called after every (re)connection, and when a server that seemed to hang responds again. Answers how to stop. */
  onConnected(run: () => void): () => void;
  isDown(): boolean;
};
