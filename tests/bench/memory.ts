import { setTimeout as pause } from "node:timers/promises";
import { median } from "./figures.ts";
import type { SwarmJob } from "./job.ts";
import { residentKb } from "./process-figures.ts";
import { startSwarm } from "./processes.ts";
import { type Database, openRooms, type Running, startBare, startOurs, tokenSource } from "./servers.ts";

export type MemoryResult = { bareKb: number; oursKb: number; connections: number; aim: number };

const ROOMS = 100;
const AIM = 1.8;
const SETTLED_SAMPLES = 6;
const SAMPLE_MS = 500;
const LONGEST_SETTLE_MS = 30_000;

/** The memory of a process once it stays within 1 % for three seconds. */
async function settledKb(pid: number): Promise<number> {
  const samples: number[] = [];
  for (const deadline = performance.now() + LONGEST_SETTLE_MS; performance.now() < deadline; ) {
    samples.push(residentKb(pid));
    const last = samples.slice(-SETTLED_SAMPLES);
    if (last.length === SETTLED_SAMPLES && Math.max(...last) <= Math.min(...last) * 1.01) break;
    await pause(SAMPLE_MS);
  }
  return samples.at(-1) ?? Number.NaN;
}

/** What a server that was just started needs more, for each of so many connections that joined a room and say nothing. */
async function kbOfConnection(server: Running, job: Omit<SwarmJob, "port" | "serverPid">, connections: number): Promise<number> {
  const before = await settledKb(server.pid);
  const swarm = startSwarm({ ...job, port: server.port, serverPid: server.pid });
  try {
    await swarm.connected;
    return ((await settledKb(server.pid)) - before) / connections;
  } finally {
    await swarm.stop();
    await server.stop();
  }
}

type Options = { database: Database; connections: number; rounds: number; say: (line: string) => void };

/** Both servers by turns, each started anew; the guests are made by an earlier process, so that their making does not count. */
export async function measureMemory({ database, connections, rounds, say }: Options): Promise<MemoryResult> {
  const maker = await startOurs(database);
  const tokens = await tokenSource(maker.port)(connections).finally(maker.stop);
  const roomIds = (await openRooms(database)).slice(0, ROOMS);
  const rooms = roomIds.map((roomId, room) => ({
    roomId,
    members: tokens.filter((_, place) => place % ROOMS === room).map((token) => ({ token, isWriter: false })),
  }));
  const job = { rooms, join: true, inFlight: 0, warmUpMs: 0, measureMs: 0 };
  const figures = { bare: [] as number[], ours: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    figures.bare.push(await kbOfConnection(await startBare(), job, connections));
    figures.ours.push(await kbOfConnection(await startOurs(database), job, connections));
    say(`  idle connection: bare ${figures.bare.at(-1)?.toFixed(1)} kB, ours ${figures.ours.at(-1)?.toFixed(1)} kB`);
  }
  return { bareKb: median(figures.bare), oursKb: median(figures.ours), connections, aim: AIM };
}
