import { basename } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { defineJob, inBatches, type Job } from "../../jobs/define.ts";
import { allJobs } from "../../jobs/index.ts";
import { type Scheduler, startScheduler } from "../../jobs/scheduler.ts";
import { purgeRuns } from "../../services/audit/job-runs.ts";
import { createMetrics } from "../../utils/metrics.ts";
import { sourceFiles } from "../house/sources.ts";
import { appForFile } from "../support/for-file.ts";

const NEVER = "0 0 29 2 *";

const { app: node, database } = await appForFile();

const start = (jobs: Job[], metrics = createMetrics()): Promise<Scheduler> =>
  startScheduler({ url: database.url, services: node.services, logger: node.services.logger, metrics, jobs });
const runsOf = (name: string) => database.db.jobRun.findMany({ where: { name }, orderBy: { startedAt: "asc" } });
const until = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 15_000, interval: 100 });

describe("a job", () => {
  it("runs once per tick on any number of nodes, and its runs are recorded", async () => {
    const work = vi.fn(async () => 7);
    const job = defineJob({ name: "once", cron: NEVER, run: work });
    const nodes = await Promise.all([start([job]), start([job])]);
    const first = new Date("2026-11-21T12:00:00Z");
    const second = new Date("2026-11-21T12:15:00Z");
    for (const moment of [first, second]) await Promise.all(nodes.flatMap((one) => [one.tick("once", moment), one.tick("once", moment)]));
    await until(async () => expect(await runsOf("once")).toHaveLength(2));
    // Late ticks for a served moment start no run; the tick after them does.
    await nodes[1].tick("once", first);
    await nodes[1].tick("once", new Date("2026-11-21T12:30:00Z"));
    await until(async () => expect(await runsOf("once")).toHaveLength(3));
    expect(work).toHaveBeenCalledTimes(3);
    expect((await runsOf("once"))[0]).toMatchObject({ rows: 7, error: null });
    expect(await nodes[0].status()).toMatchObject([{ name: "once", cron: NEVER, lastRun: { rows: 7, error: null } }]);
    await Promise.all(nodes.map((one) => one.stop()));
  });

  it("that fails: is recorded with its error, counted, and does not affect other jobs", async () => {
    const metrics = createMetrics();
    const broken = defineJob({ name: "broken", cron: NEVER, run: () => Promise.reject(new Error("the disk is full")) });
    const sound = defineJob({ name: "sound", cron: NEVER, run: async () => 1 });
    const scheduler = await start([broken, sound], metrics);
    await scheduler.tick("broken", new Date());
    await scheduler.tick("sound", new Date());
    await until(async () => expect([...(await runsOf("broken")), ...(await runsOf("sound"))]).toHaveLength(2));
    expect(await scheduler.status()).toMatchObject([
      { lastRun: { rows: 0, error: "Error: the disk is full" } },
      { lastRun: { rows: 1, error: null } },
    ]);
    expect((await metrics.jobRuns.get()).values).toEqual(
      expect.arrayContaining([expect.objectContaining({ labels: { job: "broken", outcome: "failed" }, value: 1 })]),
    );
    await scheduler.stop();
  });

  it("runs on schedule", async () => {
    const job = defineJob({ name: "each-second", cron: "* * * * * *", run: async () => 0 });
    const scheduler = await start([job]);
    await until(async () => expect((await runsOf("each-second")).length).toBeGreaterThan(1));
    await scheduler.stop();
  });

  it("survives the loss of all queue connections to the database", async () => {
    const scheduler = await start([defineJob({ name: "tough", cron: NEVER, run: async () => 1 })]);
    await database.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'chatroom jobs'",
    );
    await until(() => scheduler.tick("tough", new Date()));
    await until(async () => expect((await runsOf("tough")).length).toBeGreaterThan(0));
    expect(await scheduler.status()).toMatchObject([{ lastRun: { error: null } }]);
    await scheduler.stop();
  });
});

it("keeps its last known status while the database is unavailable", async () => {
  const scheduler = await start([defineJob({ name: "known", cron: NEVER, run: async () => 3 })]);
  await scheduler.tick("known", new Date());
  await until(async () => expect((await scheduler.status())[0]?.lastRun?.rows).toBe(3));
  const query = vi.spyOn(node.services.pool, "query").mockImplementationOnce(() => {
    throw new Error("the database is unreachable");
  });
  expect((await scheduler.status())[0]?.lastRun?.rows).toBe(3);
  query.mockRestore();
  await scheduler.stop();
});

it("every job is registered with the server and runs on an empty database", async () => {
  const rows: Record<string, number> = {};
  for (const job of allJobs) rows[job.name] = await job.run(node.services);
  // Nothing to do is counted as zero rows.
  expect(rows).toEqual(Object.fromEntries(allJobs.map(({ name }) => [name, 0])));
  const files = sourceFiles().filter((path) => /^jobs\/(?!define|index|scheduler)/.test(path));
  expect(allJobs.map(({ name }) => `${name}.ts`).sort()).toEqual(files.map((path) => basename(path)).sort());
});

it("old job runs are purged", async () => {
  await database.db.jobRun.create({ data: { name: "ancient", startedAt: new Date("2026-01-01"), durationMs: 1, rows: 0 } });
  const now = () => new Date("2026-01-16");
  expect(await purgeRuns({ ...node.services, now }, { limit: 10 })).toBe(1);
  expect(await runsOf("ancient")).toEqual([]);
});

it("batches repeat until one is not full", async () => {
  const batches = [5, 5, 2, 5];
  expect(await inBatches(async () => batches.shift() ?? 0, 5)).toBe(12);
  expect(batches).toEqual([5]);
});
