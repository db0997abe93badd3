import { request } from "node:http";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { rebuildSearch } from "../../../services/search/index/rebuild.ts";
import { search } from "../../../services/search/search.ts";
import { limits } from "../../../utils/contract/limits.ts";
import type { Page } from "../../../utils/contract/schemas/primitives.ts";
import type { FoundMessageDto } from "../../../utils/contract/schemas/search.ts";
import { newId } from "../../../utils/ids.ts";
import { type Answer, createRest, type Rest } from "../../support/client.ts";
import { ctxOf } from "../../support/ctx.ts";
import { expectError } from "../../support/expect.ts";
import { draftFor, makeMember, makeRoom, type Person } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { costlyTexts, ordinaryText } from "../../support/texts/costly-texts.ts";
import { fillRoom } from "../../support/texts/many-messages.ts";

type Found = Page<FoundMessageDto>;

const soon = { timeout: 30_000, interval: 50 };

let ann: Person;
let rest: Rest;
let roomId: string;
let stored: string[];

/** Messages from before texts were limited on entry: the most a row can store. */
const STORED = `
  INSERT INTO messages (id, room_id, author_id, client_message_id, text, language_code, seq, changed_seq)
  SELECT id, $1, $2, id, text, 'en', seq, seq FROM unnest($3::uuid[], $4::text[]) WITH ORDINALITY AS m(id, text, seq)`;

const { app, database } = await appForFile();

beforeAll(async () => {
  ann = await makeMember(app.services);
  rest = createRest(app.url);
  rest.token = ann.token;
  roomId = await makeRoom(app.services);
  // Makes a scan of the newest entries take longer than a millisecond.
  const crowded = await makeRoom(app.services);
  await fillRoom(database.pool, { roomId: crowded, authorIds: [ann.id], amount: 3_000 });
  await rebuildSearch(database.pool);
  const texts = [...Object.values(costlyTexts), ...Object.values(costlyTexts)].filter((text) => text.startsWith("w a"));
  // Of messages with the same time, the one with the highest id is the newest.
  stored = texts.map(() => newId()).sort();
  await database.pool.query(STORED, [roomId, ann.id, stored, texts]);
  await database.pool.query("UPDATE rooms SET last_seq = $2 WHERE id = $1", [roomId, texts.length]);
  app.services.searchIndex.enqueue(roomId);
  await app.services.messageWriter.write(draftFor(roomId, ann, { text: "the only heron" }));
  await vi.waitFor(async () => expect((await ask("heron")).body.items).toHaveLength(1), soon);
});

const ask = (q: string): Promise<Answer<Found>> => rest.get<Found>(`/api/chatroom/search?q=${encodeURIComponent(q)}`);

/** Blocks every search from reading the index until the returned function is called. */
async function lockIndex(): Promise<() => Promise<void>> {
  const holder = await database.pool.connect();
  await holder.query("BEGIN");
  await holder.query("LOCK TABLE message_search IN ACCESS EXCLUSIVE MODE");
  return async () => {
    await holder.query("ROLLBACK");
    holder.release();
  };
}

/** Returns the context of a search that calls `onRead` before each message is read. */
function recordingCtx(onRead: (read: number) => void) {
  const ctx = ctxOf(app.services, ann);
  let read = 0;
  const find: typeof ctx.rooms.find = (id) => {
    read += 1;
    onRead(read);
    return ctx.rooms.find(id);
  };
  return { ...ctx, rooms: { ...ctx.rooms, find } };
}

describe("searching under load", () => {
  it("returns the results or unavailable, and never an empty page", async () => {
    let foundCount = 0;
    let unavailableCount = 0;
    // On a busy machine one burst may be rejected completely: send bursts until both outcomes were seen.
    for (let burst = 0; burst < 5 && Math.min(foundCount, unavailableCount) === 0; burst += 1) {
      const unlock = await lockIndex();
      const calls = Array.from({ length: 200 }, () => ask("heron"));
      // The first calls use up their time before they can read anything; the others wait meanwhile.
      await Promise.race(calls).finally(unlock);
      const answers = await Promise.all(calls);
      const found = answers.filter(({ status }) => status === 200);
      const others = answers.filter(({ status }) => status !== 200);
      expect(found.filter(({ body }) => body.items.length !== 1)).toEqual([]);
      for (const answer of others) expect(expectError(answer, 503, "unavailable").retryAfterMs).toBeGreaterThan(0);
      foundCount += found.length;
      unavailableCount += others.length;
    }
    expect(foundCount).toBeGreaterThan(0);
    expect(unavailableCount).toBeGreaterThan(0);
    await expect.poll(async () => (await ask("heron")).body.items?.length).toBe(1);
  });
});

describe("searching messages that are costly to read", () => {
  it("finds all matches and yields to the event loop in between", async () => {
    let turns = 0;
    let isCounting = true;
    const count = (): void => {
      turns += 1;
      if (isCounting) setImmediate(count);
    };
    setImmediate(count);
    const turnsAt: number[] = [];
    const found = new Set<string>();
    try {
      for (let cursor: string | undefined; ; ) {
        const ctx = recordingCtx(() => turnsAt.push(turns));
        const { items, nextCursor }: Found = await search(ctx, { q: "w", roomId, limit: 25, ...(cursor !== undefined && { cursor }) });
        for (const { id } of items) found.add(id);
        if (nextCursor === null) break;
        cursor = nextCursor;
      }
    } finally {
      isCounting = false;
    }
    expect([...found]).toEqual([...stored].reverse());
    // Each of these texts is long enough for a turn of its own.
    const withoutTurn = turnsAt.slice(1).filter((turn, at) => turn === turnsAt[at]);
    expect(turnsAt.length).toBeGreaterThanOrEqual(stored.length);
    expect(withoutTurn).toEqual([]);
  });

  it("at the deadline: returns the messages read so far and a cursor that continues after them", async () => {
    const first = await search(
      recordingCtx((read) => {
        const startedAt = performance.now();
        // The first read is the room of the query.
        if (read === 4) while (performance.now() - startedAt <= limits.searchMs);
      }),
      { q: "w", roomId, limit: 25 },
    );
    const read = first.items.length;
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThanOrEqual(3);
    expect(first.items.map(({ id }) => id)).toEqual([...stored].reverse().slice(0, read));
    const next = await search(ctxOf(app.services, ann), { q: "w", roomId, limit: 1, cursor: first.nextCursor ?? "" });
    expect(next.items.map(({ id }) => id)).toEqual([...stored].reverse().slice(read, read + 1));
  });

  it("stops at the message being read when the caller disconnects", async () => {
    const gone = new AbortController();
    let reads = 0;
    const ctx = recordingCtx((read) => {
      reads = read;
      if (read === 2) gone.abort();
    });
    await search(ctx, { q: "w", roomId, limit: 25 }, { signal: gone.signal }).catch(() => undefined);
    expect(reads).toBe(2);
  });
});

it("stops a REST search when the client closes the connection", async () => {
  const other = await makeRoom(app.services);
  const said = await Promise.all(
    Array.from({ length: 20 }, () => app.services.messageWriter.write(draftFor(other, ann, { text: ordinaryText(limits.textGraphemes) }))),
  );
  const url = `${app.url}/api/chatroom/search?q=w&roomId=${other}`;
  await vi.waitFor(async () => expect((await rest.get<Found>(url.slice(app.url.length))).body.items).toHaveLength(said.length), soon);
  const { find } = app.services.rooms;
  let reads = 0;
  const call = request(url, { headers: { authorization: `Bearer ${ann.token}` }, agent: false });
  call.on("error", () => undefined);
  let closed = (): void => undefined;
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  app.http.once("connection", (socket) => socket.once("close", closed));
  Object.assign(app.services.rooms, {
    find: async (id: string) => {
      reads += 1;
      // The first read is the room of the query.
      if (reads === 3) {
        call.destroy();
        await isClosed;
      }
      return find(id);
    },
  });
  try {
    call.end();
    await isClosed;
    // The search has ended when the queue completes the next one.
    await Promise.all(Array.from({ length: 4 }, () => search(ctxOf(app.services, ann), { q: "heron" })));
    expect(reads).toBeGreaterThanOrEqual(3);
    expect(reads).toBeLessThan(said.length);
  } finally {
    Object.assign(app.services.rooms, { find });
  }
});
