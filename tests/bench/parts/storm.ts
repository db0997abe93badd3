import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fillRoom } from "../../support/texts/many-messages.ts";
import { median, percentile } from "../figures.ts";
import { openRest, type Rest, subjectOf } from "../load/guests.ts";
import { LoadClient } from "../load/load-client.ts";
import { cpuSecondsOf } from "../load/process-figures.ts";
import type { Returning, ReturningJob, ReturningResult } from "../load/returning-job.ts";
import { type Bench, bold, type Row, type Section } from "../part.ts";
import { forkHere } from "../processes.ts";
import { openRooms, type Running, settleSearch, startOurs, tokenSource } from "../servers.ts";

const ROOMS = 20;
const MESSAGES = 1_500;
const CLIENTS = 1_000;

/** How many changes the clients missed, a quarter of them each; null has no history. More than 1,000 is too far behind. */
const MISSED = [50, 500, 900, 1_400];

const WRITERS = 4;
const WRITE_EVERY_MS = 100;
const SIGN_OUT_EVERY_MS = 400;
const SIGN_OUTS = 10;
/** The longest time until a revoked session is disconnected. */
const CUT_MS = 2_000;

const AIMS = { answeredMs: 8_000, cutMs: CUT_MS, ackMs: 1_000 };

type Stage = { readonly bench: Bench; readonly server: Running; readonly rooms: readonly string[]; readonly tokens: readonly string[] };

type Measured = {
  readonly storm: ReturningResult;
  readonly acksMs: number[];
  readonly cutsMs: number[];
  readonly faults: string[];
  /** The server's CPU time over all threads. */
  readonly cpuSeconds: number;
};

/** Ends a session over REST. @returns after how many ms its socket was closed */
async function signOut(rest: Rest, socket: LoadClient, token: string): Promise<number> {
  const startedAt = performance.now();
  const cut = socket.disconnected();
  const { headers, text } = await rest.call({ method: "GET", path: "/api/auth/csrf" });
  const cookie = (headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
  const { csrfToken } = JSON.parse(text) as { csrfToken: string };
  const proof = { cookie, "x-csrf-token": csrfToken, authorization: `Bearer ${token}` };
  const { status } = await rest.call({ method: "POST", path: "/api/auth/signout", headers: proof });
  if (status !== 204) throw new Error(`signing out was answered ${status}`);
  await cut;
  return performance.now() - startedAt;
}

/** Runs sign-outs and writers during the measured work. */
async function beside({ server, rooms }: Stage, tokens: readonly string[], work: () => Promise<ReturningResult>): Promise<Measured> {
  const rest = openRest(server.port, { connections: 4 });
  const sockets = await Promise.all(tokens.map((token, n) => LoadClient.enter(server.port, token, rooms[n % rooms.length] ?? "")));
  const writers = sockets.slice(0, WRITERS);
  const leavers = sockets.slice(WRITERS);
  const acksMs: number[] = [];
  const cutsMs: number[] = [];
  const faults: string[] = [];
  const cpuBefore = cpuSecondsOf(server.pid);
  let isOver = false;
  const write = async (writer: LoadClient): Promise<void> => {
    while (!isOver) {
      const sentAt = performance.now();
      await writer.send("is anybody else back?").catch((error: Error) => faults.push(error.message));
      acksMs.push(performance.now() - sentAt);
      await pause(WRITE_EVERY_MS);
    }
  };
  const leave = async (): Promise<void> => {
    for (const [n, leaver] of leavers.entries()) {
      if (isOver) return;
      const cutMs = await signOut(rest, leaver, tokens[WRITERS + n] ?? "").catch((error: Error) => void faults.push(error.message));
      if (cutMs !== undefined) cutsMs.push(cutMs);
      await pause(SIGN_OUT_EVERY_MS);
    }
  };
  const others = [...writers.map(write), leave()];
  const storm = await work().finally(() => {
    isOver = true;
  });
  const cpuSeconds = cpuSecondsOf(server.pid) - cpuBefore;
  await Promise.all(others);
  for (const socket of sockets) socket.close();
  rest.close();
  return { storm, acksMs, cutsMs, faults: [...storm.faults, ...faults], cpuSeconds };
}

async function comeBack(job: ReturningJob): Promise<ReturningResult> {
  const child = forkHere("./load/returning.ts");
  child.send(job);
  const ended = once(child, "exit").then(() => Promise.reject(new Error("the returning clients ended early")));
  // Prevents an unhandled rejection if the disconnect fails after its caller has finished.
  ended.catch(() => undefined);
  const [result] = (await Promise.race([once(child, "message"), ended])) as [ReturningResult];
  return result;
}

async function headsOf({ bench, rooms }: Stage): Promise<Map<string, number>> {
  const { rows } = await bench.database.pool.query<{ id: string; head: string }>(
    "SELECT id, last_seq AS head FROM rooms WHERE id = ANY($1::uuid[])",
    [[...rooms]],
  );
  return new Map(rows.map(({ id, head }) => [id, Number(head)]));
}

/** Runs all clients at once; `missed` assigns a gap to each by its index, or makes all of them newcomers. */
async function measure(stage: Stage, missed: readonly (number | null)[]): Promise<Measured> {
  const heads = await headsOf(stage);
  const clients = stage.tokens.slice(0, CLIENTS).map((token, n): Returning => {
    const roomId = stage.rooms[n % ROOMS] ?? "";
    const behind = missed[Math.floor(n / ROOMS) % missed.length] ?? null;
    return { token, roomId, afterSeq: behind === null ? null : Math.max(0, (heads.get(roomId) ?? 0) - behind) };
  });
  // A sign-out revokes its token.
  const others = await tokenSource(stage.server.port)(WRITERS + SIGN_OUTS);
  return beside(stage, others, () => comeBack({ port: stage.server.port, clients }));
}

const seconds = (ms: number): string => (Number.isNaN(ms) ? "no valid run" : `${(ms / 1_000).toFixed(1)} s`);

const retriesOf = ({ retried }: ReturningResult): string => {
  const codes = Object.entries(retried);
  return codes.length === 0 ? "no retry" : codes.map(([code, count]) => `${count} × ${code}, retried`).join(", ");
};

function say({ bench }: Stage, what: string, { storm, acksMs, cutsMs, faults, cpuSeconds }: Measured): void {
  const { answeredMs, bytes, clientLoad } = storm;
  bench.say(
    `  ${what}: all after ${seconds(Math.max(...answeredMs))} (p50 ${seconds(percentile(answeredMs, 0.5))}), ${retriesOf(storm)}, ${(bytes / 1e6).toFixed(0)} MB; ` +
      `sign-out → cut max ${Math.max(...cutsMs).toFixed(0)} ms of ${cutsMs.length}; acks p50 ${percentile(acksMs, 0.5).toFixed(0)}, p99 ${percentile(acksMs, 0.99).toFixed(0)}, ` +
      `max ${Math.max(...acksMs).toFixed(0)} ms of ${acksMs.length}; server ${cpuSeconds.toFixed(1)} CPU s, clients ${clientLoad.toFixed(2)} of a core${faults.length > 0 ? `; FAILED: ${faults.length} × ${faults.slice(0, 5).join("; ")}` : ""}`,
  );
}

async function stageOf(bench: Bench, server: Running): Promise<Stage> {
  const tokens = await tokenSource(server.port)(CLIENTS);
  const rooms = (await openRooms(bench.database)).slice(0, ROOMS);
  const authorIds = tokens.slice(0, 50).map(subjectOf);
  for (const roomId of rooms) await fillRoom(bench.database.pool, { roomId, authorIds, amount: MESSAGES });
  await settleSearch(bench.database.pool);
  await bench.database.pool.query("VACUUM ANALYZE messages");
  return { bench, server, rooms, tokens };
}

function rowsOf(storms: readonly Measured[], controls: readonly Measured[]): Row[] {
  const figures = [
    {
      what: "Clients that come back at once, 50, 500, 900 and 1,400 changes behind, until the last is answered",
      of: ({ storm }: Measured) => Math.max(...storm.answeredMs),
      aim: `≤ ${seconds(AIMS.answeredMs)}, none rejected for good`,
    },
    {
      what: "Sign-out → socket cut meanwhile, the slowest",
      of: ({ cutsMs }: Measured) => Math.max(...cutsMs),
      aim: `≤ ${seconds(AIMS.cutMs)}`,
    },
    { what: "Send → ack meanwhile, p99", of: ({ acksMs }: Measured) => percentile(acksMs, 0.99), aim: `≤ ${seconds(AIMS.ackMs)}` },
  ];
  const retries = median(storms.map(({ storm }) => Object.values(storm.retried).reduce((sum, count) => sum + count, 0)));
  return figures.map(({ what, of, aim }, n): Row => {
    const ours = median(storms.map(of));
    const control = median(controls.map(of));
    return {
      what: `${what}, 20 × 50 (1,000)`,
      ours: `${seconds(ours)}${n === 0 ? `, ${retries} retries` : ""}`,
      beside: `${seconds(control)} (newcomers)`,
      ratio: bold(ours / control),
      aim,
    };
  });
}

/** Measures the reconnection of all clients at the same moment after an outage, each with a different part of the history missing. */
export async function measureStorm(bench: Bench): Promise<Section> {
  const server = await startOurs(bench.database);
  try {
    const stage = await stageOf(bench, server);
    const storms: Measured[] = [];
    const controls: Measured[] = [];
    const discarded: string[] = [];
    for (let round = 0; round < bench.windows.rounds; round += 1)
      for (const [what, missed, found] of [
        ["newcomers", [null], controls],
        ["50, 500, 900 and 1,400 behind", MISSED, storms],
      ] as const) {
        const measured = await measure(stage, missed);
        say(stage, what, measured);
        if (measured.faults.length > 0) discarded.push(`${what}: ${measured.faults[0]}`);
        else found.push(measured);
        await pause(1_000);
      }
    return { rows: rowsOf(storms, controls), discarded, clientLoads: storms.map(({ storm }) => storm.clientLoad) };
  } finally {
    await server.stop();
  }
}
