import type pg from "pg";
import { createPool } from "../../../prisma/pool.ts";
import type { Actor } from "../../../services/actor.ts";
import type { Ctx } from "../../../services/context.ts";
import { listMessages } from "../../../services/messages/list.ts";
import { createCatchUps } from "../../../services/messages/sync/catch-ups.ts";
import { syncRoom } from "../../../services/messages/sync/sync.ts";
import { createRoomCache } from "../../../services/rooms/room-cache.ts";
import { wholeReads } from "../../support/database/plans.ts";
import { fillRoom } from "../../support/texts/many-messages.ts";
import { growthOf, type Latency, latencyOf, medianLatency } from "../figures.ts";
import { openRest } from "../load/guests.ts";
import { type Bench, bold, ms, type Row, type Section, times, whole } from "../part.ts";
import { type Database, openRooms, type Running, settleSearch, startOurs, tokenSource } from "../servers.ts";

const ROOMS = 10;
const PAGE = 50;
const SYNC = 500;
const AIM = 1.3;
const AIM_DEEP = 2;

/** The table sizes at which the growth is measured, as shares of the largest. */
const SHARES = [0.1, 0.2, 0.5, 1];

/** The minimum that a reader needs to show a message: its text, its author, its parent and its reactions. */
const SELECT = `
  SELECT m.id, m.room_id, m.seq, m.changed_seq, m.client_message_id, m.text, m.language_code, m.mentions, m.reactions, m.pinned_at,
    m.moderation, m.created_at, m.edited_at, m.deleted_at, m.author_id, u.display_name, u.avatar_url, u.kind, u.role,
    p.id AS reply_id, p.seq AS reply_seq, left(p.text, 140) AS reply_text, pu.display_name AS reply_author
  FROM messages m JOIN users u ON u.id = m.author_id LEFT JOIN messages p ON p.id = m.reply_to_id LEFT JOIN users pu ON pu.id = p.author_id`;

export const RAW_PAGE = `${SELECT} WHERE m.room_id = $1 AND m.seq < $2 AND m.deleted_at IS NULL AND m.moderation = 'approved' ORDER BY m.seq DESC LIMIT ${PAGE}`;
const RAW_SYNC = `${SELECT} WHERE m.room_id = $1 AND m.changed_seq > $2 ORDER BY m.changed_seq LIMIT ${SYNC}`;

/** Fills the rooms up to the given total number of messages. */
async function fill({ pool }: Database, rooms: readonly string[], messages: number): Promise<void> {
  const { rows } = await pool.query<{ id: string }>("SELECT id FROM users WHERE kind = 'guest' LIMIT 50");
  const authorIds = rows.map((row) => row.id);
  for (const roomId of rooms) {
    const found = await pool.query<{ last_seq: string }>("SELECT last_seq FROM rooms WHERE id = $1", [roomId]);
    const amount = Math.ceil(messages / rooms.length) - Number(found.rows[0]?.last_seq ?? 0);
    await fillRoom(pool, { roomId, authorIds, amount });
  }
  await settleSearch(pool);
  await pool.query("VACUUM ANALYZE messages");
}

/** Returns the part of a context that the use cases read. */
function contextOn(pool: pg.Pool): Ctx {
  const actor: Partial<Actor> = { kind: "guest", role: "guest" };
  const catchUps = createCatchUps({ pool, epoch: () => "" });
  return { actor, pool, catchUps, rooms: createRoomCache({ pool, now: () => new Date() }) } as unknown as Ctx;
}

type Way = { expected: number; work: (roomId: string) => Promise<number> };

async function timed(calls: number, rooms: readonly string[], { expected, work }: Way): Promise<Latency> {
  const taken: number[] = [];
  for (let n = 0; n < calls; n += 1) {
    const startedAt = performance.now();
    const rows = await work(rooms[n % rooms.length] ?? "");
    taken.push(performance.now() - startedAt);
    if (rows !== expected) throw new Error(`${rows} messages where ${expected} belong`);
  }
  return latencyOf(taken);
}

type Ends = { control: pg.Pool; ctx: Ctx; rest: ReturnType<typeof openRest>; token: string };

/** Returns every way to read the same messages. `middle` is a number in the middle of every room. */
function waysOf({ control, ctx, rest, token }: Ends, middle: number) {
  const page = (work: Way["work"]): Way => ({ expected: PAGE, work });
  const sync = (work: Way["work"]): Way => ({ expected: SYNC, work });
  const raw = async (name: string, text: string, values: unknown[]): Promise<number> =>
    (await control.query({ name, text, values })).rows.length;
  const throughDoor = async (roomId: string): Promise<number> => {
    const path = `/api/chatroom/rooms/${roomId}/messages?limit=${PAGE}`;
    const { text } = await rest.call({ method: "GET", path, headers: { authorization: `Bearer ${token}` } });
    return (JSON.parse(text) as { items: unknown[] }).items.length;
  };
  return {
    rawNewest: page((roomId) => raw("raw-page", RAW_PAGE, [roomId, Number.MAX_SAFE_INTEGER])),
    newest: page(async (roomId) => (await listMessages(ctx, { roomId, limit: PAGE })).items.length),
    rawDeep: page((roomId) => raw("raw-page", RAW_PAGE, [roomId, middle])),
    deep: page(async (roomId) => (await listMessages(ctx, { roomId, limit: PAGE, before: middle })).items.length),
    rawSync: sync((roomId) => raw("raw-sync", RAW_SYNC, [roomId, middle])),
    sync: sync(async (roomId) => (await syncRoom(ctx, { roomId, afterSeq: middle, limit: SYNC })).messages.length),
    rest: page(throughDoor),
  };
}

type Figures = Record<keyof ReturnType<typeof waysOf>, Latency>;

type At = { ours: Running; rooms: readonly string[]; token: string; messages: number };

/** Runs all ways in alternation, one call after the other from this process, with the given number of messages in the database. */
async function measureAt({ database, isQuick, windows }: Bench, { ours, rooms, token, messages }: At): Promise<Figures> {
  await fill(database, rooms, messages);
  // The raw statements get the same planner settings as ours: a worse plan would flatter us.
  const control = createPool(database.url, { max: 1, onError: () => undefined });
  const pool = createPool(database.url, { max: 1, onError: () => undefined });
  const rest = openRest(ours.port, { connections: 1 });
  const ways = Object.entries(waysOf({ control, ctx: contextOn(pool), rest, token }, Math.floor(messages / rooms.length / 2)));
  const calls = isQuick ? 200 : 1_000;
  const runs = new Map<string, Latency[]>(ways.map(([name]) => [name, []]));
  for (const [, way] of ways) await timed(calls / 4, rooms, way);
  for (let round = 0; round < windows.rounds; round += 1)
    for (const [name, way] of ways) runs.get(name)?.push(await timed(calls, rooms, way));
  rest.close();
  await Promise.all([control.end(), pool.end()]);
  return Object.fromEntries([...runs].map(([name, latencies]) => [name, medianLatency(latencies)])) as Figures;
}

type Measured = { messages: number; figures: Figures };

function rowsOf(measured: readonly Measured[]): Row[] {
  const last = measured.at(-1);
  if (last === undefined) return [];
  const { messages, figures } = last;
  const against = (what: string, [ours, raw]: [Latency, Latency], aim: string): Row => ({
    what: `${what} at ${whole(messages)} messages`,
    ours: `${ms(ours, 2)} ms`,
    beside: `${ms(raw, 2)} ms (raw prepared select)`,
    ratio: `${bold(ours.p50 / raw.p50)} / ${times(ours.p99 / raw.p99)}`,
    aim,
  });
  const growth = (way: keyof Figures): string =>
    `n^${growthOf(measured.map((one) => ({ size: one.messages, cost: one.figures[way].p50 }))).toFixed(2)}`;
  const sizes = measured.map((one) => whole(one.messages)).join(", ");
  return [
    against("Last 50 of a room, in process,", [figures.newest, figures.rawNewest], `≤ ${AIM}`),
    against("50 in the middle of a room", [figures.deep, figures.rawDeep], `≤ ${AIM}`),
    {
      what: "The same compared with the last 50",
      ours: `${ms(figures.deep, 2)} ms`,
      beside: `${ms(figures.newest, 2)} ms (the last 50)`,
      ratio: bold(figures.deep.p50 / figures.newest.p50),
      aim: `≤ ${AIM_DEEP}`,
    },
    against("500 missed messages", [figures.sync, figures.rawSync], `≤ ${AIM}`),
    against("Last 50 over REST", [figures.rest, figures.rawNewest], "–"),
    {
      what: `Growth of last 50, middle 50, 500 missed, with ${sizes} messages`,
      ours: `${growth("newest")}, ${growth("deep")}, ${growth("sync")}`,
      beside: `${growth("rawNewest")}, ${growth("rawDeep")}, ${growth("rawSync")} (raw)`,
      ratio: "–",
      aim: "n^0",
    },
  ];
}

/**
 * Measures reading a room's history and catching up at growing sizes of the table, and checks that no statement scans a table
 * sequentially.
 */
export async function measureHistory(bench: Bench): Promise<Section> {
  const ours = await startOurs(bench.database);
  const rooms = (await openRooms(bench.database)).slice(0, ROOMS);
  const tokensOf = tokenSource(ours.port);
  const measured: Measured[] = [];
  await tokensOf(50);
  for (const share of SHARES) {
    const messages = Math.round(bench.rows * share);
    // Filling ten million rows takes longer than the lifetime of a token.
    const figures = await measureAt(bench, { ours, rooms, messages, token: (await tokensOf(50))[0] ?? "" });
    measured.push({ messages, figures });
    bench.say(
      `  ${whole(messages)}: last 50 ${ms(figures.newest, 2)} (raw ${ms(figures.rawNewest, 2)}), sync ${ms(figures.sync, 2)} (raw ${ms(figures.rawSync, 2)}) ms`,
    );
  }
  await ours.stop();
  const pool = createPool(bench.database.url, { max: 1, onError: () => undefined });
  const plans = await wholeReads(pool).finally(() => pool.end());
  const readers = [...plans].filter(([, tables]) => tables.length > 0).map(([name]) => name);
  const plansRow: Row = {
    what: `Prepared message statements with a full table scan, of ${plans.size}`,
    ours: readers.length === 0 ? "none" : readers.join(", "),
    beside: "–",
    ratio: "–",
    aim: "none",
  };
  return { rows: [...rowsOf(measured), plansRow] };
}
