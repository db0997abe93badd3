import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createMonitor, type DatabaseMonitor, type DatabaseState } from "../../prisma/monitor.ts";
import { emptyDatabase, type TestDatabase } from "../support/database/db.ts";
import { createGate, type Gate } from "../support/gate.ts";

let database: TestDatabase;
let gate: Gate;
let monitor: DatabaseMonitor;

beforeAll(async () => {
  database = await emptyDatabase();
  gate = await createGate(database.url);
});

afterEach(() => monitor.close());

afterAll(async () => {
  await gate.close();
  await database.drop();
});

/** Blocks the event loop of this process. */
const stall = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const nextProbe = (): Promise<DatabaseState> =>
  new Promise((resolve) => {
    monitor.onProbe(resolve);
  });

it("the database monitor: a process that blocks for longer than the probe timeout still counts the answer that has arrived", async () => {
  monitor = createMonitor(database.url);
  expect((await monitor.current()).isReachable).toBe(true);
  for (let round = 0; round < 3; round++) {
    const probed = nextProbe();
    monitor.suspect();
    // The query is sent in this turn of the event loop or in the next ones; its answer arrives while the process is blocked.
    await new Promise(setImmediate);
    stall(1_000);
    expect((await probed).isReachable).toBe(true);
  }
});

it("the database monitor: a hanging database is reported as unavailable after the probe timeout, and as available afterwards", async () => {
  gate.open();
  monitor = createMonitor(gate.url);
  expect((await monitor.current()).isReachable).toBe(true);
  gate.hang();
  await expect.poll(async () => (await monitor.current()).isReachable).toBe(false);
  gate.open();
  await expect.poll(async () => (await monitor.current()).isReachable).toBe(true);
});
