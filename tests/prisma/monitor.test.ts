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

/** Keeps this process from doing anything else. */
const stall = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const nextProbe = (): Promise<DatabaseState> =>
  new Promise((resolve) => {
    monitor.onProbe(resolve);
  });

it("a process that stalls for longer than a probe may take: the answer that has arrived counts", async () => {
  monitor = createMonitor(database.url);
  expect((await monitor.current()).isReachable).toBe(true);
  for (let round = 0; round < 3; round++) {
    const probed = nextProbe();
    monitor.suspect();
    // The query leaves in this turn of the event loop or in the next ones; its answer arrives while the process stalls.
    await new Promise(setImmediate);
    stall(1_000);
    expect((await probed).isReachable).toBe(true);
  }
});

it("a database that hangs: is found to be away once the time of a probe is over, and to be back after it", async () => {
  gate.open();
  monitor = createMonitor(gate.url);
  expect((await monitor.current()).isReachable).toBe(true);
  gate.hang();
  await expect.poll(async () => (await monitor.current()).isReachable).toBe(false);
  gate.open();
  await expect.poll(async () => (await monitor.current()).isReachable).toBe(true);
});
