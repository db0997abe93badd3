import { withTimeout } from "../../utils/async/with-timeout.ts";
import { AppError } from "../../utils/errors.ts";
import { type Batch, hasGap, mergeBatches, type Snapshot } from "./batch.ts";
import type { Publisher } from "./publisher.ts";

/** Reads the changes of a room after a number, complete up to `lastSeq`. */
export type ReadChanges = (roomId: string, afterSeq: number) => Promise<Snapshot>;

/** Reads the current members of a conversation, or null for any other room. The query starts after the call. */
export type ReadMembers = (roomId: string) => Promise<readonly string[] | null>;

/** How long a batch may wait for missing predecessors, in ms; after that clients see the gap and sync themselves. */
const FILL_MS = 200;

/** A conversation without broadcasts for this long is evicted, in ms: the next batch starts a new state. */
const IDLE_MS = 60_000;

/**
 * How often the state of a joining client is read. If the broadcaster is ahead of the database even then, the database has another
 * history.
 */
const JOIN_READS = 3;

/** The maximum number of cached ids of language rooms. */
const CACHED_ROOMS_MAX = 10_000;

/** A batch and its recipients: the members of a conversation after its commit. Null means everyone in the room. */
type AddressedBatch = Batch & { readonly to: readonly string[] | null };

type RoomState = {
  readonly isConversation: boolean;
  publishedSeq: number | null;
  isFilling: boolean;
  waiting: AddressedBatch[];
  joiners: Set<Batch[]>;
  publishedAt: number;
};

/**
 * Broadcasts the changes of rooms to this node's sockets, strictly in order of their numbers, and lets clients join without a gap. Changes
 * in language rooms are published to the joined sockets; changes in conversations to their members on all sockets. Members are read after
 * the commit: a removed member receives nothing that is numbered after the removal.
 */
export type RoomBroadcaster = {
  broadcast(batch: Batch): void;
  /**
   * Reads a snapshot while changes are buffered, then enters and returns both combined, in one iteration of the event loop.
   * @throws AppError `unavailable` when the database stays behind what was published here
   */
  join<State extends Snapshot>(room: Joined, read: () => Promise<State>, enter: (state: State) => void): Promise<State>;
  /** To be called when a socket has left: the state of a room without sockets here is dropped. */
  release(roomId: string): void;
  /** Returns rooms with sockets here and active conversations, with the last published number. */
  heads(): Map<string, number>;
  /** Drops all numbers, after the database was restored with another history. */
  reset(): void;
  /** Publishes what was committed elsewhere, or was never published. */
  catchUp(roomId: string): Promise<void>;
  /**
   * Does the same for a conversation without broadcasts here so far: publishes only its latest change, from which clients see what they
   * missed.
   */
  broadcastLatest(roomId: string, head: number): Promise<void>;
  /** Evicts inactive conversations; to be called regularly. */
  evictIdle(): void;
};

/** A room that a client joins. */
type Joined = { readonly id: string; readonly isConversation: boolean };

type Options = {
  publish: Publisher;
  readChanges: ReadChanges;
  readMembers: ReadMembers;
  epoch: () => string;
  hasListeners: (roomId: string) => boolean;
  isConnected: (userId: string) => boolean;
  /** Called for every conversation for which a change was published. */
  onConversation: (roomId: string) => void;
  /** Called for a batch whose recipients could not be read. The conversation poller publishes it later. */
  onMissed: (roomId: string, error: unknown) => void;
};

export function createRoomBroadcaster({
  publish,
  readChanges,
  readMembers,
  epoch,
  hasListeners,
  isConnected,
  onConversation,
  onMissed,
}: Options): RoomBroadcaster {
  const rooms = new Map<string, RoomState>();
  const languageRooms = new Set<string>();

  function emit(roomState: RoomState, { to, ...batch }: AddressedBatch): void {
    for (const buffer of roomState.joiners) buffer.push(batch);
    roomState.publishedSeq = batch.toSeq;
    publish.messagesChanged({ ...batch, messages: [...batch.messages], epoch: epoch() }, to);
    if (to === null) return;
    roomState.publishedAt = performance.now();
    onConversation(batch.roomId);
  }

  /** Reads what was committed after a number, together with the current recipients. Null if it cannot be read within the timeout. */
  async function readMissing({ isConversation }: RoomState, roomId: string, afterSeq: number) {
    return withTimeout(FILL_MS, async () => {
      const missing = await readChanges(roomId, afterSeq);
      const to = isConversation ? await readMembers(roomId) : null;
      return isConversation && to === null ? null : { ...missing, to };
    }).catch(() => null);
  }

  /** Publishes the part that another node committed, which is read from the database, and then the waiting batches. */
  async function fill(roomState: RoomState, roomId: string, afterSeq: number): Promise<void> {
    roomState.isFilling = true;
    const missing = await readMissing(roomState, roomId, afterSeq);
    roomState.isFilling = false;
    if (missing !== null && missing.lastSeq > afterSeq)
      emit(roomState, { roomId, fromSeq: afterSeq, toSeq: missing.lastSeq, messages: missing.messages, to: missing.to });
    const waiting = roomState.waiting.splice(0);
    // Without the missing part clients see the gap and sync themselves.
    if (missing === null && waiting[0]) roomState.publishedSeq = waiting[0].fromSeq;
    for (const batch of waiting) deliver(roomState, batch);
  }

  function deliver(roomState: RoomState, batch: AddressedBatch): void {
    if (roomState.isFilling) return void roomState.waiting.push(batch);
    const publishedSeq = roomState.publishedSeq ?? batch.fromSeq;
    if (batch.toSeq <= publishedSeq) return;
    if (batch.fromSeq <= publishedSeq) return void emit(roomState, { ...batch, fromSeq: publishedSeq });
    roomState.waiting.push(batch);
    void fill(roomState, batch.roomId, publishedSeq);
  }

  function open({ id, isConversation }: Joined): RoomState {
    const publishedAt = performance.now();
    const roomState = rooms.get(id) ?? {
      isConversation,
      publishedSeq: null,
      isFilling: false,
      waiting: [],
      joiners: new Set(),
      publishedAt,
    };
    rooms.set(id, roomState);
    return roomState;
  }

  const closeIfEmpty = (roomId: string, roomState: RoomState): void => {
    if (roomState.joiners.size === 0 && !roomState.isConversation && !hasListeners(roomId)) rooms.delete(roomId);
  };

  function remember(languageRoom: string): void {
    if (languageRooms.size >= CACHED_ROOMS_MAX) languageRooms.clear();
    languageRooms.add(languageRoom);
  }

  /** Publishes to a conversation's current members. A language room that gets here has no sockets on this node. */
  async function publishToMembers(batch: Batch): Promise<void> {
    const to = await readMembers(batch.roomId);
    if (to === null) return remember(batch.roomId);
    const roomState = rooms.get(batch.roomId) ?? (to.some(isConnected) ? open({ id: batch.roomId, isConversation: true }) : undefined);
    if (roomState) deliver(roomState, { ...batch, to });
  }

  return {
    broadcast(batch) {
      const roomState = rooms.get(batch.roomId);
      if (roomState !== undefined && !roomState.isConversation) return deliver(roomState, { ...batch, to: null });
      if (roomState === undefined && languageRooms.has(batch.roomId)) return;
      publishToMembers(batch).catch((error: unknown) => onMissed(batch.roomId, error));
    },
    async join(room, read, enter) {
      const { id: roomId } = room;
      const roomState = open(room);
      const buffer: Batch[] = [];
      roomState.joiners.add(buffer);
      try {
        let state = await read();
        // Before its first socket has joined, a room's state does not include what another node committed in between.
        for (let reads = 1; hasGap(state, buffer, roomState.publishedSeq); reads += 1) {
          if (reads === JOIN_READS) throw new AppError("unavailable", { retryAfterMs: 1_000 });
          state = await read();
        }
        const { lastSeq } = state;
        const missed = buffer.filter((batch) => batch.toSeq > lastSeq);
        const complete = { ...state, messages: mergeBatches(state.messages, missed), lastSeq: missed.at(-1)?.toSeq ?? state.lastSeq };
        roomState.publishedSeq ??= state.lastSeq;
        enter(complete);
        return complete;
      } finally {
        roomState.joiners.delete(buffer);
        closeIfEmpty(roomId, roomState);
      }
    },
    release(roomId) {
      const roomState = rooms.get(roomId);
      if (roomState) closeIfEmpty(roomId, roomState);
    },
    reset: () => rooms.clear(),
    heads: () =>
      new Map([...rooms].flatMap(([roomId, { publishedSeq }]) => (publishedSeq === null ? [] : [[roomId, publishedSeq] as const]))),
    async catchUp(roomId) {
      const roomState = rooms.get(roomId);
      if (roomState && !roomState.isFilling && roomState.publishedSeq !== null) await fill(roomState, roomId, roomState.publishedSeq);
    },
    async broadcastLatest(roomId, head) {
      if (rooms.has(roomId) || head === 0) return;
      const roomState = open({ id: roomId, isConversation: true });
      roomState.publishedSeq = head - 1;
      await fill(roomState, roomId, head - 1);
    },
    evictIdle() {
      const idleSince = performance.now() - IDLE_MS;
      for (const [roomId, { isConversation, joiners, isFilling, publishedAt }] of rooms)
        if (isConversation && joiners.size === 0 && !isFilling && publishedAt < idleSince) rooms.delete(roomId);
    },
  };
}
