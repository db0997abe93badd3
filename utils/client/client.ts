import { io as openSocket } from "socket.io-client";
import type { ServerEventName, ServerEventPayload } from "../contract/events.ts";
import type { LiveMessageDto, SentMessageDto } from "../contract/schemas/messages.ts";
import { ApiError } from "./api-error.ts";
import { type ChatSocket, type Send, socketOptions } from "./connection/command.ts";
import { type ConnectionState, createConnection } from "./connection/connection.ts";
import { watchSleep } from "./connection/heartbeat.ts";
import { fixedToken, renewedTokens, type TokenSource, type Tokens } from "./connection/tokens.ts";
import { deferred } from "./deferred.ts";
import { createServerEventEmitter } from "./event-emitter.ts";
import { createListeners, observable, runDirectly } from "./observable.ts";
import { type Ask, createAsk } from "./rest.ts";
import type { ChatRoom } from "./rooms/chat-room.ts";
import { createOpenRooms } from "./rooms/room-manager.ts";
import { type Extras, memoryStore, type OutboxStore } from "./sending/pending-message.ts";
import { createSender } from "./sending/sender.ts";

export type {
  CommandInput,
  CommandName,
  CommandOutput,
  ServerEventName,
  ServerEventPayload,
} from "../contract/events.ts";
export type { OperationName, OperationOutput } from "../contract/operations/index.ts";
export type { HeldMessageDto, LiveMessageDto, MessageDto, SentMessageDto } from "../contract/schemas/messages.ts";
export type { ConnectionState } from "./connection/connection-parts.ts";
export type { Grant, TokenSource } from "./connection/tokens.ts";
export type { ChatRoom } from "./rooms/chat-room.ts";
export type { RoomLog } from "./rooms/room-log.ts";
export type { Extras, OutboxStore, PendingMessage } from "./sending/pending-message.ts";
export { ApiError };

export type ClientOptions = {
  /** The server's base URL, such as `https://chat.example.org`. */
  readonly url: string;
  /** The `io` function of another build of socket.io-client 4. Defaults to the package's own. */
  readonly io?: (url: string, options: typeof socketOptions & { auth: { token: string } }) => ChatSocket;
  /** An API token, or a source of short-lived access tokens. */
  readonly token: string | TokenSource;
  /** Persists unsent messages across restarts of the program. Defaults to memory only. */
  readonly store?: OutboxStore;
};

/** A connection to a server. It survives network failures, server restarts and token renewals until it is closed. */
export type ChatClient = {
  /** Joins a room and keeps its message list in sync. Returns the same object for the same room. */
  room(roomId: string): ChatRoom;
  /** Sends a message, retrying across reconnections. Rejects with an `ApiError` if the error is permanent. */
  post(roomId: string, text: string, extras?: Extras): Promise<SentMessageDto>;
  /**
   * Calls the listener once for each new message of every open room and of the user's conversations. Returns a function that unsubscribes.
   */
  onMessage(listener: (message: LiveMessageDto) => void): () => void;
  /** Subscribes to a server event. Returns a function that unsubscribes. */
  on<Name extends ServerEventName>(name: Name, listener: (payload: ServerEventPayload<Name>) => void): () => void;
  /** Sends a command over the current connection. Rejects with an `ApiError`, `network` if there is no ack. */
  readonly send: Send;
  /** Calls the REST API. Rejects with an `ApiError`. */
  readonly call: Ask;
  /** Returns the state of the connection. */
  state(): ConnectionState;
  /** Subscribes to the state of the connection. Returns a function that unsubscribes. */
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Resolves when the client has stopped: with null after `close`, or with the error if the server no longer accepts the token. */
  readonly ended: Promise<ApiError | null>;
  close(): void;
};

/** Connects to a server and reconnects until the client is closed. */
export function connectClient({ url, io = openSocket, token, store = memoryStore() }: ClientOptions): ChatClient {
  const events = createServerEventEmitter();
  const stateListeners = createListeners<ConnectionState>();
  const messages = createListeners<LiveMessageDto>();
  const ending = deferred<ApiError | null>();
  const state = observable<ConnectionState>("idle", stateListeners.notify);
  const isOnline = (): boolean => state.value === "online";
  let isStarted = false;

  const start = (): void => {
    isStarted = true;
    connection.start();
  };
  const renewed = (next: string): void => (isStarted ? void connection.showToken(next) : start());
  const ended = (): void => close(new ApiError("unauthenticated"));
  const tokens: Tokens = typeof token === "string" ? fixedToken(token) : renewedTokens(token, { renewed, ended });

  const close = (error: ApiError | null): void => {
    tokens.stop();
    stopWatching();
    connection.stop();
    rooms.closeAll();
    sender.close(error ?? new ApiError("network"));
    ending.resolve(error);
  };

  const connection = createConnection({
    state,
    open: async (shown) => io(url, { ...socketOptions, auth: { token: shown } }),
    token: () => tokens.token,
    renew: tokens.renew,
    status: () => "online",
    hasNetwork: () => true,
    isReplaced: () => false,
    onSessionEnd: close,
    onEvent: events.emit,
  });
  const { send, pulse } = connection;
  const stopWatching = watchSleep(() => void pulse.probe());
  const sender = createSender({ ...connection, isOnline }, store);
  const rooms = createOpenRooms({
    connection: { send, isOnline, probe: pulse.probe, runBatched: runDirectly },
    post: sender.post,
    arrived: sender.arrived,
    notify: messages.notify,
  });

  events.on("messages_changed", rooms.take);
  pulse.onHeads(rooms.heads);
  connection.onConnected(() => {
    rooms.connected();
    sender.connected();
    void pulse.beat();
  });
  void sender.open();
  if (typeof token === "string") start();
  else void tokens.renew();

  const credentials = {
    get token() {
      return tokens.token;
    },
    renew: tokens.renew,
    banned: () => undefined,
  };

  return {
    room: rooms.open,
    post: sender.post,
    onMessage: messages.add,
    on: events.on,
    send,
    call: createAsk(url, credentials),
    state: () => state.value,
    onState: stateListeners.add,
    ended: ending.promise,
    close: () => close(null),
  };
}
