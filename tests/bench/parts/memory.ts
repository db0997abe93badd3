import { setTimeout as pause } from "node:timers/promises";
import { median } from "../figures.ts";
import type { SwarmJob } from "../load/job.ts";
import { residentKb } from "../load/process-figures.ts";
import { type Bench, bold, type Row, type Section, times, whole } from "../part.ts";
import { startSwarm } from "../processes.ts";
import { type Database, openRooms, type Running, startBare, startOurs, tokenSource } from "../servers.ts";

const ROOMS = 100;
const WAVES = 4;
const AIM = 1.5;
const AIM_BACK = 0.05;
const SETTLED_SAMPLES = 6;
const SAMPLE_MS = 500;
const LONGEST_SETTLE_MS = 30_000;

/** Returns the memory of a process once it stays within 1 % for three seconds. */
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

type Quiet = Omit<SwarmJob, "port" | "serverPid">;

/** Connects and disconnects all clients; returns the memory while they are connected and after they have left. */
async function wave(server: Running, job: Quiet): Promise<{ fullKb: number; emptyKb: number }> {
  const swarm = startSwarm({ ...job, port: server.port, serverPid: server.pid });
  try {
    await swarm.connected;
    const fullKb = await settledKb(server.pid);
    await swarm.stop();
    return { fullKb, emptyKb: await settledKb(server.pid) };
  } finally {
    await swarm.stop();
  }
}

/** `kb`: memory per connection of a newly started server; `back`: by how much each wave left more memory in use than the first one. */
type Waves = { kb: number; back: number };

async function measureWaves(
  server: Running,
  { job, connections, waves }: { job: Quiet; connections: number; waves: number },
): Promise<Waves> {
  const before = await settledKb(server.pid);
  const results: { fullKb: number; emptyKb: number }[] = [];
  for (let n = 0; n < waves; n += 1) results.push(await wave(server, job));
  await server.stop();
  const first = results[0];
  const last = results.at(-1);
  return {
    kb: ((first?.fullKb ?? Number.NaN) - before) / connections,
    back: (last?.emptyKb ?? Number.NaN) / (first?.emptyKb ?? Number.NaN),
  };
}

/** Creates the guests in an earlier process, so that their creation does not count. */
async function quietJob(database: Database, connections: number): Promise<Quiet> {
  const maker = await startOurs(database);
  const tokens = await tokenSource(maker.port)(connections).finally(maker.stop);
  const roomIds = (await openRooms(database)).slice(0, ROOMS);
  const rooms = roomIds.map((roomId, room) => ({
    roomId,
    members: tokens.filter((_, place) => place % ROOMS === room).map((token) => ({ token, isWriter: false })),
  }));
  return { rooms, join: true, inFlight: 0, warmUpMs: 0, measureMs: 0 };
}

function rowsOf(runs: { bare: Waves[]; ours: Waves[] }, { connections, waves }: { connections: number; waves: number }): Row[] {
  const kb = (side: "bare" | "ours"): number => median(runs[side].map((run) => run.kb));
  const back = (side: "bare" | "ours"): number => runs[side][0]?.back ?? Number.NaN;
  return [
    {
      what: `Memory of an idle connection, of ${whole(connections)}`,
      ours: `${kb("ours").toFixed(1)} kB`,
      beside: `${kb("bare").toFixed(1)} kB (bare)`,
      ratio: bold(kb("ours") / kb("bare")),
      aim: `≤ ${AIM}`,
    },
    {
      what: `Memory when all have left, after ${waves} waves of them beside after the first`,
      ours: times(back("ours")),
      beside: `${times(back("bare"))} (bare)`,
      ratio: bold(back("ours")),
      aim: `± ${AIM_BACK * 100} %`,
    },
  ];
}

/** Measures both servers in alternation, each restarted. The waves of the first round show whether memory is released. */
export async function measureMemory({ database, isQuick, windows, say }: Bench): Promise<Section> {
  const connections = isQuick ? 1_000 : 10_000;
  const job = await quietJob(database, connections);
  const runs = { bare: [] as Waves[], ours: [] as Waves[] };
  for (let round = 0; round < windows.rounds; round += 1) {
    // Once is enough to see what is released, and the tokens do not last longer.
    const size = { job, connections, waves: round === 0 ? WAVES : 1 };
    runs.bare.push(await measureWaves(await startBare(), size));
    runs.ours.push(await measureWaves(await startOurs(database), size));
    const shown = ({ kb, back }: Waves = { kb: Number.NaN, back: Number.NaN }): string => `${kb.toFixed(1)} kB, back to ${times(back)}`;
    say(`  idle connection: bare ${shown(runs.bare.at(-1))}; ours ${shown(runs.ours.at(-1))}`);
  }
  return { rows: rowsOf(runs, { connections, waves: WAVES }) };
}
