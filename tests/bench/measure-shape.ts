import { type Latency, latencyOf, median, medianLatency } from "./figures.ts";
import type { RoomProof, SwarmJob, SwarmResult } from "./load/job.ts";
import { digestOf } from "./load/room-record.ts";
import type { Bench, Windows } from "./part.ts";
import { startSwarm } from "./processes.ts";
import { type Database, openRooms, type Running, settleSearch, startBare, startOurs, tokenSource } from "./servers.ts";

/**
 * A load: rooms × members (writers), and the send interval of each writer; by default each sends as soon as the last message is
 * acknowledged.
 */
export type Shape = { rooms: number; members: number; writers: number; everyMs?: number };

export const nameOf = ({ rooms, members, writers }: Shape): string => `${rooms} × ${members} (${writers})`;

/** `usOfFrame` and `usOfMessage`: the server's CPU time per received frame and per message, in µs. */
export type Side = {
  rate: number;
  ack: Latency;
  receipt: Latency;
  clientLoad: number;
  usOfFrame: number;
  usOfMessage: number;
  /** Average messages per commit; NaN if nothing is committed. */
  batch: number;
};

export type ShapeResult = { shape: Shape; bare: Side; ours: Side; discarded: string[] };

/** Both servers and what a load on them needs. */
export type Servers = { bare: Running; ours: Running; roomIds: string[]; tokensOf: (amount: number) => Promise<string[]> };

/** How often a run that failed its own check may be repeated. */
const EXTRA_ROUNDS = 2;

type At = { server: Running; roomIds: string[]; tokens: string[] };

export function jobOf(shape: Shape, at: At, { warmUpMs, measureMs }: Windows): SwarmJob {
  const writersOfRoom = Math.ceil(shape.writers / shape.rooms);
  const rooms = at.roomIds.slice(0, shape.rooms).map((roomId, room) => ({
    roomId,
    members: Array.from({ length: shape.members }, (_, place) => ({
      token: at.tokens[room * shape.members + place] ?? "",
      isWriter: place < writersOfRoom,
    })),
  }));
  const pace = shape.everyMs === undefined ? {} : { everyMs: shape.everyMs };
  return { port: at.server.port, serverPid: at.server.pid, rooms, join: true, inFlight: 1, ...pace, warmUpMs, measureMs };
}

/** Checks that the database has the same messages in the same order as the clients received. */
async function compareWithDatabase({ pool }: Database, proofs: readonly RoomProof[]): Promise<string[]> {
  const faults: string[] = [];
  for (const { roomId, afterSeq, count, digest } of proofs) {
    const { rows } = await pool.query<{ seq: string; key: string }>(
      "SELECT seq, client_message_id AS key FROM messages WHERE room_id = $1 AND seq > $2 ORDER BY seq",
      [roomId, afterSeq],
    );
    const keys = rows.map((row) => row.key);
    const follow = rows.every((row, offset) => Number(row.seq) === afterSeq + offset + 1);
    if (rows.length !== count || !follow || digestOf(afterSeq, keys) !== digest)
      faults.push(`${roomId}: ${count} told, ${rows.length} in the database, or in another order`);
  }
  return faults;
}

export async function runSwarm(job: SwarmJob, database: Database | null): Promise<SwarmResult> {
  const swarm = startSwarm(job);
  try {
    const result = await swarm.result;
    const faults = database ? await compareWithDatabase(database, result.proofs) : [];
    return { ...result, faults: [...result.faults, ...faults].slice(0, 10) };
  } finally {
    await swarm.stop();
  }
}

/** Returns the commits of a server since its start, and the messages in them. */
export async function commitsOf({ port }: Running): Promise<{ commits: number; messages: number }> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const figure = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  return { commits: figure("message_writer_commit_messages_count"), messages: figure("message_writer_commit_messages_sum") };
}

type Run = SwarmResult & { batch: number };

const sideOf = (runs: readonly Run[]): Side => ({
  rate: median(runs.map((run) => run.rate)),
  ack: runs.length > 0 ? medianLatency(runs.map((run) => run.ack)) : latencyOf([]),
  receipt: runs.length > 0 ? medianLatency(runs.map((run) => run.receipt)) : latencyOf([]),
  clientLoad: median(runs.map((run) => run.clientLoad)),
  usOfFrame: median(runs.map(({ serverCpu }) => (serverCpu.seconds / serverCpu.frames) * 1e6)),
  usOfMessage: median(runs.map(({ serverCpu }) => (serverCpu.seconds / serverCpu.messages) * 1e6)),
  batch: median(runs.map((run) => run.batch)),
});

/** Runs a shape once on a server of ours, and checks it against its database. */
export async function runOnOurs(
  bench: Pick<Bench, "windows">,
  { server, database, roomIds, tokensOf }: { server: Running; database: Database } & Pick<Servers, "roomIds" | "tokensOf">,
  shape: Shape,
): Promise<SwarmResult> {
  const tokens = await tokensOf(shape.rooms * shape.members);
  await settleSearch(database.pool);
  return runSwarm(jobOf(shape, { server, roomIds, tokens }, bench.windows), database);
}

async function runOn(bench: Bench, { ours, ...servers }: Servers, shape: Shape, server: Running): Promise<Run> {
  const tokens = await servers.tokensOf(shape.rooms * shape.members);
  await settleSearch(bench.database.pool);
  const job = jobOf(shape, { server, roomIds: servers.roomIds, tokens }, bench.windows);
  if (server !== ours) return { ...(await runSwarm(job, null)), batch: Number.NaN };
  const before = await commitsOf(ours);
  const result = await runSwarm(job, bench.database);
  const after = await commitsOf(ours);
  return { ...result, batch: (after.messages - before.messages) / (after.commits - before.commits) };
}

/** Runs one shape on both servers in alternation, until each has enough runs that passed their delivery check. */
export async function measureShape(bench: Bench, servers: Servers, shape: Shape): Promise<ShapeResult> {
  const { windows, say } = bench;
  const runs = { bare: [] as Run[], ours: [] as Run[] };
  const discarded: string[] = [];
  for (let turn = 0; turn < 2 * (windows.rounds + EXTRA_ROUNDS); turn += 1) {
    const side = turn % 2 === 0 ? "bare" : "ours";
    if (runs[side].length >= windows.rounds) continue;
    const result = await runOn(bench, servers, shape, servers[side]);
    const isLost = result.faults.length > 0;
    say(
      `  ${nameOf(shape)} ${side}: ${Math.round(result.rate)} a second${isLost ? `, FAILED its delivery check: ${result.faults.join("; ")}` : ""}`,
    );
    if (isLost) discarded.push(`${nameOf(shape)}, ${side}: ${result.faults[0]}`);
    else runs[side].push(result);
  }
  for (const side of ["bare", "ours"] as const)
    if (runs[side].length < windows.rounds) discarded.push(`${nameOf(shape)}, ${side}: only ${runs[side].length} valid runs`);
  return { shape, bare: sideOf(runs.bare), ours: sideOf(runs.ours), discarded };
}

/** Starts both servers for some loads, and stops them afterwards. */
export async function withServers<Result>(bench: Bench, work: (servers: Servers) => Promise<Result>): Promise<Result> {
  const bare = await startBare();
  const ours = await startOurs(bench.database);
  try {
    return await work({ bare, ours, tokensOf: tokenSource(ours.port), roomIds: await openRooms(bench.database) });
  } finally {
    await Promise.all([bare.stop(), ours.stop()]);
  }
}
