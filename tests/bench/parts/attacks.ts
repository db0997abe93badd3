import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { median } from "../figures.ts";
import { makeGuests, openRest, subjectOf } from "../load/guests.ts";
import type { Probed } from "../load/health-probe.ts";
import { LoadClient } from "../load/load-client.ts";
import { residentKb } from "../load/process-figures.ts";
import { type Bench, bold, type Row, type Section } from "../part.ts";
import { forkHere } from "../processes.ts";
import { openRooms, type Running, startOurs } from "../servers.ts";

/** No user may stall the server for others: the longest time that `/health` may take during an attack. */
const AIM_MS = 100;

/** The duration of one attack. */
const ATTACK_MS = 5_000;

/** A flooding connection is closed within this time. */
const CUT_MS = 2_000;

/** Bytes that a flooding connection keeps ready to be sent. */
const MOST_WAITING = 1_000_000;

type Stage = {
  readonly bench: Bench;
  readonly server: Running;
  readonly roomId: string;
  readonly tokens: readonly string[];
  /** A direct conversation of the first two guests. */
  readonly directId: string;
};

/** Runs an attack. @returns what the report says about it in addition to the stall */
type Attack = { readonly what: string; run(stage: Stage): Promise<string> };

const COSTLY_TEXTS: readonly string[] = [
  `w a${"\u0300".repeat(7_990)}${"\u0316".repeat(7_990)}`,
  `w ${"\u0F40\u0F71\u0F72".repeat(1_600)}`,
  `w ${"\uFDFA".repeat(3_900)}`,
  `w ${"👨‍👩‍👧‍👦".repeat(1_400)}`,
  `w ${"🇩🇪".repeat(3_900)}`,
  `@a${".".repeat(3_900)}b`,
];

const LOOK_ALIKES: readonly string[] = ["Ⅲ".repeat(3_900), "⑳".repeat(3_900), `l${".l".repeat(1_900)}`];

const codeOf = (error: unknown): string => (error instanceof Error ? error.message.replace(/^.*: /, "") : "failed");

/** Counts each answer. */
function tally(answers: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts].map(([answer, count]) => `${count} × ${answer}`).join(", ");
}

const INSERT = `
  WITH counted AS (UPDATE rooms SET last_seq = last_seq + 1 WHERE id = $1 RETURNING last_seq)
  INSERT INTO messages (id, room_id, author_id, client_message_id, text, language_code, seq, changed_seq)
  SELECT gen_random_uuid(), $1, $2, gen_random_uuid(), $3, 'en', last_seq, last_seq FROM counted`;

async function each(stage: Stage, roomId: string, texts: readonly string[]): Promise<string> {
  const clients = await Promise.all(stage.tokens.map((token) => LoadClient.enter(stage.server.port, token, stage.roomId)));
  const answers = await Promise.all(
    texts.map((text, n) => {
      const input = { roomId, clientMessageId: randomUUID(), text };
      return clients[n % clients.length]?.ask("send_message", input).then(() => "sent", codeOf) ?? Promise.resolve("nobody");
    }),
  );
  for (const client of clients) client.close();
  return tally(answers);
}

/**
 * Opens a connection whose bytes are never read, and sends empty pings as fast as possible. @returns after how many ms it was closed, or
 * null
 */
async function floodPings(port: number, isReading: boolean): Promise<number | null> {
  const socket: Socket = createConnection({ port, host: "127.0.0.1" });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
  );
  await once(socket, "data");
  if (isReading) socket.on("data", () => undefined);
  else socket.pause();
  const pings = Buffer.alloc(6 * 2_000);
  for (let at = 0; at < pings.length; at += 6) pings.set([0x89, 0x80, 0, 0, 0, 0], at);
  const beganAt = performance.now();
  let closedAt: number | null = null;
  socket.once("close", () => {
    closedAt = performance.now();
  });
  while (performance.now() - beganAt < ATTACK_MS && closedAt === null) {
    if (socket.writableLength < MOST_WAITING) socket.write(pings);
    await pause(socket.writableLength < MOST_WAITING ? 0 : 5);
  }
  socket.destroy();
  return closedAt === null ? null : closedAt - beganAt;
}

async function flood({ server }: Stage, lines: number, isReading: boolean): Promise<string> {
  const before = residentKb(server.pid);
  const cuts = await Promise.all(Array.from({ length: lines }, () => floodPings(server.port, isReading)));
  const grown = (residentKb(server.pid) - before) / 1_024;
  const slowest = cuts.some((cut) => cut === null) ? "NOT CUT" : `cut after ${Math.round(Math.max(...cuts.map((cut) => cut ?? 0)))} ms`;
  return `${slowest} (aim ≤ ${CUT_MS}), memory ${grown >= 0 ? "+" : ""}${grown.toFixed(0)} MB`;
}

async function searchOften({ server, tokens }: Stage): Promise<string> {
  const rest = openRest(server.port, { connections: 4 });
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      const headers = { authorization: `Bearer ${tokens[n % tokens.length]}` };
      const { status } = await rest.call({ method: "GET", path: "/api/chatroom/search?q=w&limit=25", headers });
      return String(status);
    }),
  );
  rest.close();
  return tally(answers);
}

const attacks: readonly Attack[] = [
  { what: "nothing (control)", run: () => pause(ATTACK_MS, "–") },
  {
    what: "messages of stacked marks, ligatures, families, flags and dots",
    run: (stage) => each(stage, stage.roomId, [...COSTLY_TEXTS, ...COSTLY_TEXTS]),
  },
  { what: "direct messages of numerals and look-alikes", run: (stage) => each(stage, stage.directId, LOOK_ALIKES) },
  {
    what: "40 edits of an unknown message, with a mention of 4,000 characters",
    async run({ server, tokens, roomId }) {
      const client = await LoadClient.enter(server.port, tokens[0] ?? "", roomId);
      const input = { messageId: randomUUID(), text: `@a${".".repeat(3_990)}b` };
      const answers = await Promise.all(Array.from({ length: 40 }, () => client.ask("edit_message", input).then(() => "edited", codeOf)));
      client.close();
      return tally(answers);
    },
  },
  {
    what: "20 searches that meet such texts, stored before they were rejected",
    async run(stage) {
      for (const text of COSTLY_TEXTS.slice(0, 5))
        await stage.bench.database.pool.query(INSERT, [stage.roomId, subjectOf(stage.tokens[0] ?? ""), text]);
      await pause(3_000);
      return searchOften(stage);
    },
  },
  { what: "one line of pings that reads, without a token", run: (stage) => flood(stage, 1, true) },
  { what: "one line of pings that does not read, without a token", run: (stage) => flood(stage, 1, false) },
  { what: "eight lines of pings, without a token", run: (stage) => flood(stage, 8, false) },
];

async function probing(port: number, work: () => Promise<string>): Promise<Probed & { readonly said: string }> {
  const child = forkHere("./load/health-probe.ts", { PROBED_PORT: String(port) });
  await once(child, "message");
  const said = await work();
  child.send("stop");
  const [probed] = (await once(child, "message")) as [Probed];
  return { ...probed, said };
}

const DIRECT = "INSERT INTO rooms (id, kind, name, direct_key, owner_id) VALUES ($1, 'direct', '', $2, $3)";

async function stageOf(bench: Bench, server: Running): Promise<Stage> {
  const tokens = (await Promise.all([1, 2, 3].map(() => makeGuests(server.port, 1)))).flat();
  const [one = "", other = ""] = tokens.map(subjectOf).sort();
  const directId = randomUUID();
  await bench.database.pool.query(DIRECT, [directId, `${one}:${other}`, one]);
  await bench.database.pool.query("INSERT INTO room_members (room_id, user_id) VALUES ($1, $2), ($1, $3)", [directId, one, other]);
  return { bench, server, tokens, directId, roomId: (await openRooms(bench.database))[0] ?? "" };
}

/** Measures the longest stall that a user can cause: `/health`, requested every 10 ms from another process, with production limits. */
export async function measureAttacks(bench: Bench): Promise<Section> {
  const server = await startOurs(bench.database, { limitsScale: 1 });
  try {
    const stage = await stageOf(bench, server);
    const rows: Row[] = [];
    let control = Number.NaN;
    for (const attack of attacks) {
      const { times, failures, said } = await probing(server.port, () => attack.run(stage));
      const longest = Math.max(...times);
      if (Number.isNaN(control)) control = longest;
      bench.say(
        `  ${attack.what}: /health max ${longest.toFixed(0)} ms, p50 ${median(times).toFixed(1)}, ${failures} failed of ${times.length + failures}; ${said}`,
      );
      rows.push({
        what: `Longest \`/health\` during: ${attack.what}`,
        ours: `${longest.toFixed(0)} ms, ${failures} failed; ${said}`,
        beside: `${control.toFixed(0)} ms (no attack)`,
        ratio: bold(longest / control),
        aim: `≤ ${AIM_MS} ms, none failed`,
      });
    }
    return { rows: rows.slice(1) };
  } finally {
    await server.stop();
  }
}
