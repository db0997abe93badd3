import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Batch, mergeBatches, type Snapshot } from "../../../services/realtime/batch.ts";
import type { Publisher } from "../../../services/realtime/publisher.ts";
import { createRoomBroadcaster, type RoomBroadcaster } from "../../../services/realtime/room-broadcaster.ts";
import type { ServerEventPayload } from "../../../utils/contract/events.ts";
import type { MessageDto } from "../../../utils/contract/schemas/messages.ts";

const ROOM = "01900000-0000-7000-8000-000000000001";

/** The room of a `join` call. */
const HERE = { id: ROOM, isConversation: false };

/** Returns the message with a sequence number; with `changedSeq` it was changed later. */
const message = (seq: number, changedSeq = seq): MessageDto => ({
  id: `message ${seq}`,
  roomId: ROOM,
  seq,
  changedSeq,
  deletedAt: "2026-01-01T00:00:00.000Z",
});

const batch = (fromSeq: number, toSeq: number): Batch => ({
  roomId: ROOM,
  fromSeq,
  toSeq,
  messages: Array.from({ length: toSeq - fromSeq }, (_, place) => message(fromSeq + place + 1)),
});

const snapshot = (lastSeq: number): Snapshot => ({ messages: batch(0, lastSeq).messages.slice(), lastSeq });

/** Creates a read that ends when the test calls `answer`. */
function pendingRead<Value>() {
  let answer: (value: Value) => void = () => undefined;
  const value = new Promise<Value>((resolve) => {
    answer = resolve;
  });
  return { value, answer };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let published: ServerEventPayload<"messages_changed">[];
let committed: number;
let listeners: number;
let broadcaster: RoomBroadcaster;
let readMembers: () => Promise<readonly string[] | null>;
let connectedIds: ReadonlySet<string>;
let recipients: (readonly string[] | null)[];
let readChanges: (roomId: string, afterSeq: number) => Promise<Snapshot>;
let missed: [roomId: string, error: unknown][];

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

beforeEach(() => {
  published = [];
  recipients = [];
  committed = 0;
  listeners = 0;
  readMembers = async () => null;
  connectedIds = new Set();
  missed = [];
  readChanges = async (_, afterSeq) => ({ messages: [...batch(afterSeq, committed).messages], lastSeq: committed });
  const publish: Partial<Publisher> = {
    messagesChanged(payload, to) {
      published.push(payload);
      recipients.push(to);
    },
  };
  broadcaster = createRoomBroadcaster({
    publish: publish as Publisher,
    readMembers: () => readMembers(),
    isConnected: (userId) => connectedIds.has(userId),
    onConversation: () => undefined,
    onMissed: (roomId, error) => void missed.push([roomId, error]),
    epoch: () => "epoch",
    readChanges: (roomId, afterSeq) => readChanges(roomId, afterSeq),
    hasListeners: () => listeners > 0,
  });
});

const enter = (): void => {
  listeners += 1;
};

const listen = (lastSeq = 0) => broadcaster.join(HERE, async () => snapshot(lastSeq), enter);

const spans = (): [number, number][] => published.map(({ fromSeq, toSeq }) => [fromSeq, toSeq]);

/** Returns the sequence numbers a client holds that applies every broadcast; expects no gap. */
function followed(from: number): number[] {
  const seqs: number[] = [];
  let reached = from;
  for (const { fromSeq, toSeq, messages } of published) {
    expect(fromSeq).toBe(reached);
    seqs.push(...messages.map(({ seq }) => seq));
    reached = toSeq;
  }
  return seqs;
}

describe("the room broadcaster", () => {
  it("broadcasts each batch once, in order, with the epoch, to a room with subscribers", async () => {
    await listen();
    for (const next of [batch(0, 2), batch(2, 3), batch(3, 9)]) broadcaster.broadcast(next);
    expect(followed(0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(published.every(({ epoch, roomId }) => epoch === "epoch" && roomId === ROOM)).toBe(true);
  });

  it("broadcasts nothing to a room without subscribers", () => {
    broadcaster.broadcast(batch(0, 1));
    expect(published).toEqual([]);
    expect(broadcaster.heads().size).toBe(0);
  });

  it("drops batches that were already broadcast", async () => {
    await listen();
    broadcaster.broadcast(batch(0, 3));
    broadcaster.broadcast(batch(1, 2));
    broadcaster.broadcast(batch(0, 3));
    expect(spans()).toEqual([[0, 3]]);
  });

  it("fetches the commits of another node before it broadcasts what follows them", async () => {
    await listen();
    committed = 5;
    broadcaster.broadcast(batch(4, 5));
    broadcaster.broadcast(batch(5, 6));
    expect(published).toEqual([]);
    committed = 6;
    await turn();
    expect(followed(0)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("keeps the order when two committers announce in the wrong one", async () => {
    await listen();
    committed = 2;
    broadcaster.broadcast(batch(1, 2));
    broadcaster.broadcast(batch(0, 1));
    await turn();
    expect(followed(0)).toEqual([1, 2]);
  });

  it("joining while the database is behind the broadcasts: reads three times, then rejects with unavailable", async () => {
    await listen();
    broadcaster.broadcast(batch(0, 3));
    let reads = 0;
    const behind = broadcaster.join(
      HERE,
      async () => {
        reads += 1;
        return snapshot(1);
      },
      enter,
    );
    await expect(behind).rejects.toMatchObject({ code: "unavailable" });
    expect(reads).toBe(3);
    expect(listeners).toBe(1);
    expect(await listen(3)).toMatchObject({ lastSeq: 3 });
  });

  it("continues without the missing part after 200 ms, and leaves a visible gap", async () => {
    await listen();
    readChanges = () => new Promise(() => undefined);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    broadcaster.broadcast(batch(4, 5));
    broadcaster.broadcast(batch(5, 6));
    await vi.advanceTimersByTimeAsync(199);
    expect(published).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(spans()).toEqual([
      [4, 5],
      [5, 6],
    ]);
  });

  it("leaves a visible gap when the missing part cannot be read, and fills the next one", async () => {
    await listen();
    const read = readChanges;
    readChanges = () => Promise.reject(new Error("away"));
    broadcaster.broadcast(batch(4, 5));
    await turn();
    readChanges = read;
    committed = 8;
    broadcaster.broadcast(batch(7, 8));
    await turn();
    expect(spans()).toEqual([
      [4, 5],
      [5, 8],
    ]);
  });

  it("catches up with commits that were not announced", async () => {
    await listen();
    committed = 3;
    await broadcaster.catchUp(ROOM);
    await broadcaster.catchUp(ROOM);
    expect(followed(0)).toEqual([1, 2, 3]);
    expect(broadcaster.heads()).toEqual(new Map([[ROOM, 3]]));
  });
});

describe("joining a room", () => {
  it("returns batches that were broadcast during the snapshot read, and subscribes to the following ones", async () => {
    const pending = pendingRead<Snapshot>();
    const joining = broadcaster.join(HERE, () => pending.value, enter);
    broadcaster.broadcast(batch(3, 4));
    broadcaster.broadcast(batch(4, 5));
    pending.answer(snapshot(3));
    const state = await joining;
    expect(state.lastSeq).toBe(5);
    expect(state.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    broadcaster.broadcast(batch(5, 6));
    expect(spans().at(-1)).toEqual([5, 6]);
  });

  it("returns no message twice when the snapshot already contains a batch", async () => {
    const pending = pendingRead<Snapshot>();
    const joining = broadcaster.join(HERE, () => pending.value, enter);
    broadcaster.broadcast(batch(3, 4));
    pending.answer(snapshot(4));
    expect((await joining).messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it("reads again when another node committed between the snapshot and the next batch of this node", async () => {
    const readings = [snapshot(3), snapshot(6)];
    const first = pendingRead<Snapshot>();
    const joining = broadcaster.join(
      HERE,
      async () => (readings.length === 2 ? first.value.then(() => readings.shift() as Snapshot) : (readings.shift() as Snapshot)),
      enter,
    );
    broadcaster.broadcast(batch(5, 6));
    first.answer(snapshot(0));
    const state = await joining;
    expect(state.lastSeq).toBe(6);
    expect(state.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("subscribes in the same turn of the event loop in which the state is complete", async () => {
    const pending = pendingRead<Snapshot>();
    let isIn = false;
    const joining = broadcaster.join(
      HERE,
      () => pending.value,
      ({ lastSeq }) => {
        isIn = true;
        expect(lastSeq).toBe(2);
      },
    );
    broadcaster.broadcast(batch(1, 2));
    expect(isIn).toBe(false);
    pending.answer(snapshot(1));
    await joining;
    expect(isIn).toBe(true);
  });

  it("leaves no state behind when the snapshot cannot be read", async () => {
    await expect(broadcaster.join(HERE, () => Promise.reject(new Error("away")), enter)).rejects.toThrow("away");
    broadcaster.broadcast(batch(0, 1));
    expect(published).toEqual([]);
    expect(listeners).toBe(0);
  });

  it("does not affect current subscribers", async () => {
    await listen();
    broadcaster.broadcast(batch(0, 1));
    const pending = pendingRead<Snapshot>();
    const joining = broadcaster.join(HERE, () => pending.value, enter);
    broadcaster.broadcast(batch(1, 2));
    pending.answer(snapshot(1));
    expect((await joining).lastSeq).toBe(2);
    expect(followed(0)).toEqual([1, 2]);
  });
});

describe("the state of a room", () => {
  it("is removed when its last subscriber leaves, and not earlier", async () => {
    await listen();
    await listen();
    listeners = 1;
    broadcaster.release(ROOM);
    expect(broadcaster.heads().size).toBe(1);
    listeners = 0;
    broadcaster.release(ROOM);
    expect(broadcaster.heads().size).toBe(0);
  });
});

describe("merging batches into a snapshot", () => {
  it("keeps each message once, in its newest state, oldest change first", () => {
    const changed: Batch = { roomId: ROOM, fromSeq: 3, toSeq: 5, messages: [message(4), message(1, 5)] };
    expect(mergeBatches([message(1), message(2), message(3)], [changed]).map(({ seq, changedSeq }) => [seq, changedSeq])).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
      [1, 5],
    ]);
  });

  it("never returns to an older state", () => {
    const old: Batch = { roomId: ROOM, fromSeq: 0, toSeq: 1, messages: [message(1)] };
    expect(mergeBatches([message(1, 7)], [old])).toEqual([message(1, 7)]);
  });
});

describe("broadcasting a conversation", () => {
  beforeEach(() => {
    readMembers = async () => ["ann", "bob"];
    connectedIds = new Set(["bob"]);
  });

  it("sends each batch to its members once and in order, without a join", async () => {
    for (const next of [batch(0, 2), batch(2, 3), batch(0, 2)]) broadcaster.broadcast(next);
    await turn();
    expect(followed(0)).toEqual([1, 2, 3]);
    expect(recipients).toEqual([
      ["ann", "bob"],
      ["ann", "bob"],
    ]);
  });

  it("sends to the members after the commit, including batches that fill a gap", async () => {
    broadcaster.broadcast(batch(0, 1));
    await turn();
    readMembers = async () => ["bob"];
    committed = 3;
    broadcaster.broadcast(batch(2, 3));
    await turn();
    expect(followed(0)).toEqual([1, 2, 3]);
    expect(recipients).toEqual([["ann", "bob"], ["bob"]]);
  });

  it("sends nothing while the members cannot be read, and keeps no state if no member is connected", async () => {
    const away = new Error("away");
    readMembers = () => Promise.reject(away);
    broadcaster.broadcast(batch(0, 1));
    await turn();
    expect(missed).toEqual([[ROOM, away]]);
    readMembers = async () => ["ann"];
    connectedIds = new Set();
    broadcaster.broadcast(batch(1, 2));
    await turn();
    expect(published).toEqual([]);
    expect(broadcaster.heads().size).toBe(0);
  });

  it("broadcasts the newest change of another node, and evicts an idle conversation", async () => {
    committed = 7;
    await broadcaster.broadcastLatest(ROOM, 7);
    await broadcaster.broadcastLatest(ROOM, 7);
    expect(spans()).toEqual([[6, 7]]);
    broadcaster.evictIdle();
    expect(broadcaster.heads()).toEqual(new Map([[ROOM, 7]]));
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + 120_000);
    broadcaster.evictIdle();
    expect(broadcaster.heads().size).toBe(0);
  });
});
