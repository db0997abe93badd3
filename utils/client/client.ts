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
import { createListeners, observable, unbatched } from "./observable.ts";
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
  /** The server's address, as in `https://chat.example.org`. */
  readonly url: string;
  /** `io` of another build of socket.io-client, version 4; the package's own one unless given. */
  readonly io?: (url: string, options: typeof socketOptions & { auth: { token: string } }) => ChatSocket;
  /** An API token, or where to get access tokens, which live for minutes. */
  readonly token: string | TokenSource;
  /** Where unsent messages outlive the program; without one they do not. */
  readonly store?: OutboxStore;
};

/** One line to a server, kept through broken networks, restarts and renewals until it is closed. */
export type ChatClient = {
  /** Enters a room and keeps its list. The same room again is the same one. */
  room(roomId: string): ChatRoom;
  /** Sends a text, however often the line breaks meanwhile. Rejects with the Refusal that stays. */
  post(roomId: string, text: string, extras?: Extras): Promise<SentMessageDto>;
  /** Hears each new message of every open room and of one's conversations, once. Answers how to stop. */
  onMessage(hear: (message: LiveMessageDto) => void): () => void;
  /** Hears a fact. Answers how to stop. */
  on<Name extends ServerEventName>(name: Name, hear: (payload: ServerEventPayload<Name>) => void): () => void;
  /** Sends a command over the line there is now; throws a Refusal, `network` without an answer. */
  readonly send: Send;
  /** Asks the REST door; throws a Refusal. */
  readonly ask: Ask;
  line(): ConnectionState;
  /** Hears of the line's state. Answers how to stop. */
  onLine(hear: (state: ConnectionState) => void): () => void;
  /** Settles when it is over: with null after `close`, or with why the server will not have this token any more. */
  readonly over: Promise<ApiError | null>;
  close(): void;
};

/** Connects to a server, and stays connected. */
export function connectClient({ url, io = openSocket, token, store = memoryStore() }: ClientOptions): ChatClient {
  const hub = createServerEventEmitter();
  const lines = createListeners<ConnectionState>();
  const messages = createListeners<LiveMessageDto>();
  const ending = deferred<ApiError | null>();
  const line = observable<ConnectionState>("idle", lines.notify);
  const isOnline = (): boolean => line.value === "online";
  let isStarted = false;

  const start = (): void => {
    isStarted = true;
    connection.start();
  };
  const renewed = (next: string): void => (isStarted ? void connection.showToken(next) : start());
  const ended = (): void => close(new ApiError("unauthenticated"));
  const tokens: Tokens = typeof token === "string" ? fixedToken(token) : renewedTokens(token, { renewed, ended });

  const close = (refusal: ApiError | null): void => {
    tokens.stop();
    stopWatching();
    connection.stop();
    rooms.closeAll();
    sender.close(refusal ?? new ApiError("network"));
    ending.resolve(refusal);
  };

  const connection = createConnection({
    state: line,
    open: async (shown) => io(url, { ...socketOptions, auth: { token: shown } }),
    token: () => tokens.token,
    renew: tokens.renew,
    status: () => "online",
    hasNetwork: () => true,
    isReplaced: () => false,
    onSessionEnd: close,
    onEvent: hub.emit,
  });
  const { send, pulse } = connection;
  const stopWatching = watchSleep(() => void pulse.probe());
  const sender = createSender({ ...connection, isOnline }, store);
  const rooms = createOpenRooms({
    connection: { send, isOnline, probe: pulse.probe, runBatched: unbatched },
    post: sender.post,
    arrived: sender.arrived,
    told: messages.notify,
  });

  hub.on("messages_changed", rooms.take);
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
    on: hub.on,
    send,
    ask: createAsk(url, credentials),
    line: () => line.value,
    onLine: lines.add,
    over: ending.promise,
    close: () => close(null),
  };
}
