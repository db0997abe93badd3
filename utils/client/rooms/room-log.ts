import type { ServerEventPayload } from "../../contract/events.ts";
import type { LiveMessageDto, MessageDto } from "../../contract/schemas/messages.ts";
import type { JoinedDto, SyncedDto } from "../../contract/schemas/rooms.ts";
import type { AuthorDto } from "../../contract/schemas/users.ts";
import { isLive, lastOf, type MessageList, merged, positionOf, renamed } from "./message-list.ts";

export type Batch = ServerEventPayload<"messages_changed">;

/**
 * A client's copy of a room. `head` is the number up to which every change is known; `floor` is the number from which the list has no gaps
 * (0: from the beginning). Replies among the `items` show the newest known state of their parents.
 */
export type RoomLog = {
  readonly epoch: string | null;
  readonly head: number;
  readonly floor: number;
  readonly items: MessageList;
};

/** A new log and the next action: `sync` to close a gap, `rejoin` if the history is a different one. */
export type Step = { log: RoomLog; next: "nothing" | "sync" | "rejoin" };

export const emptyLog: RoomLog = { epoch: null, head: 0, floor: 0, items: [] };

export { isLive, positionOf as placeAt };

/** Applies a batch: merges it, ignores it, or requests a sync. */
export function applyBatch(log: RoomLog, batch: Batch): Step {
  if (log.epoch !== null && batch.epoch !== log.epoch) return { log, next: "rejoin" };
  if (batch.toSeq <= log.head) return { log, next: "nothing" };
  if (batch.fromSeq > log.head) return { log, next: "sync" };
  return { log: { ...log, head: batch.toSeq, items: merged(log.items, batch.messages, log) }, next: "nothing" };
}

/** Applies the ack of `join_room`: a snapshot replaces the log, anything else is merged into it. */
export function applyJoined(log: RoomLog, joined: JoinedDto): RoomLog {
  if (joined.isSnapshot || log.epoch !== joined.epoch) {
    const items = merged([], joined.messages, { floor: 0 });
    return { epoch: joined.epoch, head: joined.lastSeq, floor: joined.hasMore ? (items[0]?.seq ?? joined.lastSeq) : 0, items };
  }
  const head = Math.max(log.head, joined.lastSeq);
  return { ...log, head, items: merged(log.items, joined.messages, log) };
}

/** Applies the ack of `sync_room`. Next is `sync` if there are more changes, and `rejoin` if the server's room is behind the log. */
export function applySynced(log: RoomLog, synced: SyncedDto): Step {
  if (!synced.hasMore && synced.lastSeq < log.head) return { log, next: "rejoin" };
  const reached = synced.hasMore
    ? Math.max(log.head, ...synced.messages.map((message) => message.changedSeq))
    : Math.max(log.head, synced.lastSeq);
  const moved = reached > log.head;
  const next = { ...log, head: reached, items: merged(log.items, synced.messages, log) };
  return { log: next, next: synced.hasMore && moved ? "sync" : "nothing" };
}

/** Applies a page of history, newest first. Without a further page, the list starts at the beginning of the room. */
export function applyOlder(log: RoomLog, messages: readonly LiveMessageDto[], hasMore: boolean): RoomLog {
  const lowest = messages.reduce((low, message) => Math.min(low, message.seq), log.floor);
  const floor = hasMore && messages.length > 0 ? lowest : 0;
  return { ...log, floor, items: merged(log.items, [...messages].reverse(), { floor }) };
}

/** Applies a single message that is not part of the numbered changes, such as the ack of the user's own message. The head does not move. */
export const applyOwn = (log: RoomLog, message: MessageDto): RoomLog => ({ ...log, items: merged(log.items, [message], log) });

/** Applies a user's current name to their messages and to the replies to them. Returns the same log if nothing changes. */
export function renamedIn(log: RoomLog, user: AuthorDto): RoomLog {
  const items = renamed(log.items, user);
  return items === log.items ? log : { ...log, items };
}

/**
 * Returns the log trimmed to its newest `most` messages if it has more than twice as many, so that a program that runs for months does not
 * grow.
 */
export function trimmed(log: RoomLog, most: number): RoomLog {
  if (log.items.length <= most * 2) return log;
  const items = lastOf(log.items, most);
  return { ...log, items, floor: items[0]?.seq ?? log.floor };
}
