import type { ServerEventName } from "../../contract/events.ts";
import type { ApiError } from "../api-error.ts";
import type { Value } from "../observable.ts";
import type { Random } from "./backoff.ts";
import type { ChatSocket, Send } from "./command.ts";
import type { Heartbeat } from "./heartbeat.ts";

/** The state of the connection: `idle` while it is not needed; `offline` if the device has no network. */
export type ConnectionState = "idle" | "connecting" | "online" | "reconnecting" | "offline";

export type ConnectionParts = {
  readonly state: Value<ConnectionState>;
  /** Opens a socket with this token. The connection itself waits for the socket's `connect` event. */
  open(token: string): Promise<ChatSocket>;
  /** Returns the token to use; null if there is no session. */
  token(): string | null;
  /** Gets a new token, or null. If the session has ended, `token()` returns null from then on. */
  renew(): Promise<string | null>;
  status(): "online" | "away";
  hasNetwork(): boolean;
  /** Whether another session has replaced the session of this token, or is about to. Its end is ignored then. */
  isReplaced(shown: string | null): boolean;
  /** Called when the session has ended or the user is banned. The connection stays closed until `start`. */
  onSessionEnd(error: ApiError): void;
  onEvent(name: ServerEventName, payload: unknown): void;
  /** Randomizes the retry delays. Defaults to `Math.random`. */
  readonly random?: Random;
};

/** A connection to the server. It reconnects whenever it is lost, until it is stopped. */
export type Connection = {
  readonly send: Send;
  readonly pulse: Heartbeat;
  start(): void;
  stop(): void;
  /** Opens a new socket immediately, regardless of the state of the current one. */
  reconnect(): void;
  /** Reconnects immediately because of a user action, if the connection is down and the next retry is not due yet. */
  reconnectNow(): void;
  /** Replaces the token of the current socket, so that it stays open when the old token expires. */
  showToken(token: string): Promise<void>;
  /**
   * Calls `run` after every connection and reconnection, and when a stalled server responds again. Returns a function that unsubscribes.
   */
  onConnected(run: () => void): () => void;
  isDown(): boolean;
};
