import { withTimeout } from "../../utils/async/with-timeout.ts";
import { AppError } from "../../utils/errors.ts";
import { type Batch, hasGap, mergeBatches, type Snapshot } from "./batch.ts";
import type { Publisher } from "./publisher.ts";

/** The changes of a room after a number, complete up to `lastSeq`. */
export type ReadChanges = (roomId: string, afterSeq: number) => Promise<Snapshot>;

/** The members of a conversation as they are now, or null for a room that is none. The reading begins after the question. */
export type ReadMembers = (roomId: string) => Promise<readonly string[] | null>;

/** How long a batch may wait for what is missing before it; then clients see the gap and ask themselves. */
const FILL_MS = 200;

/** A conversation of which nothing was told for so long is forgotten: the next batch speaks for itself. */
const IDLE_MS = 60_000;

/** How often somebody who joins is read anew. A feed that is ahead of the database even then belongs to another history. */
const JOIN_READS = 3;

/** How many rooms are remembered to be no conversations. */
const KNOWN_ROOMS = 10_000;

/** A batch and whom it is for: the members of a conversation as they were after its commit. Null: everybody in the room. */
type Addressed = Batch & { readonly to: readonly string[] | null };

type RoomState = {
  readonly isConversation: boolean;
  announcedSeq: number | null;
  isFilling: boolean;
  waiting: Addressed[];
  joiners: Set<Batch[]>;
  toldAt: number;
};

/**
 * Announces the changes of rooms to this node's sockets, strictly in number, and lets newcomers in without a gap. Language rooms are
 * told to those who are in them; conversations to their members, wherever they are. These are read after the commit: nothing
 * numbered after somebody's removal reaches them.
 */
export type RoomBroadcaster = {
  broadcast(batch: Batch): void;
  /**
   * Reads a snapshot while changes are held back, then enters and answers both as one, in one turn of the event loop.
   * @throws AppError `unavailable` when the database stays behind what was announced here
   */
  join<State extends Snapshot>(room: Joined, read: () => Promise<State>, enter: (state: State) => void): Promise<State>;
  /** To be called when a socket has left: a room without sockets here is forgotten. */
  release(roomId: string): void;
  /** Rooms with sockets here and conversations that are talked in, and the number told last. */
  heads(): Map<string, number>;
  /** Forgets all numbers, when the database came back as another history. */
  reset(): void;
  /** Tells what was committed elsewhere, or was never told. */
  catchUp(roomId: string): Promise<void>;
  /** The same for a conversation of which nothing was told here yet: its newest change alone, from which clients see what they miss. */
  broadcastLatest(roomId: string, head: number): Promise<void>;
  /** Forgets conversations that nobody talks in; to be called now and then. */
  evictIdle(): void;
};

/** A room that somebody comes into. */
type Joined = { readonly id: string; readonly isConversation: boolean };

type Options = {
  publish: Publisher;
  readChanges: ReadChanges;
  audience: ReadMembers;
  epoch: () => string;
  hasListeners: (roomId: string) => boolean;
  isHere: (userId: string) => boolean;
  /** Hears of every conversation that was told of a change. */
  onConversation: (roomId: string) => void;
  /** Hears of a batch whose members could not be read. The watch over conversations publishes it later. */
  onMissed: (roomId: string, error: unknown) => void;
};

export function createRoomBroadcaster({
  publish,
  readChanges,
  audience,
  epoch,
  hasListeners,
  isHere,
  onConversation,
  onMissed,
}: Options): RoomBroadcaster {
  const rooms = new Map<string, RoomState>();
  const languageRooms = new Set<string>();

  function emit(feed: RoomState, { to, ...batch }: Addressed): void {
    for (const buffer of feed.joiners) buffer.push(batch);
    feed.announcedSeq = batch.toSeq;
    publish.messagesChanged({ ...batch, messages: [...batch.messages], epoch: epoch() }, to);
    if (to === null) return;
    feed.toldAt = performance.now();
    onConversation(batch.roomId);
  }

  /** What was committed after a number, and whom it is for: these are read when the changes are. Null when it cannot be read in time. */
  async function readMissing({ isConversation }: RoomState, roomId: string, afterSeq: number) {
    return withTimeout(FILL_MS, async () => {
      const missing = await readChanges(roomId, afterSeq);
      const to = isConversation ? await audience(roomId) : null;
      return isConversation && to === null ? null : { ...missing, to };
    }).catch(() => null);
  }

  /** Tells a batch whose predecessor was committed by another node: that part comes from the database first. */
  async function fill(feed: RoomState, roomId: string, afterSeq: number): Promise<void> {
    feed.isFilling = true;
    const missing = await readMissing(feed, roomId, afterSeq);
    feed.isFilling = false;
    if (missing !== null && missing.lastSeq > afterSeq)
      emit(feed, { roomId, fromSeq: afterSeq, toSeq: missing.lastSeq, messages: missing.messages, to: missing.to });
    const waiting = feed.waiting.splice(0);
    // Without the missing part clients see the gap and ask for it themselves.
    if (missing === null && waiting[0]) feed.announcedSeq = waiting[0].fromSeq;
    for (const batch of waiting) tell(feed, batch);
  }

  function tell(feed: RoomState, batch: Addressed): void {
    if (feed.isFilling) return void feed.waiting.push(batch);
    const announced = feed.announcedSeq ?? batch.fromSeq;
    if (batch.toSeq <= announced) return;
    if (batch.fromSeq <= announced) return void emit(feed, { ...batch, fromSeq: announced });
    feed.waiting.push(batch);
    void fill(feed, batch.roomId, announced);
  }

  function open({ id, isConversation }: Joined): RoomState {
    const toldAt = performance.now();
    const feed = rooms.get(id) ?? { isConversation, announcedSeq: null, isFilling: false, waiting: [], joiners: new Set(), toldAt };
    rooms.set(id, feed);
    return feed;
  }

  const closeIfEmpty = (roomId: string, feed: RoomState): void => {
    if (feed.joiners.size === 0 && !feed.isConversation && !hasListeners(roomId)) rooms.delete(roomId);
  };

  function remember(languageRoom: string): void {
    if (languageRooms.size >= KNOWN_ROOMS) languageRooms.clear();
    languageRooms.add(languageRoom);
  }

  /** Tells a conversation's members, once it is known who they are now. A room that turns out to be none has nobody here. */
  async function announceToMembers(batch: Batch): Promise<void> {
    const to = await audience(batch.roomId);
    if (to === null) return remember(batch.roomId);
    const feed = rooms.get(batch.roomId) ?? (to.some(isHere) ? open({ id: batch.roomId, isConversation: true }) : undefined);
    if (feed) tell(feed, { ...batch, to });
  }

  return {
    broadcast(batch) {
      const feed = rooms.get(batch.roomId);
      if (feed !== undefined && !feed.isConversation) return tell(feed, { ...batch, to: null });
      if (feed === undefined && languageRooms.has(batch.roomId)) return;
      announceToMembers(batch).catch((error: unknown) => onMissed(batch.roomId, error));
    },
    async join(room, read, enter) {
      const { id: roomId } = room;
      const feed = open(room);
      const buffer: Batch[] = [];
      feed.joiners.add(buffer);
      try {
        let state = await read();
        // Before its first listener is in, a room's feed does not notice what another node committed in between.
        for (let reads = 1; hasGap(state, buffer, feed.announcedSeq); reads += 1) {
          if (reads === JOIN_READS) throw new AppError("unavailable", { retryAfterMs: 1_000 });
          state = await read();
        }
        const { lastSeq } = state;
        const missed = buffer.filter((batch) => batch.toSeq > lastSeq);
        const complete = { ...state, messages: mergeBatches(state.messages, missed), lastSeq: missed.at(-1)?.toSeq ?? state.lastSeq };
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
    async broadcastLatest(roomId, head) {
      if (rooms.has(roomId) || head === 0) return;
      const feed = open({ id: roomId, isConversation: true });
      feed.announcedSeq = head - 1;
      await fill(feed, roomId, head - 1);
    },
    evictIdle() {
      const idleSince = performance.now() - IDLE_MS;
      for (const [roomId, { isConversation, joiners, isFilling, toldAt }] of rooms)
        if (isConversation && joiners.size === 0 && !isFilling && toldAt < idleSince) rooms.delete(roomId);
    },
  };
}
