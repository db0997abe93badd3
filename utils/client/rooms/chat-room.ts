import type { LiveMessageDto, MessageDto, SentMessageDto } from "../../contract/schemas/messages.ts";
import type { JoinedDto } from "../../contract/schemas/rooms.ts";
import type { ApiError } from "../api-error.ts";
import { deferred } from "../deferred.ts";
import { createListeners, type Listeners, observable } from "../observable.ts";
import type { Extras } from "../sending/pending-message.ts";
import { type Batch, emptyLog, isLive, type RoomLog, trimmed } from "./room-log.ts";
import { apply, catchUp, createRoomSync, enter, type RoomConnection } from "./room-sync.ts";

/** A room whose list is kept equal to the server's for as long as it is open. */
export type ChatRoom = {
  readonly roomId: string;
  /** The list as it stands: messages and tombstones in their order, and the number up to which it is complete. */
  log(): RoomLog;
  /** The answer to entering. Rejects with the Refusal of a room that does not let one in. */
  readonly entered: Promise<JoinedDto>;
  /** Hears each message that was written since one entered, once, in order. Answers how to stop. */
  onMessage(hear: (message: LiveMessageDto) => void): () => void;
  /** Hears of every change of the list. Answers how to stop. */
  onChange(hear: (log: RoomLog) => void): () => void;
  /** Sends a text, however often the line breaks meanwhile. Rejects with the Refusal that stays. */
  post(text: string, extras?: Extras): Promise<SentMessageDto>;
  leave(): void;
};

export type ChatRoomParts = {
  readonly connection: RoomConnection;
  post(roomId: string, text: string, extras?: Extras): Promise<SentMessageDto>;
  /** Messages that came, new or changed. */
  arrived(messages: readonly MessageDto[]): void;
  /** A message that was not there before. */
  told(message: LiveMessageDto): void;
  /** The room is not open any more: left, or closed by the server. */
  closed(): void;
};

/** What drives an open room: it is told of the line, of batches and of heads. */
export type RoomDriver = {
  readonly room: ChatRoom;
  /** Comes in with `join_room`, now and after each reconnection. */
  join(): void;
  /** The line is there again. */
  connected(): void;
  take(batch: Batch): void;
  head(seq: number): void;
};

/** Where the list of a conversation begins, whose messages come without joining. */
export type Start = Pick<RoomLog, "epoch" | "head">;

/** Longer lists lose their oldest messages. */
const MOST = 1_000;

/** Picks from what came the messages that were never there before, in order. `since` is the number up to which all is old. */
function createSieve(first: number | null) {
  const known = new Set<number>();
  let since = first;
  return {
    /** Everything up to here is old, if nothing was said yet, or if the numbers are those of another history. */
    begin: (seq: number, isAnother: boolean): void => {
      if (isAnother) known.clear();
      if (since === null || isAnother) since = seq;
    },
    fresh: (messages: readonly MessageDto[]): MessageDto[] => {
      const start = since ?? Number.POSITIVE_INFINITY;
      const found = messages.filter((message) => message.seq > start && !known.has(message.seq)).sort((a, b) => a.seq - b.seq);
      for (const { seq } of found) known.add(seq);
      if (known.size > MOST * 2) {
        since = Math.max(...known) - MOST;
        for (const seq of known) if (seq <= since) known.delete(seq);
      }
      return found;
    },
  };
}

function roomOf(roomId: string, parts: ChatRoomParts, start: Start | null) {
  const changes: Listeners<RoomLog> = createListeners();
  const hearers: Listeners<LiveMessageDto> = createListeners();
  const entry = deferred<JoinedDto>();
  const sieve = createSieve(start?.head ?? null);
  const first = start === null ? emptyLog : { ...emptyLog, ...start, floor: start.head + 1 };
  const log = observable<RoomLog>(first, (next) => {
    const kept = trimmed(next, MOST);
    if (kept === next) changes.notify(next);
    else log.value = kept;
  });
  const sync = createRoomSync({
    ...{ roomId, log, connection: parts.connection },
    arrived: (messages) => {
      parts.arrived(messages);
      for (const message of sieve.fresh(messages).filter(isLive)) {
        hearers.notify(message);
        parts.told(message);
      }
    },
    entered: (joined, before) => {
      sieve.begin(joined.lastSeq, before.epoch !== null && before.epoch !== joined.epoch);
      entry.resolve(joined);
    },
    refused: (refusal: ApiError) => {
      sync.isClosed = true;
      entry.reject(refusal);
      parts.closed();
    },
  });
  return { log, sync, changes, hearers, entered: entry.promise };
}

/** Opens a room: one that is entered by `join`, or, from a start on, a conversation that one hears of anyway. */
export function openChatRoom(roomId: string, parts: ChatRoomParts, start: Start | null): RoomDriver {
  const { log, sync, changes, hearers, entered } = roomOf(roomId, parts, start);
  let isJoined = false;

  const leave = (): void => {
    if (sync.isClosed) return;
    sync.isClosed = true;
    if (isJoined && parts.connection.isOnline()) void parts.connection.send("leave_room", { roomId }).catch(() => undefined);
    parts.closed();
  };

  return {
    room: {
      ...{ roomId, entered, leave },
      log: () => log.value,
      onMessage: hearers.add,
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
