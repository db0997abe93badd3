import { setTimeout as pause } from "node:timers/promises";
import { cpuSecondsOf } from "../load/process-figures.ts";
import { openWire, type Wire } from "../load/wire.ts";
import { type Bench, bold, type Section, whole } from "../part.ts";
import { openRooms, startOurs, tokenSource } from "../servers.ts";

/** A room size and the value measured at it. */
type Point = { people: number; value: number };

/** A linear fit of some points (least squares). */
type Fit = { base: number; slope: number };

const AIMS = { joinRatio: 1.3, joinSeconds: 10, crowdShare: 0.05 };

const MESSAGES = 50;
const AT_ONCE = 32;
const LOAD_MS = 10_000;
const BEAT_MS = 25_000;
const WRITERS_A_SECOND = 10;
const VISITS_A_SECOND = 5;
const TEXT = "Good evening from the harbour. The ferry is late again, so there is time for one more story about the lighthouse.";

function fitOf(points: readonly Point[]): Fit {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map((one) => one.people));
  const y = mean(points.map((one) => one.value));
  const along = points.reduce((sum, one) => sum + (one.people - x) * (one.value - y), 0);
  const slope = along / points.reduce((sum, one) => sum + (one.people - x) ** 2, 0);
  return { base: y - slope * x, slope };
}

const valueAt = ({ base, slope }: Fit, people: number): number => base + slope * people;

/** A connected user who sends commands and counts the received bytes. */
type Guest = { ask(name: string, input: object): Promise<void>; close(): void };

type Received = { bytes: number };

function arrive(port: number, token: string, received: Received): Promise<Guest> {
  const asked = new Map<number, () => void>();
  let count = 0;
  return new Promise((resolve, reject) => {
    const guest: Guest = {
      ask: (name, input) =>
        new Promise((answered) => {
          count += 1;
          asked.set(count, answered);
          wire.send(`42${count}${JSON.stringify([name, input])}`);
        }),
      close: () => wire.close(),
    };
    const onPacket = (packet: Buffer): void => {
      received.bytes += packet.length;
      const head = packet.toString("latin1", 0, 24);
      if (head.startsWith("0")) wire.send(`40${JSON.stringify({ token })}`);
      else if (head.startsWith("40")) resolve(guest);
      else if (head.startsWith("43")) {
        const [, number = "", outcome] = /^43(\d+)\[\{"ok":(t|f)/.exec(head) ?? [];
        if (outcome !== "t") throw new Error(`refused: ${packet.toString("utf8", 0, 300)}`);
        asked.get(Number(number))?.();
        asked.delete(Number(number));
      }
    };
    const wire: Wire = openWire({ port, host: "127.0.0.1" }, { onPacket, onClose: (reason) => reject(new Error(reason)) });
  });
}

/** Runs the same work for many items with limited concurrency. */
async function each<Item, Value>(items: readonly Item[], work: (item: Item) => Promise<Value>): Promise<Value[]> {
  const done: Value[] = [];
  const next = items.values();
  const worker = async (): Promise<void> => {
    for (const item of next) done.push(await work(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return done;
}

const keyOf = (at: number): string => `0190b6a0-0000-7000-8000-${(Date.now() * 100 + at).toString(16).padStart(12, "0").slice(-12)}`;

async function fill(guest: Guest, roomId: string): Promise<void> {
  await guest.ask("join_room", { roomId });
  for (let at = 0; at < MESSAGES; at += 1) await guest.ask("send_message", { roomId, clientMessageId: keyOf(at), text: TEXT });
  await guest.ask("leave_room", { roomId });
}

/** Measures the server's CPU time of many connected users joining one room, each with its newest messages, by the size of the room. */
export async function measureJoins({ database, isQuick, say }: Bench): Promise<Section> {
  const ours = await startOurs(database);
  const people = isQuick ? 1_000 : 5_000;
  const tokens = await tokenSource(ours.port)(people);
  const roomId = (await openRooms(database))[0] ?? "";
  const received = { bytes: 0 };
  const guests = await each(tokens, (token) => arrive(ours.port, token, received));
  const [first] = guests;
  if (first) await fill(first, roomId);

  const step = people / 10;
  const points: Point[] = [];
  const startedAt = performance.now();
  for (let from = 0; from < people; from += step) {
    const before = cpuSecondsOf(ours.pid);
    await each(guests.slice(from, from + step), (guest) => guest.ask("join_room", { roomId }));
    points.push({ people: from + step / 2, value: ((cpuSecondsOf(ours.pid) - before) * 1e6) / step });
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const guest of guests) guest.close();
  const fit = fitOf(points);
  const ratio = valueAt(fit, people * 0.8) / valueAt(fit, people * 0.1);
  say(`  joins: ${points.map(({ people: at, value }) => `${Math.round(value)} µs at ${at}`).join(", ")}`);
  say(
    `  fit: ${fit.base.toFixed(0)} µs + ${(fit.slope * 1_000).toFixed(1)} ns a person; ${ratio.toFixed(2)} × at ${people * 0.8}, all in after ${seconds.toFixed(1)} s`,
  );
  await ours.stop();
  const row = {
    what: `CPU of a join with its newest ${MESSAGES} messages, of ${whole(people)} into one room in ${seconds.toFixed(1)} s`,
    ours: `${whole(valueAt(fit, people * 0.8))} µs with ${whole(people * 0.8)} inside`,
    beside: `${whole(valueAt(fit, people * 0.1))} µs with ${whole(people * 0.1)} inside`,
    ratio: bold(ratio),
    aim: `≤ ${AIMS.joinRatio}, in ${AIMS.joinSeconds} s`,
  };
  return { rows: [row] };
}

/** Simulates activity: all users send heartbeats, a fixed number join and leave, and a fixed number write. */
async function live(guests: readonly Guest[], roomId: string, ms: number): Promise<void> {
  const end = performance.now() + ms;
  const rhythm = async (perSecond: number, work: (at: number) => Promise<unknown>): Promise<void> => {
    for (let at = 0; performance.now() < end; at += 1) {
      await work(at);
      await pause(1_000 / perSecond);
    }
  };
  const one = (at: number): Guest => guests[at % guests.length] as Guest;
  await Promise.all([
    rhythm(guests.length / (BEAT_MS / 1_000), (at) => one(at).ask("heartbeat", { status: "online" })),
    rhythm(WRITERS_A_SECOND, async (at) => {
      await one(at * 7).ask("typing_start", { roomId });
      if (at >= WRITERS_A_SECOND) await one((at - WRITERS_A_SECOND) * 7).ask("typing_stop", { roomId });
    }),
    rhythm(VISITS_A_SECOND, async (at) => {
      const visitor = one(guests.length - 1 - (at % Math.floor(guests.length / 7)) * 7);
      await visitor.ask("leave_room", { roomId });
      await visitor.ask("join_room", { roomId });
    }),
  ]);
}

/** Fills a room in steps and measures the share of a core that presence and typing take, and the bytes they cause. */
export async function measureCrowd({ database, isQuick, say }: Bench): Promise<Section> {
  const ours = await startOurs(database);
  const people = isQuick ? 800 : 2_000;
  const tokens = await tokenSource(ours.port)(people);
  const roomId = (await openRooms(database))[1] ?? "";
  const received = { bytes: 0 };
  const guests: Guest[] = [];
  const result = { load: [] as Point[], idle: [] as Point[], bytes: [] as Point[] };
  for (const size of [people / 8, people / 4, people / 2, people]) {
    guests.push(...(await each(tokens.slice(guests.length, size), (token) => arrive(ours.port, token, received))));
    await each(guests, (guest) => guest.ask("join_room", { roomId }));
    await pause(4_000);
    const share = async (work: () => Promise<unknown>): Promise<number> => {
      const cpu = cpuSecondsOf(ours.pid);
      const startedAt = performance.now();
      await work();
      return (cpuSecondsOf(ours.pid) - cpu) / ((performance.now() - startedAt) / 1_000);
    };
    result.idle.push({ people: size, value: await share(() => pause(LOAD_MS / 2)) });
    received.bytes = 0;
    result.load.push({ people: size, value: await share(() => live(guests, roomId, LOAD_MS)) });
    result.bytes.push({ people: size, value: received.bytes / (LOAD_MS / 1_000) });
    const [load, idle, bytes] = [result.load.at(-1), result.idle.at(-1), result.bytes.at(-1)].map((one) => one?.value ?? 0);
    say(
      `  ${size} people: ${((load ?? 0) * 100).toFixed(1)} % of a core (${((idle ?? 0) * 100).toFixed(1)} % in silence), ${Math.round((bytes ?? 0) / 1_000)} kB a second`,
    );
  }
  for (const guest of guests) guest.close();
  const fit = fitOf(result.load);
  const bytesFit = fitOf(result.bytes);
  say(
    `  fit: ${(fit.base * 100).toFixed(2)} % + ${(fit.slope * 1e5).toFixed(2)} % per 1,000; ${Math.round(bytesFit.base / 1_000)} kB/s + ${bytesFit.slope.toFixed(0)} B/s a person`,
  );
  await ours.stop();
  const percent = (points: readonly Point[]): string => `${((points.at(-1)?.value ?? Number.NaN) * 100).toFixed(1)} %`;
  const row = {
    what: `Presence and typing with ${whole(people)} in one room, ${bytesFit.slope.toFixed(0)} bytes a second and person`,
    ours: `${percent(result.load)} of a core`,
    beside: `${percent(result.idle)} (the same crowd in silence)`,
    ratio: "–",
    aim: `≤ ${AIMS.crowdShare * 100} %`,
  };
  return { rows: [row] };
}
