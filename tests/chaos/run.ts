import { setTimeout as pause } from "node:timers/promises";
import { makeGuests } from "../bench/load/guests.ts";
import { type RunningServer, startServer } from "../support/server.ts";
import { type Client, createClient, type Stage } from "./client.ts";
import type { Evidence } from "./history.ts";
import { createNet, type Net } from "./net.ts";
import { createRandom, type Random } from "./random.ts";
import { callWitness, headsOf, hearWitness, openRooms } from "./witness.ts";

export type Trouble =
  | "server killed"
  | "database restarted"
  | "database ended at once"
  | "power cut"
  | "lines cut"
  | "lines half-open"
  | "net gone";

export type Plan = {
  readonly seed: number;
  readonly clients: number;
  readonly rooms: number;
  /** The faults, in an order determined by the seed. */
  readonly troubles: readonly Trouble[];
  /** The commands acknowledged before each fault and after the last. */
  readonly acksBetween: number;
  readonly pauseMs: number;
};

export type Outcome = { readonly evidence: Evidence; readonly acks: number; readonly slowestReturnMs: number };

const ROOMS_OF_CLIENT = 2;
const PATIENCE_MS = 60_000;
const LONGEST_OUTAGE_MS = 2_000;

type Scene = { readonly server: RunningServer; readonly net: Net; readonly random: Random };

/** Stops PostgreSQL as `pg_ctl stop -m fast` does, or as `-m immediate`; the server restarts it. */
const endDatabase = async ({ server }: Scene, signal: "SIGINT" | "SIGQUIT"): Promise<void> =>
  void process.kill(await server.databasePid(), signal);

const makeTrouble: { readonly [Name in Trouble]: (scene: Scene) => Promise<void> | void } = {
  "server killed": async ({ server }) => {
    await server.kill();
    await server.restart();
  },
  "database restarted": (scene) => endDatabase(scene, "SIGINT"),
  "database ended at once": (scene) => endDatabase(scene, "SIGQUIT"),
  "power cut": async (scene) => {
    await endDatabase(scene, "SIGQUIT");
    await scene.server.kill();
    await scene.server.restart();
  },
  "lines cut": ({ net }) => net.cut(0.6),
  "lines half-open": ({ net }) => net.swallow(0.4),
  "net gone": async ({ net, random }) => {
    net.shut();
    await pause(random.below(LONGEST_OUTAGE_MS));
    net.open();
  },
};

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; !(await isSo()); await pause(50))
    if (performance.now() > deadline) throw new Error(`${what} did not come within ${PATIENCE_MS / 1_000} s`);
}

/** Applies one fault after another, each under load. @returns the longest time until a command was answered again, in ms */
async function play(plan: Plan, scene: Scene, stage: Stage, say: (line: string) => void): Promise<number> {
  const more = (amount: number): Promise<void> => {
    const wanted = stage.acks + amount;
    return until(() => stage.acks >= wanted, `${amount} acks`);
  };
  let slowest = 0;
  await more(plan.acksBetween);
  for (const trouble of scene.random.shuffled(plan.troubles)) {
    await makeTrouble[trouble](scene);
    const endedAt = performance.now();
    await more(1);
    const tookMs = Math.round(performance.now() - endedAt);
    slowest = Math.max(slowest, tookMs);
    say(`  ${trouble}: answered again after ${tookMs} ms`);
    await more(plan.acksBetween);
  }
  return slowest;
}

/** Waits until all clients have finished and caught up without help. */
async function settle(clients: readonly Client[], stage: Stage, heads: () => Promise<Map<string, number>>): Promise<void> {
  stage.isTalking = false;
  await until(async () => {
    const known = await heads();
    return clients.every((client) => client.isSettled(known));
  }, "peace").catch(() => undefined);
  stage.isOver = true;
}

/** Runs a plan on its own server and database, and collects the histories of the clients and the database. */
export async function runChaos(plan: Plan, say: (line: string) => void = () => undefined): Promise<Outcome> {
  const random = createRandom(plan.seed);
  const server = await startServer();
  const port = Number(new URL(server.url).port);
  const net = await createNet(port, random);
  const stage: Stage = { port: net.port, pauseMs: plan.pauseMs, acks: 0, isTalking: true, isOver: false };
  let lives: Promise<void>[] = [];
  try {
    const url = await server.databaseUrl();
    const roomIds = await openRooms(url, plan.rooms);
    await callWitness(url);
    const clients = (await makeGuests(port, plan.clients)).map((token, at) =>
      createClient({
        name: `client ${at + 1}`,
        token,
        roomIds: Array.from({ length: ROOMS_OF_CLIENT }, (_, place) => roomIds[(at + place) % roomIds.length] ?? ""),
        random: createRandom(plan.seed + at + 1),
        stage,
      }),
    );
    lives = clients.map((client) => client.live());
    const slowestReturnMs = await play(plan, { server, net, random }, stage, say);
    await settle(clients, stage, async () => headsOf(await server.databaseUrl(), roomIds));
    await Promise.all(lives);
    const evidence = { histories: clients.map((client) => client.history), ...(await hearWitness(await server.databaseUrl(), roomIds)) };
    return { evidence, acks: stage.acks, slowestReturnMs };
  } finally {
    stage.isOver = true;
    await net.close();
    await Promise.all(lives);
    await server.remove();
  }
}
