import pg from "pg";
import { migrate } from "../../../prisma/migrate.ts";
import { createPool } from "../../../prisma/pool.ts";
import { seed } from "../../../prisma/seed.ts";
import type { Actor } from "../../../services/actor.ts";
import type { Ctx } from "../../../services/context.ts";
import { createRoomCache } from "../../../services/rooms/room-cache.ts";
import { search } from "../../../services/search/search.ts";
import { percentile } from "../figures.ts";
import { type Bench, type Section, table, whole } from "../part.ts";
import { type Database, openRooms } from "../servers.ts";
import { RAW_PAGE } from "./history.ts";
import { fillSearch, type Words } from "./search-rows.ts";

type SearchLatency = { p50: number; p95: number };

/** The target at ten million messages; it is easier to reach with fewer. */
const AIM_MS = 100;

const latencyOf = (times: readonly number[]): SearchLatency => ({ p50: percentile(times, 0.5), p95: percentile(times, 0.95) });

/** Returns the part of a context that the use case reads: a member in no conversation. */
function contextOn(pool: pg.Pool, actor: Partial<Actor>): Ctx {
  return { actor, pool, rooms: createRoomCache({ pool, now: () => new Date() }), now: () => new Date() } as unknown as Ctx;
}

async function timed(calls: number, work: (n: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < calls; n += 1) {
    const startedAt = performance.now();
    await work(n);
    times.push(performance.now() - startedAt);
  }
  return times;
}

type Kind = { name: string; questions: readonly string[]; isFound: boolean };

const kindsOf = (words: Words): Kind[] => [
  { name: "the rarest words", questions: words.rarest, isFound: true },
  { name: "words of medium frequency", questions: words.middle, isFound: true },
  { name: "the most frequent words", questions: words.hottest, isFound: true },
  { name: "two common words", questions: words.pairs, isFound: false },
  { name: "two frequent words that never occur together", questions: words.strangers, isFound: false },
  { name: "a word that does not occur", questions: words.none, isFound: false },
  { name: "two CJK characters", questions: words.cjkPairs, isFound: false },
  { name: "one CJK character", questions: words.cjkSingles, isFound: true },
];

/** Runs each query in sequence. A query that finds nothing although it must discards the whole run. */
async function measureKind(
  ctx: Ctx,
  { name, questions, isFound }: Kind,
  calls: number,
): Promise<{ latency: SearchLatency; found: string }> {
  const counts: number[] = [];
  const ask = async (n: number): Promise<void> => {
    const { items, nextCursor } = await search(ctx, { q: questions[n % questions.length] ?? "", limit: 20 });
    counts.push(items.length);
    if (isFound && items.length === 0 && nextCursor === null) throw new Error(`nothing found of ${name}`);
  };
  await timed(questions.length, ask);
  const latency = latencyOf(await timed(calls, ask));
  return { latency, found: `${Math.min(...counts)} to ${Math.max(...counts)}` };
}

const GUESTS = `
  INSERT INTO users (id, kind, role, display_name, name_skeleton, languages)
  SELECT gen_random_uuid(), 'guest', 'guest', 'Author ' || n, 'author ' || n, '{}' FROM generate_series(1, 50) AS n`;

/** Prepares tables, rooms and authors; no server runs during these searches. */
async function prepare({ pool }: Database): Promise<void> {
  await migrate(pool);
  await seed(pool, { seedRooms: 600 });
  await pool.query(GUESTS);
}

/** Measures the first page of results, one search after the other from this process, in comparison with the newest 50 of a room. */
export async function measureSearch({ database, rows: messages, isQuick, say }: Bench): Promise<Section> {
  await prepare(database);
  const calls = isQuick ? 60 : 200;
  const rooms = (await openRooms(database)).slice(-10);
  const words = await fillSearch(database, { rooms, messages, say });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const pool = createPool(database.url, { max: 4, onError: () => undefined });
  const { rows } = await database.pool.query<{ id: string }>("SELECT id FROM users LIMIT 1");
  const ctx = contextOn(pool, { id: rows[0]?.id ?? "", kind: "guest", role: "guest" });
  const last50 = (n: number) =>
    client.query({ name: "raw-page", text: RAW_PAGE, values: [rooms[n % rooms.length], Number.MAX_SAFE_INTEGER] });
  await timed(calls / 4, last50);
  const control = latencyOf(await timed(calls, last50));
  const lines: string[][] = [];
  for (const kind of kindsOf(words)) {
    const { latency, found } = await measureKind(ctx, kind, calls);
    lines.push([kind.name, found, latency.p50.toFixed(1), latency.p95.toFixed(1), `≤ ${AIM_MS}`]);
    say(`  ${kind.name}: p50 ${latency.p50.toFixed(1)} ms, p95 ${latency.p95.toFixed(1)} ms (${found} found)`);
  }
  lines.push(["control: the newest 50 of a room, raw prepared select", "50", control.p50.toFixed(2), control.p95.toFixed(2), "–"]);
  say(`  control: p50 ${control.p50.toFixed(2)} ms, p95 ${control.p95.toFixed(2)} ms`);
  await Promise.all([client.end(), pool.end()]);
  const head = [`Search over ${whole(messages)} messages`, "Found on the first page of 20", "p50, ms", "p95, ms", "Goal for p95"];
  return { table: table(head, lines) };
}
