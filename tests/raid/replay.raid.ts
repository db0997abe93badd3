import { setTimeout as pause } from "node:timers/promises";
import pLimit from "p-limit";
import { afterAll, expect, it } from "vitest";
import type { MessageDto } from "../../utils/contract/schemas/messages.ts";
import { newId } from "../../utils/ids.ts";
import type { App } from "../support/app.ts";
import { bootApp } from "../support/app.ts";
import { restOf } from "../support/conversations.ts";
import { testDatabase } from "../support/database/db.ts";
import { makeGuest, makeRoom, type Person } from "../support/factories.ts";
import { newAddress } from "../support/fakes/phones.ts";
import { connect, type Live } from "../support/sockets/sockets.ts";
import { introduction, type Script, scripts } from "./scripts.ts";

const RAIDERS = 500;
const NEWCOMERS = 50;
/** Half of the newcomers are there before the raid, the others arrive during it. */
const EARLY = 25;
const TEXTS = 3;
/** How many people must receive a message for it to count as seen. */
const SEEN_BY = 5;
const VISIBLE_MS = 1_000;
/** How long the raid lasts: all raiders begin within this time. */
const RAID_MS = 60_000;

/** How many raiders act at once, so that the machine of the test is not the bottleneck. */
const CONCURRENT = 12;

const database = await testDatabase();
const app = await bootApp({ database: database.url, limitsScale: 1, env: { TRUST_PROXY: "1" } });
const lives: Live[] = [];

afterAll(async () => {
  for (const live of lives) live.close();
  await app.close();
  await database.drop();
});

/** Who received which text, and when first. */
const receivers = new Map<string, number>();
const receivedAt = new Map<string, number>();

function watch(live: Live): void {
  live.socket.on("messages_changed", ({ messages }: { messages: MessageDto[] }) => {
    for (const message of messages) {
      if (message.deletedAt !== null) continue;
      receivers.set(message.clientMessageId, (receivers.get(message.clientMessageId) ?? 0) + 1);
      if (!receivedAt.has(message.clientMessageId)) receivedAt.set(message.clientMessageId, performance.now());
    }
  });
}

/** Creates guests directly: their creation would be paused long before there are so many. */
async function makeGuests(count: number): Promise<Person[]> {
  const guests: Person[] = [];
  while (guests.length < count) guests.push(await makeGuest(app.services));
  return guests;
}

const open = (person: Person): Promise<Live> => connect(app.url, person.token, { headers: newAddress() });

async function enter(person: Person, roomId: string): Promise<Live> {
  const live = await open(person);
  lives.push(live);
  // A busy machine may answer `unavailable`, after which the page tries again too.
  for (let tries = 0; !(await live.ask("join_room", { roomId })).ok && tries < 5; tries += 1) await pause(1_000);
  return live;
}

type Outcome = { readonly clientMessageId: string; readonly sentAt: number; readonly result: string };

async function say(node: App, person: Person, { roomId, text }: { roomId: string; text: string }): Promise<Outcome> {
  const clientMessageId = newId();
  const sentAt = performance.now();
  const { status, body } = await restOf(node, person).post<{ moderation?: string; code?: string }>(
    `/api/chatroom/rooms/${roomId}/messages`,
    {
      clientMessageId,
      text,
    },
  );
  return { clientMessageId, sentAt, result: status === 201 ? (body.moderation ?? "sent") : (body.code ?? String(status)) };
}

/** One raider: enters, and sends a few texts in a row. */
async function raid(person: Person, roomId: string, script: Script): Promise<(Outcome & { script: string })[]> {
  const outcomes: (Outcome & { script: string })[] = [];
  const live = await open(person);
  await live.ask("join_room", { roomId });
  for (let count = 0; count < TEXTS; count += 1) {
    outcomes.push({ ...(await say(app, person, { roomId, text: script.next() })), script: script.name });
    await pause(200);
  }
  live.close();
  return outcomes;
}

function counted(results: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}

const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

it("replays a raid of 500 scripted guests among 50 honest newcomers, and prints what people saw", async () => {
  const roomId = await makeRoom(app.services);
  const newcomers = await makeGuests(NEWCOMERS);
  const raiders = await makeGuests(RAIDERS);
  const introductions: Promise<Outcome>[] = [];
  const introduce = async (person: Person): Promise<void> => {
    watch(await enter(person, roomId));
    introductions.push(say(app, person, { roomId, text: introduction() }));
  };
  for (const person of newcomers.slice(0, EARLY)) await introduce(person);
  const startedAt = performance.now();
  const slots = pLimit(CONCURRENT);
  const attacks = raiders.map(async (person, index) => {
    await pause((RAID_MS * index) / RAIDERS);
    return slots(() => raid(person, roomId, scripts[index % scripts.length] as Script));
  });
  const arrivals = newcomers.slice(EARLY).map(async (person, index) => {
    await pause((RAID_MS * (index + 0.5)) / (NEWCOMERS - EARLY));
    await introduce(person);
  });
  const hostile = (await Promise.all(attacks)).flat();
  await Promise.all(arrivals);
  const honest = await Promise.all(introductions);
  await pause(1_000);

  const isSeen = ({ clientMessageId }: Outcome): boolean => (receivers.get(clientMessageId) ?? 0) > SEEN_BY;
  const isPrompt = ({ clientMessageId, sentAt }: Outcome): boolean =>
    (receivedAt.get(clientMessageId) ?? Number.POSITIVE_INFINITY) - sentAt < VISIBLE_MS;
  const seen = hostile.filter(isSeen);
  const prompt = honest.filter(isPrompt);
  const modes = await database.pool.query(
    "SELECT scope_kind, measures, round(extract(epoch FROM started_at - $1::timestamptz)::numeric, 1)::float8 AS after FROM raid_modes ORDER BY started_at",
    [new Date(Date.now() - (performance.now() - startedAt))],
  );
  const delays = honest.map(({ clientMessageId, sentAt }) => (receivedAt.get(clientMessageId) ?? Number.NaN) - sentAt);
  const median = delays.filter((delay) => !Number.isNaN(delay)).sort((a, b) => a - b)[Math.floor(delays.length / 2)] ?? Number.NaN;
  console.log(
    [
      `hostile messages: ${hostile.length}, seen by more than ${SEEN_BY} people: ${seen.length} (${percent(seen.length, hostile.length)})`,
      ...scripts.map(({ name }) => {
        const own = hostile.filter(({ script }) => script === name);
        return `  ${name}: seen ${own.filter(isSeen).length} of ${own.length}; ${JSON.stringify(counted(own.map(({ result }) => result)))}`;
      }),
      `honest first messages: ${honest.length}, visible in less than ${VISIBLE_MS} ms: ${prompt.length} (${percent(prompt.length, honest.length)})`,
      `  median ${Math.round(median)} ms; ${JSON.stringify(counted(honest.map(({ result }) => result)))}`,
      `automatic raid modes: ${JSON.stringify(modes.rows)}`,
    ].join("\n"),
  );
  expect(hostile).toHaveLength(RAIDERS * TEXTS);
  expect(seen.length / hostile.length).toBeLessThan(0.05);
  expect(prompt.length / honest.length).toBeGreaterThan(0.9);
});
