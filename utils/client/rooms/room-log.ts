import type { ServerEventPayload } from "../../contract/events.ts";
import type { LiveMessageDto, MessageDto } from "../../contract/schemas/messages.ts";
import type { JoinedDto, SyncedDto } from "../../contract/schemas/rooms.ts";
import type { AuthorDto } from "../../contract/schemas/users.ts";
import { isLive, lastOf, type MessageList, merged, placeAt, renamed } from "./message-list.ts";

export type Batch = ServerEventPayload<"messages_changed">;

/**
 * What a client knows of a room. `head` is the number up to which every change is known;
 * `floor` the number from which the list has no holes (0: from the beginning).
 * Replies among the `items` show the newest known state of their parents.
 */
export type RoomLog = {
  readonly epoch: string | null;
  readonly head: number;
  readonly floor: number;
  readonly items: MessageList;
};

/** A new log and what must follow: `sync` to close a gap, `rejoin` when the history is another one. */
export type Step = { log: RoomLog; next: "nothing" | "sync" | "rejoin" };

export const emptyLog: RoomLog = { epoch: null, head: 0, floor: 0, items: [] };

export { isLive, placeAt };

/** A batch as it comes: applied, ignored, or a reason to ask. */
export function applyBatch(log: RoomLog, batch: Batch): Step {
  if (log.epoch !== null && batch.epoch !== log.epoch) return { log, next: "rejoin" };
  if (batch.toSeq <= log.head) return { log, next: "nothing" };
  if (batch.fromSeq > log.head) return { log, next: "sync" };
  return { log: { ...log, head: batch.toSeq, items: merged(log.items, batch.messages, log) }, next: "nothing" };
}

/** The answer to entering: a snapshot replaces what is held, anything else is merged into it. */
export function applyJoined(log: RoomLog, joined: JoinedDto): RoomLog {
  if (joined.isSnapshot || log.epoch !== joined.epoch) {
    const items = merged([], joined.messages, { floor: 0 });
    return { epoch: joined.epoch, head: joined.lastSeq, floor: joined.hasMore ? (items[0]?.seq ?? joined.lastSeq) : 0, items };
  }
  const head = Math.max(log.head, joined.lastSeq);
  return { ...log, head, items: merged(log.items, joined.messages, log) };
}

/** The answer to `sync_room`; `sync` again when there is more, `rejoin` where the room is not as far as what is held. */
export function applySynced(log: RoomLog, synced: SyncedDto): Step {
  if (!synced.hasMore && synced.lastSeq < log.head) return { log, next: "rejoin" };
  const reached = synced.hasMore
    ? Math.max(log.head, ...synced.messages.map((message) => message.changedSeq))
    : Math.max(log.head, synced.lastSeq);
  const moved = reached > log.head;
  const next = { ...log, head: reached, items: merged(log.items, synced.messages, log) };
  return { log: next, next: synced.hasMore && moved ? "sync" : "nothing" };
}

/** A page of history, newest first. Without a further page the list begins at the beginning. */
export function applyOlder(log: RoomLog, messages: readonly LiveMessageDto[], hasMore: boolean): RoomLog {
  const lowest = messages.reduce((low, message) => Math.min(low, message.seq), log.floor);
  const floor = hasMore && messages.length > 0 ? lowest : 0;
  return { ...log, floor, items: merged(log.items, [...messages].reverse(), { floor }) };
}

/** One message known apart from the numbers: the ack of an own one. The head stays where it is. */
export const applyOwn = (log: RoomLog, message: MessageDto): RoomLog => ({ ...log, items: merged(log.items, [message], log) });

/** A user's messages, and the replies to them, under the user's present name. The same log when nothing in it changes. */
export function renamedIn(log: RoomLog, user: AuthorDto): RoomLog {
  const items = renamed(log.items, user);
  return items === log.items ? log : { ...log, items };
}

/** The newest messages alone, where more than twice so many are held: a program that runs for months must not grow. */
export function trimmed(log: RoomLog, most: number): RoomLog {
  if (log.items.length <= most * 2) return log;
  const items = lastOf(log.items, most);
  return { ...log, items, floor: items[0]?.seq ?? log.floor };
}
