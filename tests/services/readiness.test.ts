import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { createMonitor, type DatabaseMonitor } from "../../prisma/monitor.ts";
import { createReadiness, type HealthChecks } from "../../services/readiness.ts";
import { type App, bootApp } from "../support/app.ts";
import { createRest } from "../support/client.ts";
import { databaseForFile } from "../support/for-file.ts";
import { createGate, type Gate } from "../support/gate.ts";

let gate: Gate;
let app: App;
let monitor: DatabaseMonitor;
let aheadMs = 0;

const database = await databaseForFile();

beforeAll(async () => {
  gate = await createGate(database.url);
  app = await bootApp({ database: database.url });
});

beforeEach(() => {
  gate.open();
  aheadMs = 0;
  monitor = createMonitor(gate.url);
});

afterEach(() => monitor.close());

afterAll(async () => {
  await app.close();
  await gate.close();
});

const now = (): Date => new Date(Date.now() + aheadMs);
const linesWith = (words: string): string[] => app.log.filter((line) => line.includes(words));

const readinessWith = (jobs: () => Promise<unknown>): (() => Promise<HealthChecks>) =>
  createReadiness({ services: { ...app.services, now }, metrics: app.deps.metrics, monitor, jobs });

const ready = (): (() => Promise<HealthChecks>) => readinessWith(async () => []);

it("readiness, many callers at once and within a second: checks each dependency once", async () => {
  let asked = 0;
  const read = readinessWith(async () => {
    asked += 1;
    return [];
  });
  const found = await Promise.all(Array.from({ length: 500 }, () => read()));
  for (let call = 0; call < 500; call++) found.push(await read());
  expect(asked).toBe(1);
  expect(new Set(found).size).toBe(1);
  expect(found[0]).toMatchObject({ database: { ok: true }, migrations: { ok: true }, clock: { ok: true }, redis: { ok: true } });
});

it("readiness, a hanging dependency: reports the others without waiting for it for long", async () => {
  const read = readinessWith(() => new Promise(() => undefined));
  const first = await Promise.race([read(), database.pool.query("SELECT pg_sleep(4)")]);
  expect(first).toMatchObject({ database: { ok: true }, jobs: { ok: true } });
});

it.each(["shut", "hang"] as const)(
  "a database that is unavailable (%s): is reported as failing until it recovers, with one log entry for each change",
  async (how) => {
    const awayBefore = linesWith("the database became unreachable").length;
    const backBefore = linesWith("the database is reachable again").length;
    const read = ready();
    expect((await read()).database).toEqual({ ok: true });
    gate[how]();
    await expect.poll(async () => (await read()).database?.ok).toBe(false);
    const rest = createRest(app.url);
    for (let call = 0; call < 3; call++) await rest.get("/health");
    gate.open();
    await expect.poll(async () => (await read()).database?.ok).toBe(true);
    await expect.poll(() => linesWith("the database is reachable again").length).toBe(backBefore + 1);
    expect(linesWith("the database became unreachable")).toHaveLength(awayBefore + 1);
    expect(linesWith("the database is reachable again").at(-1)).toMatch(/outageMs.*unavailableAnswers/);
  },
);

it.each([
  ["ahead of", 3_600_000],
  ["behind", -31_000],
])(
  "a clock that is %s the database's by more than 30 s: makes the node not ready, and is logged once until the clock is right",
  async (_how, ms) => {
    const wrongBefore = linesWith("clock differs").length;
    const rightBefore = linesWith("clock agrees").length;
    const read = ready();
    expect((await read()).clock).toMatchObject({ ok: true });
    aheadMs = ms;
    await expect.poll(async () => (await read()).clock?.ok).toBe(false);
    expect(Math.abs(Number((await read()).clock?.aheadMs) - ms)).toBeLessThan(20_000);
    await expect.poll(() => linesWith("clock differs").length).toBe(wrongBefore + 1);
    aheadMs = 10_000;
    await expect.poll(async () => (await read()).clock?.ok).toBe(true);
    await expect.poll(() => linesWith("clock agrees").length).toBe(rightBefore + 1);
    expect(linesWith("clock differs")).toHaveLength(wrongBefore + 1);
  },
);
