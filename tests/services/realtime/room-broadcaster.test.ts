import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Batch, mergeBatches, type Snapshot } from "../../../services/realtime/batch.ts";
import type { Publisher } from "../../../services/realtime/publisher.ts";
import { createRoomBroadcaster, type RoomBroadcaster } from "../../../services/realtime/room-broadcaster.ts";
import type { ServerEventPayload } from "../../../utils/contract/events.ts";
import type { MessageDto } from "../../../utils/contract/schemas/messages.ts";

const ROOM = "01900000-0000-7000-8000-000000000001";

/** The room as somebody comes into it. */
const HERE = { id: ROOM, isConversation: false };

/** The message that took a number; with `changedSeq` it was changed later. */
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

/** A reading that ends when the test says so. */
function held<Value>() {
  let answer: (value: Value) => void = () => undefined;
  const value = new Promise<Value>((resolve) => {
    answer = resolve;
  });
  return { value, answer };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let told: ServerEventPayload<"messages_changed">[];
let committed: number;
let listeners: number;
let feed: RoomBroadcaster;
let audience: () => Promise<readonly string[] | null>;
let here: ReadonlySet<string>;
let addressed: (readonly string[] | null)[];
let readChanges: (roomId: string, afterSeq: number) => Promise<Snapshot>;
let missed: [roomId: string, error: unknown][];

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

beforeEach(() => {
  [told, addressed, committed, listeners] = [[], [], 0, 0];
  [audience, here] = [async () => null, new Set()];
  missed = [];
  readChanges = async (_, afterSeq) => ({ messages: [...batch(afterSeq, committed).messages], lastSeq: committed });
  const publish: Partial<Publisher> = {
    messagesChanged(payload, to) {
      told.push(payload);
      addressed.push(to);
    },
  };
  feed = createRoomBroadcaster({
    publish: publish as Publisher,
    audience: () => audience(),
    isHere: (userId) => here.has(userId),
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

const listen = (lastSeq = 0) => feed.join(HERE, async () => snapshot(lastSeq), enter);

const spans = (): [number, number][] => told.map(({ fromSeq, toSeq }) => [fromSeq, toSeq]);

/** What a client would hold that applies every announcement to its list. */
function followed(from: number): number[] {
  const seqs: number[] = [];
  let reached = from;
  for (const { fromSeq, toSeq, messages } of told) {
    expect(fromSeq).toBe(reached);
    seqs.push(...messages.map(({ seq }) => seq));
    reached = toSeq;
  }
  return seqs;
}

describe("a feed", () => {
  it("tells a room with listeners each batch once, in order, with the epoch", async () => {
    await listen();
    for (const next of [batch(0, 2), batch(2, 3), batch(3, 9)]) feed.broadcast(next);
    expect(followed(0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(told.every(({ epoch, roomId }) => epoch === "epoch" && roomId === ROOM)).toBe(true);
  });

  it("tells nobody about a room without listeners", () => {
    feed.broadcast(batch(0, 1));
    expect(told).toEqual([]);
    expect(feed.heads().size).toBe(0);
  });

  it("drops what was told already", async () => {
    await listen();
    feed.broadcast(batch(0, 3));
    feed.broadcast(batch(1, 2));
    feed.broadcast(batch(0, 3));
    expect(spans()).toEqual([[0, 3]]);
  });

  it("fetches what another node committed before it tells what follows", async () => {
    await listen();
    committed = 5;
    feed.broadcast(batch(4, 5));
    feed.broadcast(batch(5, 6));
    expect(told).toEqual([]);
    committed = 6;
    await turn();
    expect(followed(0)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("keeps the order when two committers tell in the wrong one", async () => {
    await listen();
    committed = 2;
    feed.broadcast(batch(1, 2));
    feed.broadcast(batch(0, 1));
    await turn();
    expect(followed(0)).toEqual([1, 2]);
  });

  it("reads three times for somebody who joins while the database stays behind what was announced, then answers unavailable", async () => {
    await listen();
    feed.broadcast(batch(0, 3));
    let reads = 0;
    const behind = feed.join(
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

  it("goes on after 200 ms without the missing part, and shows the gap", async () => {
    await listen();
    readChanges = () => new Promise(() => undefined);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    feed.broadcast(batch(4, 5));
    feed.broadcast(batch(5, 6));
    await vi.advanceTimersByTimeAsync(199);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(spans()).toEqual([
      [4, 5],
      [5, 6],
    ]);
  });

  it("shows the gap when the missing part cannot be read, and fills the next one", async () => {
    await listen();
    const read = readChanges;
    readChanges = () => Promise.reject(new Error("away"));
    feed.broadcast(batch(4, 5));
    await turn();
    readChanges = read;
    committed = 8;
    feed.broadcast(batch(7, 8));
    await turn();
    expect(spans()).toEqual([
      [4, 5],
      [5, 8],
    ]);
  });

  it("catches up with what nobody told", async () => {
    await listen();
    committed = 3;
    await feed.catchUp(ROOM);
    await feed.catchUp(ROOM);
    expect(followed(0)).toEqual([1, 2, 3]);
    expect(feed.heads()).toEqual(new Map([[ROOM, 3]]));
  });
});

describe("a newcomer", () => {
  it("gets what was told while the snapshot was read, and hears what follows", async () => {
    const reading = held<Snapshot>();
    const joining = feed.join(HERE, () => reading.value, enter);
    feed.broadcast(batch(3, 4));
    feed.broadcast(batch(4, 5));
    reading.answer(snapshot(3));
    const state = await joining;
    expect(state.lastSeq).toBe(5);
    expect(state.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    feed.broadcast(batch(5, 6));
    expect(spans().at(-1)).toEqual([5, 6]);
  });

  it("gets nothing twice when the snapshot already had it", async () => {
    const reading = held<Snapshot>();
    const joining = feed.join(HERE, () => reading.value, enter);
    feed.broadcast(batch(3, 4));
    reading.answer(snapshot(4));
    expect((await joining).messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it("reads again when another node committed between the snapshot and this node's next batch", async () => {
    const readings = [snapshot(3), snapshot(6)];
    const first = held<Snapshot>();
    const joining = feed.join(
      HERE,
      async () => (readings.length === 2 ? first.value.then(() => readings.shift() as Snapshot) : (readings.shift() as Snapshot)),
      enter,
    );
    feed.broadcast(batch(5, 6));
    first.answer(snapshot(0));
    const state = await joining;
    expect(state.lastSeq).toBe(6);
    expect(state.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("is let in, in the same turn in which the answer is complete", async () => {
    const reading = held<Snapshot>();
    let isIn = false;
    const joining = feed.join(
      HERE,
      () => reading.value,
      ({ lastSeq }) => {
        isIn = true;
        expect(lastSeq).toBe(2);
      },
    );
    feed.broadcast(batch(1, 2));
    expect(isIn).toBe(false);
    reading.answer(snapshot(1));
    await joining;
    expect(isIn).toBe(true);
  });

  it("whose snapshot cannot be read leaves nothing behind", async () => {
    await expect(feed.join(HERE, () => Promise.reject(new Error("away")), enter)).rejects.toThrow("away");
    feed.broadcast(batch(0, 1));
    expect(told).toEqual([]);
    expect(listeners).toBe(0);
  });

  it("does not disturb those who are in already", async () => {
    await listen();
    feed.broadcast(batch(0, 1));
    const reading = held<Snapshot>();
    const joining = feed.join(HERE, () => reading.value, enter);
    feed.broadcast(batch(1, 2));
    reading.answer(snapshot(1));
    expect((await joining).lastSeq).toBe(2);
    expect(followed(0)).toEqual([1, 2]);
  });
});

describe("a room", () => {
  it("is forgotten when its last listener has left, and not before", async () => {
    await listen();
    await listen();
    listeners = 1;
    feed.release(ROOM);
    expect(feed.heads().size).toBe(1);
    listeners = 0;
    feed.release(ROOM);
    expect(feed.heads().size).toBe(0);
  });
});

describe("merging batches over a snapshot", () => {
  it("keeps each message once, in its newest state, oldest change first", () => {
    const changed: Batch = { roomId: ROOM, fromSeq: 3, toSeq: 5, messages: [message(4), message(1, 5)] };
    expect(mergeBatches([message(1), message(2), message(3)], [changed]).map(({ seq, changedSeq }) => [seq, changedSeq])).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
      [1, 5],
    ]);
  });

  it("never goes back to an older state", () => {
    const old: Batch = { roomId: ROOM, fromSeq: 0, toSeq: 1, messages: [message(1)] };
    expect(mergeBatches([message(1, 7)], [old])).toEqual([message(1, 7)]);
  });
});

describe("a conversation", () => {
  beforeEach(() => {
    [audience, here] = [async () => ["ann", "bob"], new Set(["bob"])];
  });

  it("is told to its members without anybody having joined, once each and in order", async () => {
    for (const next of [batch(0, 2), batch(2, 3), batch(0, 2)]) feed.broadcast(next);
    await turn();
    expect(followed(0)).toEqual([1, 2, 3]);
    expect(addressed).toEqual([
      ["ann", "bob"],
      ["ann", "bob"],
    ]);
  });

  it("is told to those who are in it after the commit, also what is filled in", async () => {
    feed.broadcast(batch(0, 1));
    await turn();
    audience = async () => ["bob"];
    committed = 3;
    feed.broadcast(batch(2, 3));
    await turn();
    expect(followed(0)).toEqual([1, 2, 3]);
    expect(addressed).toEqual([["ann", "bob"], ["bob"]]);
  });

  it("is not told while it is not known who is in it, nor kept where none of them is here", async () => {
    const away = new Error("away");
    audience = () => Promise.reject(away);
    feed.broadcast(batch(0, 1));
    await turn();
    expect(missed).toEqual([[ROOM, away]]);
    [audience, here] = [async () => ["ann"], new Set()];
    feed.broadcast(batch(1, 2));
    await turn();
    expect(told).toEqual([]);
    expect(feed.heads().size).toBe(0);
  });

  it("tells its newest change when another node made it, and is forgotten when nobody talks", async () => {
    committed = 7;
    await feed.broadcastLatest(ROOM, 7);
    await feed.broadcastLatest(ROOM, 7);
    expect(spans()).toEqual([[6, 7]]);
    feed.evictIdle();
    expect(feed.heads()).toEqual(new Map([[ROOM, 7]]));
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + 120_000);
    feed.evictIdle();
    expect(feed.heads().size).toBe(0);
  });
});
