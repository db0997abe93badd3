import { randomUUID } from "node:crypto";
import pg from "pg";
import { median } from "./figures.ts";
import { type Database, openRooms, type Running, tokenSource } from "./servers.ts";
import { runSwarm, type Windows } from "./shapes.ts";

export type InsertsResult = { rawRate: number; oursRate: number; discarded: string[]; aim: number };

const CONNECTIONS = 32;
const AIM = 0.5;
const TEXT = "Good evening from the harbour. The ferry is late again, so there is time for one more story about the lighthouse.";

const INSERT = `INSERT INTO messages (id, room_id, author_id, client_message_id, text, language_code, seq, changed_seq)
  VALUES ($1, $2, $3, $4, $5, 'en', $6, $6)`;

/** One connection inserts the row of a message again and again, each in a commit of its own; answers how many fell into the window. */
async function insertLoop(client: pg.Client, at: { roomId: string; authorId: string; from: number; to: number }): Promise<number> {
  let inWindow = 0;
  for (let seq = 1; performance.now() < at.to; seq += 1) {
    await client.query({ name: "insert", text: INSERT, values: [randomUUID(), at.roomId, at.authorId, randomUUID(), TEXT, seq] });
    const now = performance.now();
    if (now >= at.from && now <= at.to) inWindow += 1;
  }
  return inWindow;
}

/** Raw autocommit inserts a second. The rows lie in rooms of their own and are removed afterwards. */
async function rawRate({ url, pool }: Database, rooms: readonly string[], { warmUpMs, measureMs }: Windows): Promise<number> {
  const clients = rooms.map(() => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  const { rows } = await pool.query<{ id: string }>("SELECT id FROM users WHERE kind = 'guest' LIMIT 1");
  const authorId = rows[0]?.id ?? "";
  const from = performance.now() + warmUpMs;
  const counts = await Promise.all(
    clients.map((client, place) => insertLoop(client, { roomId: rooms[place] ?? "", authorId, from, to: from + measureMs })),
  );
  await Promise.all(clients.map((client) => client.end()));
  await pool.query("DELETE FROM messages WHERE room_id = ANY($1::uuid[])", [rooms]);
  await pool.query("VACUUM messages");
  return counts.reduce((sum, count) => sum + count, 0) / (measureMs / 1_000);
}

type Options = { database: Database; ours: Running; windows: Windows; say: (line: string) => void };

/** Sends that nobody hears, one under way for each of 32 authors in 32 rooms, beside 32 connections that insert the same row. */
export async function measureInserts({ database, ours, windows, say }: Options): Promise<InsertsResult> {
  const rooms = await openRooms(database);
  const tokens = await tokenSource(ours.port)(CONNECTIONS);
  const job = {
    port: ours.port,
    serverPid: ours.pid,
    rooms: rooms.slice(0, CONNECTIONS).map((roomId, place) => ({ roomId, members: [{ token: tokens[place] ?? "", isWriter: true }] })),
    join: false,
    inFlight: 1,
    warmUpMs: windows.warmUpMs,
    measureMs: windows.measureMs,
  };
  const figures = { raw: [] as number[], ours: [] as number[] };
  const discarded: string[] = [];
  for (let round = 0; round < windows.rounds; round += 1) {
    figures.raw.push(await rawRate(database, rooms.slice(-CONNECTIONS), windows));
    const result = await runSwarm(job, database);
    if (result.faults.length > 0) discarded.push(`ours: ${result.faults[0]}`);
    else figures.ours.push(result.rate);
    say(
      `  inserts: raw ${Math.round(figures.raw.at(-1) ?? 0)}, ours ${Math.round(result.rate)} a second${result.faults.length > 0 ? `, FAILED: ${result.faults.join("; ")}` : ""}`,
    );
  }
  return { rawRate: median(figures.raw), oursRate: median(figures.ours), discarded, aim: AIM };
}
