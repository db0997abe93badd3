import { beforeAll, beforeEach, expect, it } from "vitest";
import { createPool } from "../../../../prisma/pool.ts";
import { updateMe } from "../../../../services/account/update-me.ts";
import { deleteOwnMessage } from "../../../../services/messages/changes/delete.ts";
import { editMessage } from "../../../../services/messages/changes/edit.ts";
import { type Changes, readChanges } from "../../../../services/messages/queries.ts";
import { type CatchUps, createCatchUps } from "../../../../services/messages/sync/catch-ups.ts";
import { deferred } from "../../../../utils/client/deferred.ts";
import type { MessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { ctxOf } from "../../../support/ctx.ts";
import { type Queries, watchQueries } from "../../../support/database/queries.ts";
import { draftFor, lastSeqOf, makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { fillRoom } from "../../../support/texts/many-messages.ts";

const READ = "messages-changes";

let queries: Queries;
let ann: Person;
let roomId: string;
let epoch = "one";
let catchUps: CatchUps;

const { app, database } = await appForFile();

beforeAll(async () => {
  queries = watchQueries(database.pool);
});

beforeEach(async () => {
  ann = await makeMember(app.services, { displayName: "Ann" });
  roomId = await makeRoom(app.services);
  await fillRoom(database.pool, { roomId, authorIds: [ann.id], amount: 1_300 });
  catchUps = createCatchUps({ pool: database.pool, epoch: () => epoch });
  queries.forget();
});

const after = (afterSeq: number, limit = 1_000): Promise<Changes | null> => catchUps.toHead({ roomId, afterSeq, limit });
const append = () => app.services.messageWriter.write(draftFor(roomId, ann));
const fresh = (afterSeq: number): Promise<Changes> => readChanges(app.services.pool, { roomId, afterSeq, limit: 5_000 });
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, place) => from + place + 1);
const seqsOf = (changes: Changes | null): number[] | undefined => changes?.messages.map(({ changedSeq }) => changedSeq);

it("catching up, many clients at once: reads the changes at most twice, and returns each client exactly its range", async () => {
  queries.hold(READ);
  const asked = [400, 1_299, 700, 310, 1_100, 400, 950].map((seq) => after(seq));
  await queries.untilHeld(1);
  queries.release();
  const answers = await Promise.all(asked);
  expect(answers.map(seqsOf)).toEqual([400, 1_299, 700, 310, 1_100, 400, 950].map((seq) => numbers(seq, 1_300)));
  expect(answers.map((changes) => [changes?.lastSeq, changes?.hasMore])).toEqual(answers.map(() => [1_300, false]));
  expect(queries.of(READ).length).toBeLessThanOrEqual(2);
});

it("catching up from recently read changes: serves a smaller range without another read, and reads a wider one", async () => {
  expect(seqsOf(await after(700))).toEqual(numbers(700, 1_300));
  expect(seqsOf(await after(1_200))).toEqual(numbers(1_200, 1_300));
  expect(queries.of(READ)).toHaveLength(1);
  expect(seqsOf(await after(400))).toEqual(numbers(400, 1_300));
  expect(seqsOf(await after(600))).toEqual(numbers(600, 1_300));
  expect(queries.of(READ)).toHaveLength(2);
});

it("catching up after new messages: reads only those, and always includes the newest", async () => {
  await after(500);
  const { id } = await append();
  const changes = await after(600);
  expect(seqsOf(changes)).toEqual(numbers(600, 1_301));
  expect(changes?.messages.at(-1)).toMatchObject({ id, seq: 1_301 });
  expect(queries.of(READ).map(([, afterSeq]) => afterSeq)).toEqual([500, 1_300]);
});

it("catching up after an edit or a deletion: does not return the cached older state of the message", async () => {
  const { id: deleted } = await append();
  const { id: edited } = await append();
  expect((await after(500))?.messages.find((message) => message.id === deleted)?.deletedAt).toBeNull();
  await deleteOwnMessage(ctxOf(app.services, ann), { messageId: deleted });
  await editMessage(ctxOf(app.services, ann), { messageId: edited, text: "another text" });
  const changes = await after(500);
  expect(changes?.messages).toEqual((await fresh(500)).messages);
  expect(changes?.messages.slice(-2)).toMatchObject([{ id: deleted, deletedAt: expect.any(String) }, { text: "another text" }]);
});

it("catching up after a renaming: does not return the cached former name", async () => {
  await app.services.catchUps.toHead({ roomId, afterSeq: 1_290, limit: 1_000 });
  await updateMe(ctxOf(app.services, ann), { displayName: "Ann of the harbour" });
  const changes = await app.services.catchUps.toHead({ roomId, afterSeq: 1_295, limit: 1_000 });
  expect(changes?.messages[0]).toMatchObject({ author: { displayName: "Ann of the harbour" } });
});

it("catching up in another epoch: does not return cached messages of the former history", async () => {
  await after(1_000);
  epoch = "two";
  await after(1_000);
  expect(queries.of(READ)).toHaveLength(2);
});

it("catching up with the newest number: reads no changes", async () => {
  expect(await after(1_300)).toEqual({ messages: [], head: 1_300, lastSeq: 1_300, hasMore: false });
  expect(queries.of(READ)).toEqual([]);
});

it.each([
  ["more than the limit behind", 299, 1_000],
  ["more than a small limit behind", 1_289, 10],
  ["ahead of the room", 1_301, 1_000],
])("catching up from %s: is decided by the newest number of the room, without reading changes", async (_, afterSeq, limit) => {
  expect(await after(afterSeq, limit)).toBeNull();
  expect(queries.of(READ)).toEqual([]);
  expect(queries.of("room-heads")).toHaveLength(1);
});

it("catching up far behind: concurrent requests share a read of the same page, and each other page is read separately", async () => {
  queries.hold(READ);
  const pages = [0, 0, 100, 0, 100].map((afterSeq) => catchUps.page({ roomId, afterSeq, limit: 50 }));
  await queries.untilHeld(2);
  queries.release();
  expect((await Promise.all(pages)).map(seqsOf)).toEqual([0, 0, 100, 0, 100].map((afterSeq) => numbers(afterSeq, afterSeq + 50)));
  expect(queries.of(READ).map(([, afterSeq]) => afterSeq)).toEqual([0, 100]);
});

it("catching up after a failed read: rejects the requests that shared it, and the next one reads again", async () => {
  const broken = deferred<void>();
  const pids: number[] = [];
  const pool = createPool(database.url, { max: 1, onError: () => broken.resolve() });
  pool.on(
    "connect",
    (client) => void client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid").then(({ rows }) => pids.push(rows[0]?.pid ?? 0)),
  );
  const watched = watchQueries(pool);
  const reads = createCatchUps({ pool, epoch: () => epoch });
  const ask = (afterSeq: number) => reads.toHead({ roomId, afterSeq, limit: 1_000 });
  watched.hold(READ);
  const asked = Promise.allSettled([ask(900), ask(800)]);
  await watched.untilHeld(1);
  await database.pool.query("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid", [pids]);
  await broken.promise;
  watched.release();
  expect((await asked).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(seqsOf(await ask(900))).toEqual(numbers(900, 1_300));
  await pool.end();
});

it("catching up during writes, edits and deletions: the result plus later batches equals the current state", async () => {
  const ctx = ctxOf(app.services, ann);
  const written: string[] = [];
  let isOver = false;
  async function write(): Promise<void> {
    for (let n = 0; n < 60; n += 1) {
      written.push((await append()).id);
      const [older = ""] = written.slice(-4);
      if (n % 5 === 3) await editMessage(ctx, { messageId: older, text: `edited ${n}` });
      if (n % 7 === 6) await deleteOwnMessage(ctx, { messageId: written.splice(0, 1)[0] ?? "" });
    }
    isOver = true;
  }
  const answers: { afterSeq: number; changes: Changes; headBefore: number }[] = [];
  async function catchUp(afterSeq: number): Promise<void> {
    while (!isOver) {
      const headBefore = await lastSeqOf(app.services.pool, roomId);
      const changes = await after(afterSeq);
      if (changes !== null) answers.push({ afterSeq, changes, headBefore });
    }
  }
  await Promise.all([write(), ...[420, 800, 1_100, 1_299].map(catchUp)]);
  expect(answers.length).toBeGreaterThan(4);
  const final = await fresh(0);
  for (const { afterSeq, changes, headBefore } of answers) {
    expect(changes.lastSeq).toBeGreaterThanOrEqual(headBefore);
    const held = new Map<string, MessageDto>(changes.messages.map((message) => [message.id, message]));
    for (const message of final.messages) if (message.changedSeq > changes.lastSeq) held.set(message.id, message);
    expect([...held.values()].sort((a, b) => a.changedSeq - b.changedSeq)).toEqual(
      final.messages.filter(({ changedSeq }) => changedSeq > afterSeq),
    );
  }
});
