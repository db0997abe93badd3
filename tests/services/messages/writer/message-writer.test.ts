import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPool } from "../../../../prisma/pool.ts";
import { deriveKeys } from "../../../../services/auth/tokens/keys.ts";
import { createMessageWriter, type MessageWriter } from "../../../../services/messages/writer/message-writer.ts";
import type { Batch } from "../../../../services/realtime/batch.ts";
import { systemClock } from "../../../../utils/clock.ts";
import { newId } from "../../../../utils/ids.ts";
import { createLogger } from "../../../../utils/log.ts";
import { createMetrics } from "../../../../utils/metrics.ts";
import { draftFor, lastSeqOf, makeGuest, makeRoom, type Person, storedMessages } from "../../../support/factories.ts";
import { databaseForFile } from "../../../support/for-file.ts";

const logger = createLogger({ mode: "test", logLevel: "error" });
const keys = deriveKeys({ current: "only for tests of the room log" });

let writerPool: pg.Pool;
let ann: Person;
let roomId: string;
let batches: Batch[];
let messageWriter: MessageWriter;

const open = (pool: pg.Pool = writerPool): MessageWriter =>
  createMessageWriter({
    pool,
    publish: (batch) => void batches.push(batch),
    publishNotifications: () => undefined,
    logger,
    metrics: createMetrics(),
  });

const database = await databaseForFile();

beforeAll(async () => {
  writerPool = createPool(database.url, { max: 2, onError: () => undefined });
  ann = await makeGuest({ db: database.db, keys, now: systemClock });
});

beforeEach(async () => {
  roomId = await makeRoom(database);
  batches = [];
  messageWriter = open();
});

afterAll(async () => {
  await writerPool.end();
});

/** Blocks the event loop, as a broadcast to many sockets does. */
function occupy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Expects consecutive broadcasts that contain exactly the rows of the database. */
async function expectConsecutiveBatches(): Promise<void> {
  let reached = 0;
  for (const { fromSeq, toSeq, messages } of batches) {
    expect(fromSeq).toBe(reached);
    expect(messages.map((message) => message.seq)).toEqual(Array.from({ length: toSeq - fromSeq }, (_, place) => fromSeq + place + 1));
    reached = toSeq;
  }
  const stored = await storedMessages(database.pool, roomId);
  expect(batches.flatMap(({ messages }) => messages.map((message) => message.id))).toEqual(stored.map((row) => row.id));
  expect(await lastSeqOf(database.pool, roomId)).toBe(reached);
}

describe("the message writer", () => {
  it("numbers many messages of many rooms without a gap, and broadcasts each room in order", async () => {
    const other = await makeRoom(database);
    const drafts = Array.from({ length: 1_500 }, (_, place) => draftFor(place % 3 === 0 ? other : roomId, ann));
    const messages = await Promise.all(drafts.map((draft) => messageWriter.write(draft)));
    const mine = messages.filter((message) => message.roomId === roomId);
    expect(mine.map((message) => message.seq)).toEqual(Array.from({ length: 1_000 }, (_, place) => place + 1));
    batches = batches.filter((batch) => batch.roomId === roomId);
    await expectConsecutiveBatches();
  });

  it("acknowledges after the commit and after the broadcast", async () => {
    const message = await messageWriter.write(draftFor(roomId, ann));
    expect(batches).toMatchObject([{ roomId, fromSeq: 0, toSeq: 1, messages: [message] }]);
    expect(await storedMessages(database.pool, roomId)).toMatchObject([{ id: message.id }]);
  });

  it("writes replies to a batch while the rest of that batch is still being broadcast", async () => {
    const rooms = await Promise.all(Array.from({ length: 20 }, () => makeRoom(database)));
    const events: string[] = [];
    const pool = createPool(database.url, { max: 2, onError: () => undefined });
    const query = pool.query.bind(pool);
    pool.query = ((...args: Parameters<typeof query>) => {
      events.push("write");
      return query(...args);
    }) as typeof pool.query;
    const publish = (): void => {
      events.push("announce");
      occupy(3);
    };
    const writer = createMessageWriter({ pool, publish, publishNotifications: () => undefined, logger, metrics: createMetrics() });
    const sendTwice = async (room: string): Promise<void> => {
      await writer.write(draftFor(room, ann));
      await writer.write(draftFor(room, ann));
    };
    await Promise.all(rooms.map(sendTwice));
    await writer.close();
    await pool.end();
    expect(events.filter((event) => event === "announce")).toHaveLength(40);
    const second = events.indexOf("write", events.indexOf("announce"));
    expect(events.slice(0, second).filter((event) => event === "announce").length).toBeLessThan(20);
  });

  it("rejects only the invalid rows, wherever they are in the batch", async () => {
    const nobody = { author: { ...ann.author, id: newId() } };
    const drafts = Array.from({ length: 40 }, (_, place) => draftFor(roomId, place === 17 || place === 39 ? nobody : ann));
    const outcomes = await Promise.allSettled(drafts.map((draft) => messageWriter.write(draft)));
    expect(outcomes.flatMap(({ status }, place) => (status === "rejected" ? [place] : []))).toEqual([17, 39]);
    const numbers = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value.seq] : []));
    expect(numbers).toEqual(Array.from({ length: 38 }, (_, place) => place + 1));
    await expectConsecutiveBatches();
  });

  it("rejects a text that the database cannot store, and continues", async () => {
    const outcomes = await Promise.allSettled([
      messageWriter.write(draftFor(roomId, ann, { text: "a\0b" })),
      messageWriter.write(draftFor(roomId, ann)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    await expectConsecutiveBatches();
  });

  it("rejects with not_found for a missing room, without affecting other messages", async () => {
    const outcomes = await Promise.allSettled([messageWriter.write(draftFor(newId(), ann)), messageWriter.write(draftFor(roomId, ann))]);
    expect(outcomes[0]).toMatchObject({ status: "rejected", reason: { code: "not_found" } });
    expect(outcomes[1]).toMatchObject({ status: "fulfilled", value: { seq: 1 } });
  });

  it("returns the first message for every repeat inside one batch", async () => {
    const draft = draftFor(roomId, ann);
    const messages = await Promise.all([
      messageWriter.write(draft),
      messageWriter.write({ ...draft, id: newId() }),
      messageWriter.write(draftFor(roomId, ann)),
      messageWriter.write({ ...draft, id: newId() }),
    ]);
    expect(messages[1]).toEqual(messages[0]);
    expect(messages[3]).toEqual(messages[0]);
    expect(messages[2].seq).toBe(2);
    await expectConsecutiveBatches();
  });

  it("does not broadcast a repeat", async () => {
    const draft = draftFor(roomId, ann);
    await messageWriter.write(draft);
    await messageWriter.write({ ...draft, id: newId() });
    expect(batches).toHaveLength(1);
  });

  it("on close: finishes the accepted messages and rejects new ones", async () => {
    const taken = Array.from({ length: 30 }, () => messageWriter.write(draftFor(roomId, ann)));
    await messageWriter.close();
    expect(await storedMessages(database.pool, roomId)).toHaveLength(30);
    await expect(messageWriter.write(draftFor(roomId, ann))).rejects.toMatchObject({ code: "unavailable" });
    expect((await Promise.all(taken)).at(-1)?.seq).toBe(30);
  });

  it("rejects messages beyond the queue limit at once", async () => {
    const holder = await writerPool.connect();
    await holder.query("BEGIN");
    await holder.query("SELECT 1 FROM rooms WHERE id = $1 FOR UPDATE", [roomId]);
    const first = messageWriter.write(draftFor(roomId, ann));
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    const queued = Array.from({ length: 10_000 }, () => messageWriter.write(draftFor(roomId, ann)));
    await expect(messageWriter.write(draftFor(roomId, ann))).rejects.toMatchObject({
      code: "unavailable",
      data: { retryAfterMs: expect.any(Number) as number },
    });
    await holder.query("ROLLBACK");
    holder.release();
    await first;
    await Promise.all(queued);
    expect(await lastSeqOf(database.pool, roomId)).toBe(10_001);
  });

  it("stores one message when two writers race with the same key", async () => {
    const elsewhere = createPool(database.url, { max: 2, onError: () => undefined });
    const other = createMessageWriter({
      pool: elsewhere,
      publish: () => undefined,
      publishNotifications: () => undefined,
      logger,
      metrics: createMetrics(),
    });
    const drafts = Array.from({ length: 60 }, () => draftFor(roomId, ann));
    const pairs = await Promise.all(
      drafts.map((draft) => Promise.all([messageWriter.write(draft), other.write({ ...draft, id: newId() })])),
    );
    for (const [here, there] of pairs) expect(there).toEqual(here);
    const stored = await storedMessages(database.pool, roomId);
    expect(stored.map((row) => row.seq)).toEqual(Array.from({ length: 60 }, (_, place) => place + 1));
    await elsewhere.end();
  });

  it("rejects with unavailable while the database is unavailable, and commits again afterwards", async () => {
    const away = createPool("postgresql://nobody@127.0.0.1:1/nowhere", { max: 1, onError: () => undefined });
    const draft = draftFor(roomId, ann);
    await expect(open(away).write(draft)).rejects.toMatchObject({ code: "unavailable" });
    expect(batches).toEqual([]);
    expect(await messageWriter.write(draft)).toMatchObject({ seq: 1 });
    await away.end();
  });
});
