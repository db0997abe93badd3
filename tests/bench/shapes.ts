import { type Latency, latencyOf, median, medianLatency } from "./figures.ts";
import type { RoomProof, SwarmJob, SwarmResult } from "./job.ts";
import { startSwarm } from "./processes.ts";
import { digestOf } from "./room-record.ts";
import { type Database, openRooms, type Running, tokenSource } from "./servers.ts";

export type Shape = { rooms: number; members: number; writers: number; aim: number };

/** Rooms × members (writers), and how many times bare Socket.IO we want to be. */
export const shapes: readonly Shape[] = [
  { rooms: 1, members: 100, writers: 100, aim: 4 },
  { rooms: 1, members: 1_000, writers: 50, aim: 6 },
  { rooms: 20, members: 10, writers: 200, aim: 1 },
  { rooms: 100, members: 20, writers: 100, aim: 0.6 },
  { rooms: 500, members: 4, writers: 500, aim: 0.5 },
];

export const nameOf = ({ rooms, members, writers }: Shape): string => `${rooms} × ${members} (${writers})`;

export type Windows = { warmUpMs: number; measureMs: number; rounds: number };

export type Side = { rate: number; ack: Latency; receipt: Latency; clientLoad: number; validRuns: number };

export type ShapeResult = { shape: Shape; bare: Side; ours: Side; discarded: string[] };

/** How often a run that failed its own check may be tried again. */
const EXTRA_ROUNDS = 2;

export function jobOf(shape: Shape, at: { server: Running; roomIds: string[]; tokens: string[] }, windows: Windows): SwarmJob {
  const writersOfRoom = Math.ceil(shape.writers / shape.rooms);
  const rooms = at.roomIds.slice(0, shape.rooms).map((roomId, room) => ({
    roomId,
    members: Array.from({ length: shape.members }, (_, place) => ({
      token: at.tokens[room * shape.members + place] ?? "",
      isWriter: place < writersOfRoom,
    })),
  }));
  return {
    port: at.server.port,
    serverPid: at.server.pid,
    rooms,
    join: true,
    inFlight: 1,
    warmUpMs: windows.warmUpMs,
    measureMs: windows.measureMs,
  };
}

/** What the database holds must be what the clients were told: as many, in the same order. */
export async function compareWithDatabase({ pool }: Database, proofs: readonly RoomProof[]): Promise<string[]> {
  const faults: string[] = [];
  for (const { roomId, afterSeq, count, digest } of proofs) {
    const { rows } = await pool.query<{ seq: string; key: string }>(
      "SELECT seq, client_message_id AS key FROM messages WHERE room_id = $1 AND seq > $2 ORDER BY seq",
      [roomId, afterSeq],
    );
    const follow = rows.every((row, offset) => Number(row.seq) === afterSeq + offset + 1);
    if (
      rows.length !== count ||
      !follow ||
      digestOf(
        afterSeq,
        rows.map((row) => row.key),
      ) !== digest
    )
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

const sideOf = (runs: readonly SwarmResult[]): Side => ({
  rate: median(runs.map((run) => run.rate)),
  ack: runs.length > 0 ? medianLatency(runs.map((run) => run.ack)) : latencyOf([]),
  receipt: runs.length > 0 ? medianLatency(runs.map((run) => run.receipt)) : latencyOf([]),
  clientLoad: median(runs.map((run) => run.clientLoad)),
  validRuns: runs.length,
});

type Bench = { database: Database; bare: Running; ours: Running; windows: Windows; say: (line: string) => void };

/** Each shape on both servers, by turns, until each has enough runs that passed their delivery check. */
export async function measureShapes(
  { database, bare, ours, windows, say }: Bench,
  only: readonly Shape[] = shapes,
): Promise<ShapeResult[]> {
  const tokensOf = tokenSource(ours.port);
  const roomIds = await openRooms(database);
  const results: ShapeResult[] = [];
  for (const shape of only) {
    const runs = { bare: [] as SwarmResult[], ours: [] as SwarmResult[] };
    const discarded: string[] = [];
    const turn = async (side: "bare" | "ours"): Promise<void> => {
      if (runs[side].length >= windows.rounds) return;
      const tokens = await tokensOf(shape.rooms * shape.members);
      const server = side === "bare" ? bare : ours;
      const result = await runSwarm(jobOf(shape, { server, roomIds, tokens }, windows), side === "ours" ? database : null);
      say(
        `  ${nameOf(shape)} ${side}: ${Math.round(result.rate)} a second${result.faults.length > 0 ? `, FAILED its delivery check: ${result.faults.join("; ")}` : ""}`,
      );
      if (result.faults.length > 0) discarded.push(`${side}: ${result.faults[0]}`);
      else runs[side].push(result);
    };
    for (let round = 0; round < windows.rounds + EXTRA_ROUNDS; round += 1) {
      await turn("bare");
      await turn("ours");
    }
    for (const side of ["bare", "ours"] as const) {
      if (runs[side].length < windows.rounds) discarded.push(`${side}: only ${runs[side].length} valid runs`);
    }
    results.push({ shape, bare: sideOf(runs.bare), ours: sideOf(runs.ours), discarded });
  }
  return results;
}
