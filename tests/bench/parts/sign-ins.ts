import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { io, type Socket } from "socket.io-client";
import { type Latency, latencyOf, median, medianLatency } from "../figures.ts";
import { makeGuests, openRest } from "../load/guests.ts";
import { type Bench, ms, type Section, times, whole } from "../part.ts";
import { openRooms, startOurs } from "../servers.ts";

const TALKERS = 10;
const SIGN_INS = 100;
const PAUSE_MS = 20;
const CONTROL_MS = 8_000;
const WARM_UP_MS = 2_000;
const AIM_MS = 100;
const PASSWORD = "correct horse battery";

const ask = (socket: Socket, name: string, input: unknown): Promise<{ ok: boolean }> =>
  socket.timeout(10_000).emitWithAck(name, input) as Promise<{ ok: boolean }>;

async function enter(port: number, roomId: string): Promise<Socket[]> {
  const tokens = await makeGuests(port, TALKERS);
  const sockets = tokens.map((token) => io(`http://127.0.0.1:${port}`, { auth: { token }, transports: ["websocket"], forceNew: true }));
  for (const socket of sockets) if (!(await ask(socket, "join_room", { roomId })).ok) throw new Error("the room is closed");
  return sockets;
}

/** Sends messages from all sockets, with a pause after each ack, until `until` resolves; returns the ack latencies. */
async function talk(sockets: readonly Socket[], roomId: string, until: Promise<unknown>): Promise<Latency> {
  const times: number[] = [];
  let isOver = false;
  void until.finally(() => {
    isOver = true;
  });
  const one = async (socket: Socket): Promise<void> => {
    while (!isOver) {
      const began = performance.now();
      const { ok } = await ask(socket, "send_message", { roomId, clientMessageId: randomUUID(), text: "while others sign in" });
      if (!ok) throw new Error("a message was refused");
      times.push(performance.now() - began);
      await pause(PAUSE_MS);
    }
  };
  await Promise.all(sockets.map(one));
  return latencyOf(times);
}

/** Signs in with all names at once, each unknown, which costs as much as a known one; returns the seconds until the last was compared. */
async function signInAll(port: number): Promise<number> {
  const rest = openRest(port, { connections: SIGN_INS });
  const { headers, text } = await rest.call({ method: "GET", path: "/api/auth/csrf" });
  const cookie = (headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
  const proof = { cookie, "x-csrf-token": (JSON.parse(text) as { csrfToken: string }).csrfToken };
  const began = performance.now();
  const one = async (n: number): Promise<void> => {
    const body = { identifier: `nobody-${n}`, password: PASSWORD };
    const { status } = await rest.call({ method: "POST", path: "/api/auth/signin", headers: proof, body });
    if (status !== 401) throw new Error(`a sign-in was answered ${status}`);
  };
  await Promise.all(Array.from({ length: SIGN_INS }, (_, n) => one(n))).finally(() => rest.close());
  return (performance.now() - began) / 1_000;
}

const shown = ({ p50, p99 }: Latency): string => `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms`;

/**
 * Measures the ack latency of a chat while 100 users sign in at once, with production's password cost, in comparison with the same chat
 * without them.
 */
export async function measureSignIns({ database, windows, say }: Bench): Promise<Section> {
  const ours = await startOurs(database);
  const [roomId = ""] = await openRooms(database);
  const sockets = await enter(ours.port, roomId);
  await talk(sockets, roomId, pause(WARM_UP_MS));
  const runs: { quiet: Latency; busy: Latency; seconds: number }[] = [];
  for (let round = 0; round < windows.rounds; round += 1) {
    const quiet = await talk(sockets, roomId, pause(CONTROL_MS));
    const signIns = signInAll(ours.port);
    const [busy, seconds] = await Promise.all([talk(sockets, roomId, signIns), signIns]);
    say(`  acks: ${shown(quiet)}; with ${SIGN_INS} sign-ins in ${seconds.toFixed(1)} s: ${shown(busy)}`);
    runs.push({ quiet, busy, seconds });
  }
  for (const socket of sockets) socket.disconnect();
  await ours.stop();
  const quiet = medianLatency(runs.map((run) => run.quiet));
  const busy = medianLatency(runs.map((run) => run.busy));
  const row = {
    what: `Send → ack while ${SIGN_INS} people sign in at once, which takes ${whole(median(runs.map((run) => run.seconds)))} s`,
    ours: `${ms(busy, 1)} ms`,
    beside: `${ms(quiet, 1)} ms (the same talk without them)`,
    ratio: `${times(busy.p50 / quiet.p50)} / ${times(busy.p99 / quiet.p99)}`,
    aim: `p99 < ${AIM_MS} ms`,
  };
  return { rows: [row] };
}
