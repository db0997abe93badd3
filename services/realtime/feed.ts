import type { MessageDto } from "../../utils/contract/messages.ts";
import { within } from "../../utils/within.ts";
import type { Publisher } from "./publisher.ts";

/** Every change of a room in (fromSeq, toSeq], as current state, oldest change first. */
export type Batch = { readonly roomId: string; readonly fromSeq: number; readonly toSeq: number; readonly messages: readonly MessageDto[] };

/** What a newcomer gets: the state up to `lastSeq`. */
export type Snapshot = { readonly messages: MessageDto[]; readonly lastSeq: number };

/** The changes of a room after a number, complete up to `lastSeq`. */
export type ReadChanges = (roomId: string, afterSeq: number) => Promise<Snapshot>;

/** How long a batch may wait for what is missing before it; then clients see the gap and ask themselves. */
const FILL_MS = 200;

type RoomFeed = { announcedSeq: number | null; isFilling: boolean; waiting: Batch[]; joiners: Set<Batch[]> };

/** Announces the changes of rooms to this node's sockets, strictly in number, and lets newcomers in without a gap. */
export type Feed = {
  announce(batch: Batch): void;
  /** Reads a snapshot while changes are held back, then enters and answers both as one, in one turn of the event loop. */
  join<State extends Snapshot>(roomId: string, read: () => Promise<State>, enter: (state: State) => void): Promise<State>;
  /** To be called when a socket has left: a room without sockets here is forgotten. */
  release(roomId: string): void;
  /** Rooms with sockets here, and the number told last. */
  heads(): Map<string, number>;
  /** Forgets all numbers, when the database came back as another history. */
  reset(): void;
  /** Tells what was committed elsewhere, or was never told. */
  catchUp(roomId: string): Promise<void>;
};

type Options = { publish: Publisher; readChanges: ReadChanges; epoch: () => string; hasListeners: (roomId: string) => boolean };

/** The messages of some batches over a snapshot: each message once, in its newest state, oldest change first. */
export function merge(messages: readonly MessageDto[], batches: readonly Batch[]): MessageDto[] {
  if (batches.length === 0) return [...messages];
  const newest = new Map<string, MessageDto>();
  for (const message of [...messages, ...batches.flatMap((batch) => batch.messages)]) {
    const held = newest.get(message.id);
    if (held === undefined || held.changedSeq < message.changedSeq) newest.set(message.id, message);
  }
  return [...newest.values()].sort((a, b) => a.changedSeq - b.changedSeq);
}

/** Whether something was told that neither the reading saw nor the batches heard meanwhile hold. */
function isGap({ lastSeq }: Snapshot, heard: readonly Batch[], announcedSeq: number | null): boolean {
  let reached = lastSeq;
  for (const { fromSeq, toSeq } of heard) {
    if (fromSeq > reached) return true;
    reached = Math.max(reached, toSeq);
  }
  return announcedSeq !== null && announcedSeq > reached;
}

export function createFeed({ publish, readChanges, epoch, hasListeners }: Options): Feed {
  const rooms = new Map<string, RoomFeed>();

  function emit(feed: RoomFeed, batch: Batch): void {
    for (const buffer of feed.joiners) buffer.push(batch);
    feed.announcedSeq = batch.toSeq;
    publish.messagesChanged({ ...batch, messages: [...batch.messages], epoch: epoch() });
  }

  /** Tells a batch whose predecessor was committed by another node: that part comes from the database first. */
  async function fill(feed: RoomFeed, roomId: string, afterSeq: number): Promise<void> {
    feed.isFilling = true;
    const missing = await within(FILL_MS, () => readChanges(roomId, afterSeq)).catch(() => null);
    feed.isFilling = false;
    if (missing !== null && missing.lastSeq > afterSeq)
      emit(feed, { roomId, fromSeq: afterSeq, toSeq: missing.lastSeq, messages: missing.messages });
    const waiting = feed.waiting.splice(0);
    // Without the missing part clients see the gap and ask for it themselves.
    if (missing === null && waiting[0]) feed.announcedSeq = waiting[0].fromSeq;
    for (const batch of waiting) tell(feed, batch);
  }

  function tell(feed: RoomFeed, batch: Batch): void {
    if (feed.isFilling) return void feed.waiting.push(batch);
    const announced = feed.announcedSeq ?? batch.fromSeq;
    if (batch.toSeq <= announced) return;
    if (batch.fromSeq <= announced) return void emit(feed, { ...batch, fromSeq: announced });
    feed.waiting.push(batch);
    void fill(feed, batch.roomId, announced);
  }

  function open(roomId: string): RoomFeed {
    const feed = rooms.get(roomId) ?? { announcedSeq: null, isFilling: false, waiting: [], joiners: new Set() };
    rooms.set(roomId, feed);
    return feed;
  }

  const closeIfEmpty = (roomId: string, feed: RoomFeed): void => {
    if (feed.joiners.size === 0 && !hasListeners(roomId)) rooms.delete(roomId);
  };

  return {
    announce(batch) {
      const feed = rooms.get(batch.roomId);
      if (feed) tell(feed, batch);
    },
    async join(roomId, read, enter) {
      const feed = open(roomId);
      const buffer: Batch[] = [];
      feed.joiners.add(buffer);
      try {
        let state = await read();
        // Before its first listener is in, a room's feed does not notice what another node committed in between.
        while (isGap(state, buffer, feed.announcedSeq)) state = await read();
        const { lastSeq } = state;
        const missed = buffer.filter((batch) => batch.toSeq > lastSeq);
        const complete = { ...state, messages: merge(state.messages, missed), lastSeq: missed.at(-1)?.toSeq ?? state.lastSeq };
        feed.announcedSeq ??= state.lastSeq;
        enter(complete);
        return complete;
      } finally {
        feed.joiners.delete(buffer);
        closeIfEmpty(roomId, feed);
      }
    },
    release(roomId) {
      const feed = rooms.get(roomId);
      if (feed) closeIfEmpty(roomId, feed);
    },
    reset: () => rooms.clear(),
    heads: () =>
      new Map([...rooms].flatMap(([roomId, { announcedSeq }]) => (announcedSeq === null ? [] : [[roomId, announcedSeq] as const]))),
    async catchUp(roomId) {
      const feed = rooms.get(roomId);
      if (feed && !feed.isFilling && feed.announcedSeq !== null) await fill(feed, roomId, feed.announcedSeq);
    },
  };
}
