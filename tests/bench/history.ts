import pg from "pg";
import { createPool } from "../../prisma/pool.ts";
import type { Actor, Ctx } from "../../services/context.ts";
import { listMessages } from "../../services/messages/list.ts";
import { createRooms } from "../../services/rooms/directory.ts";
import { type Latency, latencyOf, medianLatency } from "./figures.ts";
import { openRest } from "./guests.ts";
import { type Database, openRooms, type Running, tokenSource } from "./servers.ts";

export type HistoryResult = { raw: Latency; useCase: Latency; rest: Latency; messages: number; aim: number };

const ROOMS = 10;
const AIM = 2;
const PAGE = 50;

/** Sentences of the lengths people write; a row takes one by its number. */
const SENTENCES = [
  "Good morning everybody.",
  "Does anyone know a quiet café near the old harbour that opens before eight?",
  "Yes",
  "I have been learning Portuguese for two years and still mix up the past tenses, so please correct me whenever you like.",
  "¿Alguien quiere practicar esta tarde?",
  "The ferry was late again, which gave us time for one more story about the lighthouse and the keeper who painted it blue.",
  "今日はとても寒いですね。",
  "haha, exactly that",
  "You could soak the beans overnight, then cook them slowly with a bay leaf; salt only at the end, or the skins stay hard. My grandmother would not forgive anything else, and she was right about most things in that kitchen.",
  "See you tomorrow!",
];

const FILL = `
  INSERT INTO messages (id, room_id, author_id, client_message_id, text, language_code, seq, changed_seq, created_at)
  SELECT gen_random_uuid(), $1, ($2::uuid[])[1 + n % cardinality($2::uuid[])], gen_random_uuid(), ($3::text[])[1 + n % cardinality($3::text[])], 'en',
    $4::bigint + n, $4::bigint + n, now() - make_interval(secs => ($5 - n) * 7)
  FROM generate_series(1, $5::int) AS n`;

/** Brings the rooms to so many messages in all. */
async function fill({ pool }: Database, rooms: readonly string[], messages: number): Promise<void> {
  const { rows } = await pool.query<{ id: string }>("SELECT id FROM users WHERE kind = 'guest' LIMIT 50");
  const authors = rows.map((row) => row.id);
  for (const roomId of rooms) {
    const found = await pool.query<{ last_seq: string }>("SELECT last_seq FROM rooms WHERE id = $1", [roomId]);
    const amount = Math.ceil(messages / rooms.length);
    const lastSeq = Number(found.rows[0]?.last_seq ?? 0);
    await pool.query(FILL, [roomId, authors, SENTENCES, lastSeq, amount]);
    await pool.query("UPDATE rooms SET last_seq = last_seq + $2 WHERE id = $1", [roomId, amount]);
  }
  await pool.query("VACUUM ANALYZE messages");
}

const RAW = `
  SELECT m.id, m.room_id, m.seq, m.changed_seq, m.client_message_id, m.text, m.language_code, m.moderation, m.created_at, m.edited_at, m.deleted_at,
    m.author_id, u.display_name, u.avatar_url, u.kind, u.role
  FROM messages m JOIN users u ON u.id = m.author_id
  WHERE m.room_id = $1 AND m.deleted_at IS NULL AND m.moderation = 'approved' ORDER BY m.seq DESC LIMIT ${PAGE}`;

async function timed(calls: number, work: (n: number) => Promise<number>): Promise<Latency> {
  const times: number[] = [];
  for (let n = 0; n < calls; n += 1) {
    const startedAt = performance.now();
    const rows = await work(n);
    times.push(performance.now() - startedAt);
    if (rows !== PAGE) throw new Error(`a page of ${rows} messages`);
  }
  return latencyOf(times);
}

/** As much of a context as the use case reads. */
function contextOn(pool: pg.Pool): Ctx {
  const actor: Partial<Actor> = { kind: "guest", role: "guest" };
  return { actor, pool, rooms: createRooms(pool) } as unknown as Ctx;
}

type Options = { database: Database; ours: Running; messages: number; calls: number; rounds: number; say: (line: string) => void };

/** The newest 50 of a room, three ways, by turns, one call after the other from this process. */
export async function measureHistory({ database, ours, messages, calls, rounds, say }: Options): Promise<HistoryResult> {
  const [token = ""] = await tokenSource(ours.port)(50);
  const rooms = (await openRooms(database)).slice(0, ROOMS);
  await fill(database, rooms, messages);
  say(`  ${messages} messages in ${ROOMS} rooms`);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const pool = createPool(database.url, { max: 2, onError: () => undefined });
  const ctx = contextOn(pool);
  const rest = openRest(ours.port, { connections: 1 });
  const roomOf = (n: number): string => rooms[n % ROOMS] ?? "";
  const ways = {
    raw: async (n: number) => (await client.query({ name: "last-50", text: RAW, values: [roomOf(n)] })).rows.length,
    useCase: async (n: number) => (await listMessages(ctx, { roomId: roomOf(n), limit: PAGE })).items.length,
    rest: async (n: number) => {
      const { text } = await rest.call({
        method: "GET",
        path: `/api/chatroom/rooms/${roomOf(n)}/messages?limit=${PAGE}`,
        headers: { authorization: `Bearer ${token}` },
      });
      return (JSON.parse(text) as { items: unknown[] }).items.length;
    },
  };
  const runs = { raw: [] as Latency[], useCase: [] as Latency[], rest: [] as Latency[] };
  for (const work of Object.values(ways)) await timed(calls / 4, work);
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ["raw", "useCase", "rest"] as const) runs[way].push(await timed(calls, ways[way]));
  }
  rest.close();
  await Promise.all([client.end(), pool.end()]);
  return { raw: medianLatency(runs.raw), useCase: medianLatency(runs.useCase), rest: medianLatency(runs.rest), messages, aim: AIM };
}
