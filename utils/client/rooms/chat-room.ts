import type { LiveMessageDto, MessageDto, SentMessageDto } from "../../contract/schemas/messages.ts";
import type { JoinedDto } from "../../contract/schemas/rooms.ts";
import type { ApiError } from "../api-error.ts";
import { deferred } from "../deferred.ts";
import { createListeners, type Listeners, observable } from "../observable.ts";
import type { Extras } from "../sending/pending-message.ts";
import { type Batch, emptyLog, isLive, type RoomLog, trimmed } from "./room-log.ts";
import { apply, catchUp, createRoomSync, enter, type RoomConnection } from "./room-sync.ts";

/** An open room, whose message list is kept in sync with the server. */
export type ChatRoom = {
  readonly roomId: string;
  /** Returns the current message list: messages and tombstones in order, and the number up to which it is complete. */
  log(): RoomLog;
  /** The ack of `join_room`. Rejects with an `ApiError` if the user may not enter the room. */
  readonly entered: Promise<JoinedDto>;
  /** Calls the listener once for each message written since the user entered, in order. Returns a function that unsubscribes. */
  onMessage(listener: (message: LiveMessageDto) => void): () => void;
  /** Calls the listener after every change of the list. Returns a function that unsubscribes. */
  onChange(listener: (log: RoomLog) => void): () => void;
  /** Sends a message, retrying across reconnections. Rejects with an `ApiError` if the error is permanent. */
  post(text: string, extras?: Extras): Promise<SentMessageDto>;
  leave(): void;
};

export type ChatRoomParts = {
  readonly connection: RoomConnection;
  post(roomId: string, text: string, extras?: Extras): Promise<SentMessageDto>;
  /** Called with received messages, new or changed. */
  arrived(messages: readonly MessageDto[]): void;
  /** Called with each new message. */
  notify(message: LiveMessageDto): void;
  /** Called when the room was left, or closed by the server. */
  closed(): void;
};

/** Controls an open room: receives connections, batches and heads. */
export type RoomDriver = {
  readonly room: ChatRoom;
  /** Joins with `join_room`, now and after each reconnection. */
  join(): void;
  /** Handles a reconnection. */
  connected(): void;
  /** Applies a batch of changes. */
  take(batch: Batch): void;
  /** Handles the room's newest number from a heartbeat; syncs if changes are missing. */
  head(seq: number): void;
};

/** The starting point of the list of a conversation, whose messages arrive without joining. */
export type Start = Pick<RoomLog, "epoch" | "head">;

/** Lists longer than twice this are trimmed to their newest messages. */
const MAX_MESSAGES = 1_000;

/** Creates a filter that selects new messages in order. `first` is the number up to which all messages are old; null if unknown. */
function createNewMessageFilter(first: number | null) {
  const known = new Set<number>();
  let since = first;
  return {
    /** Sets the number up to which all messages are old, if it is unknown or if the numbers belong to a different history. */
    begin: (seq: number, isAnother: boolean): void => {
      if (isAnother) known.clear();
      if (since === null || isAnother) since = seq;
    },
    fresh: (messages: readonly MessageDto[]): MessageDto[] => {
      const start = since ?? Number.POSITIVE_INFINITY;
      const found = messages.filter((message) => message.seq > start && !known.has(message.seq)).sort((a, b) => a.seq - b.seq);
      for (const { seq } of found) known.add(seq);
      if (known.size > MAX_MESSAGES * 2) {
        since = Math.max(...known) - MAX_MESSAGES;
        for (const seq of known) if (seq <= since) known.delete(seq);
      }
      return found;
    },
  };
}

function roomOf(roomId: string, parts: ChatRoomParts, start: Start | null) {
  const changes: Listeners<RoomLog> = createListeners();
  const messageListeners: Listeners<LiveMessageDto> = createListeners();
  const entry = deferred<JoinedDto>();
  const newMessages = createNewMessageFilter(start?.head ?? null);
  const first = start === null ? emptyLog : { ...emptyLog, ...start, floor: start.head + 1 };
  const log = observable<RoomLog>(first, (next) => {
    const kept = trimmed(next, MAX_MESSAGES);
    if (kept === next) changes.notify(next);
    else log.value = kept;
  });
  const sync = createRoomSync({
    roomId,
    log,
    connection: parts.connection,
    arrived: (messages) => {
      parts.arrived(messages);
      for (const message of newMessages.fresh(messages).filter(isLive)) {
        messageListeners.notify(message);
        parts.notify(message);
      }
    },
    entered: (joined, before) => {
      newMessages.begin(joined.lastSeq, before.epoch !== null && before.epoch !== joined.epoch);
      entry.resolve(joined);
    },
    rejected: (error: ApiError) => {
      sync.isClosed = true;
      entry.reject(error);
      parts.closed();
    },
  });
  return { log, sync, changes, messageListeners, entered: entry.promise };
}

/** Opens a room. Without `start` it is entered by `join`; with `start` it is a conversation, whose messages arrive without joining. */
export function openChatRoom(roomId: string, parts: ChatRoomParts, start: Start | null): RoomDriver {
  const { log, sync, changes, messageListeners, entered } = roomOf(roomId, parts, start);
  let isJoined = false;

  const leave = (): void => {
    if (sync.isClosed) return;
    sync.isClosed = true;
    if (isJoined && parts.connection.isOnline()) void parts.connection.send("leave_room", { roomId }).catch(() => undefined);
    parts.closed();
  };

  return {
    room: {
      roomId,
      entered,
      leave,
      log: () => log.value,
      onMessage: messageListeners.add,
      onChange: changes.add,
      post: (text, extras) => parts.post(roomId, text, extras),
    },
    join: () => {
      if (isJoined) return;
      isJoined = true;
      void enter(sync);
    },
    connected: () => void (isJoined ? enter(sync) : catchUp(sync)),
    take: (batch) => {
      if (!isJoined && log.value.epoch === null) log.value = { ...log.value, epoch: batch.epoch };
      apply(sync, [batch]);
    },
    head: (seq) => {
      if (seq > log.value.head && !sync.entering) void catchUp(sync);
    },
  };
}
