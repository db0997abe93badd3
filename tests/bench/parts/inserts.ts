import { randomUUID } from "node:crypto";
import pg from "pg";
import { type Latency, latencyOf, median } from "../figures.ts";
import type { SwarmJob } from "../load/job.ts";
import { commitsOf, runSwarm } from "../measure-shape.ts";
import { type Bench, bold, type Section, type Windows, whole } from "../part.ts";
import { type Database, openRooms, type Running, settleSearch, startOurs, tokenSource } from "../servers.ts";

const CONNECTIONS = 32;
/** Messages in flight on each of 32 connections when the part measures how many messages share a commit. */
const SATURATION = 16;
const AIM_RATE = 0.75;
const AIM_COMMITS = 0.05;
const TEXT = "Good evening from the harbour. The ferry is late again, so there is time for one more story about the lighthouse.";

const INSERT = `INSERT INTO messages (id, room_id, author_id, client_message_id, text, language_code, seq, changed_seq)
  VALUES ($1, $2, $3, $4, $5, 'en', $6, $6)`;

async function someAuthor({ pool }: Database): Promise<string> {
  const { rows } = await pool.query<{ id: string }>("SELECT id FROM users WHERE kind = 'guest' LIMIT 1");
  return rows[0]?.id ?? "";
}

/**
 * Inserts the row of a message repeatedly on one connection, each in its own commit; returns the latencies of those that end in the
 * window.
 */
async function insertLoop(client: pg.Client, at: { roomId: string; authorId: string; from: number; to: number }): Promise<number[]> {
  const taken: number[] = [];
  for (let seq = 1, began = performance.now(); began < at.to; seq += 1) {
    await client.query({ name: "insert", text: INSERT, values: [randomUUID(), at.roomId, at.authorId, randomUUID(), TEXT, seq] });
    const now = performance.now();
    if (now >= at.from && now <= at.to) taken.push(now - began);
    began = now;
  }
  return taken;
}

/** Removes the inserted rows, which are in separate rooms. */
async function removeRows({ pool }: Database, rooms: readonly string[]): Promise<void> {
  await pool.query("DELETE FROM messages WHERE room_id = ANY($1::uuid[])", [rooms]);
  await pool.query("VACUUM messages");
}

/** Measures the time for inserting and committing one row on a single connection. */
export async function insertOneByOne(
  database: Database,
  client: pg.Client,
  { roomId, windows }: { roomId: string; windows: Windows },
): Promise<Latency> {
  const from = performance.now() + windows.warmUpMs;
  const authorId = await someAuthor(database);
  const taken = await insertLoop(client, { roomId, authorId, from, to: from + windows.measureMs });
  await removeRows(database, [roomId]);
  return latencyOf(taken);
}

/** Measures raw autocommit inserts per second. */
async function rawRate(database: Database, rooms: readonly string[], { warmUpMs, measureMs }: Windows): Promise<number> {
  const clients = rooms.map(() => new pg.Client({ connectionString: database.url }));
  await Promise.all(clients.map((client) => client.connect()));
  const authorId = await someAuthor(database);
  const from = performance.now() + warmUpMs;
  const taken = await Promise.all(
    clients.map((client, place) => insertLoop(client, { roomId: rooms[place] ?? "", authorId, from, to: from + measureMs })),
  );
  await Promise.all(clients.map((client) => client.end()));
  await removeRows(database, rooms);
  return taken.flat().length / (measureMs / 1_000);
}

/** Measures the commits per message while a job runs. */
async function commitsOfMessage(ours: Running, run: () => Promise<unknown>): Promise<number> {
  const before = await commitsOf(ours);
  await run();
  const after = await commitsOf(ours);
  return (after.commits - before.commits) / (after.messages - before.messages);
}

type Figures = { raw: number[]; ours: number[]; commits: number[]; discarded: string[] };

async function measureRound(
  { database, windows, say }: Bench,
  { ours, job, rooms }: { ours: Running; job: SwarmJob; rooms: string[] },
  figures: Figures,
) {
  await settleSearch(database.pool);
  const raw = await rawRate(database, rooms.slice(-CONNECTIONS), windows);
  const result = await runSwarm(job, database);
  const commits = await commitsOfMessage(ours, () => runSwarm({ ...job, inFlight: SATURATION }, database));
  figures.raw.push(raw);
  figures.commits.push(commits);
  if (result.faults.length > 0) figures.discarded.push(`sends, ours: ${result.faults[0]}`);
  else figures.ours.push(result.rate);
  say(
    `  inserts: raw ${Math.round(raw)}, ours ${Math.round(result.rate)} a second, ${commits.toFixed(4)} commits a message${result.faults.length > 0 ? `, FAILED: ${result.faults.join("; ")}` : ""}`,
  );
}

/** Compares sends without subscribers, one in flight for each of 32 authors in 32 rooms, with 32 connections that insert the same row. */
export async function measureInserts(bench: Bench): Promise<Section> {
  const { database, windows } = bench;
  const ours = await startOurs(database);
  const rooms = await openRooms(database);
  const tokens = await tokenSource(ours.port)(CONNECTIONS);
  const members = rooms
    .slice(0, CONNECTIONS)
    .map((roomId, place) => ({ roomId, members: [{ token: tokens[place] ?? "", isWriter: true }] }));
  const { warmUpMs, measureMs } = windows;
  const job = { port: ours.port, serverPid: ours.pid, rooms: members, join: false, inFlight: 1, warmUpMs, measureMs };
  const figures: Figures = { raw: [], ours: [], commits: [], discarded: [] };
  for (let round = 0; round < windows.rounds; round += 1) await measureRound(bench, { ours, job, rooms }, figures);
  await ours.stop();
  const rawMedian = median(figures.raw);
  const oursMedian = median(figures.ours);
  const commits = median(figures.commits);
  const rows = [
    {
      what: `Sends without listeners, ${CONNECTIONS} under way`,
      ours: `${whole(oursMedian)}/s`,
      beside: `${whole(rawMedian)}/s (raw autocommit inserts, ${CONNECTIONS} connections)`,
      ratio: bold(oursMedian / rawMedian),
      aim: `≥ ${AIM_RATE}`,
    },
    {
      what: `Commits a message, ${CONNECTIONS * SATURATION} under way`,
      ours: commits.toFixed(3),
      beside: "1 (raw autocommit inserts)",
      ratio: `**${commits.toFixed(3)} ×**`,
      aim: `≤ ${AIM_COMMITS}`,
    },
  ];
  return { rows, discarded: figures.discarded };
}
