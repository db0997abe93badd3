import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { io, type Socket } from "socket.io-client";
import { latencyOf } from "./figures.ts";
import { makeGuests, openRest } from "./guests.ts";
import { freePort, reachable, run, stopAll } from "./processes.ts";

// How long a chat's acks take while 100 people sign in at once, beside the same chat in the same server without them.
// To be run by itself: node --import tsx tests/bench/sign-ins.ts

const [TALKERS, SIGN_INS, PAUSE_MS, CONTROL_MS] = [10, 100, 20, 8_000];
const PATIENCE_MS = 120_000;
const PASSWORD = "correct horse battery";

type Program = { readonly port: number; readonly dataDir: string };

/** The server as it is in the source, with passwords at what they cost in production. */
async function startServer(): Promise<Program> {
  const [port, dataDir] = [await freePort(), await mkdtemp(join(tmpdir(), "chatroom-bench-"))];
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, NODE_ENV: "development", PORT: String(port), DATA_DIR: dataDir, LIMITS_SCALE: "1000", LOG_LEVEL: "error" };
  await reachable(`http://127.0.0.1:${port}/health/ready`, run(process.execPath, ["--import", "tsx", "server.ts"], env));
  return { port, dataDir };
}

const ask = (socket: Socket, name: string, input: unknown): Promise<{ ok: boolean }> =>
  socket.timeout(10_000).emitWithAck(name, input) as Promise<{ ok: boolean }>;

async function roomOf(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/chatroom/lounges`);
  const { items } = (await answer.json()) as { items: { accessLevel: string; rooms: { id: string }[] }[] };
  return items.find(({ accessLevel }) => accessLevel === "open")?.rooms[0]?.id ?? "";
}

async function enter(port: number, roomId: string): Promise<Socket[]> {
  const tokens = await makeGuests(port, TALKERS);
  const sockets = tokens.map((token) => io(`http://127.0.0.1:${port}`, { auth: { token }, transports: ["websocket"], forceNew: true }));
  for (const socket of sockets) if (!(await ask(socket, "join_room", { roomId })).ok) throw new Error("the room is closed");
  return sockets;
}

/** Everybody talks, a pause after each ack, until it is said to be enough. */
async function talk(sockets: readonly Socket[], roomId: string, until: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let isOver = false;
  void until.then(() => {
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
  return times;
}

/** All at once; who is told to come again does so when told. */
async function signInAll(port: number): Promise<{ seconds: number; done: number; sentAway: number }> {
  const rest = openRest(port, { connections: SIGN_INS });
  const { headers, text } = await rest.call({ method: "GET", path: "/api/auth/csrf" });
  const cookie = (headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
  const proof = { cookie, "x-csrf-token": (JSON.parse(text) as { csrfToken: string }).csrfToken };
  const post = (path: string, body: unknown) => rest.call({ method: "POST", path, headers: proof, body });
  const { status } = await post("/api/auth/signup", { username: `bench-${Date.now()}`, password: PASSWORD });
  if (status !== 201) throw new Error("no account");
  const began = performance.now();
  let [done, sentAway] = [0, 0];
  const one = async (n: number): Promise<void> => {
    while (performance.now() - began < PATIENCE_MS) {
      const answer = await post("/api/auth/signin", { identifier: `nobody-${n}`, password: PASSWORD });
      if (answer.status === 401) done += 1;
      if (answer.status !== 503) return;
      sentAway += 1;
      await pause(Number(answer.headers["retry-after"] ?? 1) * 1_000 * (0.5 + Math.random()));
    }
  };
  await Promise.all(Array.from({ length: SIGN_INS }, (_, n) => one(n)));
  rest.close();
  return { seconds: (performance.now() - began) / 1_000, done, sentAway };
}

async function measure({ port }: Program): Promise<void> {
  const roomId = await roomOf(port);
  const sockets = await enter(port, roomId);
  await talk(sockets, roomId, pause(2_000));
  const control = latencyOf(await talk(sockets, roomId, pause(CONTROL_MS)));
  const signIns = signInAll(port);
  const loaded = latencyOf(await talk(sockets, roomId, signIns));
  const { seconds, done, sentAway } = await signIns;
  for (const socket of sockets) socket.disconnect();
  const shown = ({ p50, p99 }: { p50: number; p99: number }): string => `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  console.log(`acks without sign-ins: ${shown(control)}`);
  console.log(`acks with ${SIGN_INS} sign-ins at once: ${shown(loaded)} (p99 × ${(loaded.p99 / control.p99).toFixed(1)})`);
  console.log(`${done} sign-ins were compared in ${seconds.toFixed(1)} s; ${sentAway} times somebody was told to come again`);
}

const server = await startServer();
try {
  await measure(server);
} finally {
  await stopAll();
  await rm(server.dataDir, { recursive: true, force: true });
}
