import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeAll, expect, it } from "vitest";
import { linkTo } from "../../../../services/privacy/export/link.ts";
import { runNextExport } from "../../../../services/privacy/export/run.ts";
import { runPendingExports } from "../../../../services/privacy/export/run-pending.ts";
import { newId } from "../../../../utils/ids.ts";
import { bootApp } from "../../../support/app.ts";
import { movableClock } from "../../../support/clock.ts";
import { fetchLink, jsonIn, unzip } from "../../../support/export.ts";
import { makeMember, makeRoom } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

const clock = movableClock();
let roomId: string;

const { app, database } = await appForFile({ now: clock.now });

beforeAll(async () => {
  roomId = await makeRoom(app.services);
});

/** Creates a user with the given number of messages: texts of 1 kB that do not compress well. */
async function writer(messages: number): Promise<string> {
  const { id } = await makeMember(app.services);
  const { rows } = await database.pool.query<{ last: number }>("SELECT last_seq AS last FROM rooms WHERE id = $1", [roomId]);
  const base = rows[0]?.last ?? 0;
  await database.pool.query(
    `INSERT INTO messages (id, room_id, author_id, client_message_id, seq, changed_seq, text)
     SELECT gen_random_uuid(), $1, $2, gen_random_uuid(), $3 + n, $3 + n,
       n || ' ' || (SELECT string_agg(md5(n::text || k::text), '') FROM generate_series(1, 32) k) FROM generate_series(1, $4::int) n`,
    [roomId, id, base, messages],
  );
  await database.pool.query("UPDATE rooms SET last_seq = $2 WHERE id = $1", [roomId, base + messages]);
  return id;
}

async function ask(userId: string): Promise<string> {
  const id = newId();
  await database.db.dataExport.create({ data: { id, userId, createdAt: clock.now() } });
  return id;
}

const stateOf = (id: string) => database.db.dataExport.findUniqueOrThrow({ where: { id } });

async function archive(id: string): Promise<Map<string, string>> {
  const { expiresAt } = await stateOf(id);
  return unzip(await fetchLink(app, linkTo(app.services, id, expiresAt ?? new Date(0))));
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const inUse = (): number => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** Returns how much the memory in use grows during an export, sampled after every few chunks. */
async function peakOfExport(): Promise<number> {
  const before = inUse();
  let peak = 0;
  let stored = 0;
  const query = (...args: unknown[]): unknown => {
    if (String(args[0]).includes("INSERT INTO export_pieces") && stored++ % 5 === 0) peak = Math.max(peak, inUse() - before);
    return Reflect.apply(app.services.pool.query, app.services.pool, args);
  };
  const pool = new Proxy(app.services.pool, {
    get(target, name) {
      if (name === "query") return query;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  await runNextExport({ ...app.services, pool });
  expect(stored).toBeGreaterThan(4);
  return peak;
}

it("an export of 20,000 messages: contains every message, in memory that does not grow with their number", async () => {
  await ask(await writer(100));
  await runNextExport(app.services);
  await ask(await writer(2_000));
  const small = await peakOfExport();
  const id = await ask(await writer(20_000));
  const large = await peakOfExport();
  const { sizeBytes } = await stateOf(id);
  expect(Number(sizeBytes)).toBeGreaterThan(15_000_000);
  // Ten times the data: a little more because of garbage collection, but far from ten times.
  expect(large / Math.max(small, 2_000_000)).toBeLessThan(3);
  expect(large).toBeLessThan(Number(sizeBytes) / 2);
  const messages = jsonIn(await archive(id), "messages");
  expect(messages).toHaveLength(20_000);
  expect(new Set(messages.map(({ text }) => String(text).split(" ")[0])).size).toBe(20_000);
}, 120_000);

it("an export: is restarted by another node when its node dies in the middle", async () => {
  const id = await ask(await writer(10));
  await database.db.dataExport.update({ where: { id }, data: { claimedAt: clock.now() } });
  await database.db.exportChunk.create({ data: { exportId: id, position: 0, bytes: new Uint8Array([1, 2, 3]) } });
  await database.db.exportChunk.create({ data: { exportId: id, position: 7, bytes: new Uint8Array([1, 2, 3]) } });
  expect(await runNextExport(app.services)).toEqual({ kind: "none" });
  clock.advance(3 * 60_000);
  expect(await runNextExport(app.services)).toEqual({ kind: "made" });
  expect((await stateOf(id)).state).toBe("ready");
  expect(jsonIn(await archive(id), "messages")).toHaveLength(10);
});

it("an export: stops when another node has taken it over, and does not touch that node's work", async () => {
  const id = await ask(await writer(2_000));
  const working = runNextExport(app.services);
  const chunks = () => database.db.exportChunk.count({ where: { exportId: id } });
  await expect.poll(chunks, { interval: 5 }).toBeGreaterThan(0);
  const taken = new Date(clock.now().getTime() + 1_000);
  await database.db.dataExport.update({ where: { id }, data: { claimedAt: taken } });
  await working;
  expect(await stateOf(id)).toMatchObject({ state: "waiting", claimedAt: taken });
  await database.db.dataExport.delete({ where: { id } });
});

it("an export: is created once when two nodes look for work at once", async () => {
  const other = await bootApp({ database: database.url, now: clock.now });
  const ids = [await ask(await writer(5)), await ask(await writer(5)), await ask(await writer(5))];
  const made = await Promise.all([runPendingExports(app.services), runPendingExports(other.services), runPendingExports(app.services)]);
  expect(made.reduce((sum, count) => sum + count, 0)).toBe(3);
  for (const id of ids) expect((await stateOf(id)).state).toBe("ready");
  await other.close();
});

it("an export: returns to the queue after an error, and fails after an hour", async () => {
  const id = await ask(await writer(5));
  // A contact that no key opens, as after a lost data key.
  const { userId } = await stateOf(id);
  await database.db.contact.create({ data: { userId, kind: "email", sealed: new Uint8Array(40), blindIndex: new Uint8Array(32) } });
  expect(await runNextExport(app.services)).toMatchObject({ kind: "failed" });
  expect(await stateOf(id)).toMatchObject({ state: "waiting", claimedAt: null });
  clock.advance(61 * 60_000);
  await runNextExport(app.services);
  expect((await stateOf(id)).state).toBe("failed");
  expect(await database.db.exportChunk.count({ where: { exportId: id } })).toBe(0);
  await database.db.contact.deleteMany({ where: { userId } });
});
