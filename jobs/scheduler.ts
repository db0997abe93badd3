import { createHash } from "node:crypto";
import { type ScheduledTask, schedule } from "node-cron";
import { PgBoss } from "pg-boss";
import type { Logger } from "winston";
import { type JobRun, lastRuns, recordRun } from "../services/audit/job-runs.ts";
import { BatchError, messageOf } from "../services/audit/process-rows.ts";
import type { Services } from "../services/context.ts";
import type { Metrics } from "../utils/metrics.ts";
import type { Job } from "./define.ts";

export type SchedulerOptions = {
  readonly url: string;
  readonly services: Services;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "jobRuns">;
  readonly jobs: readonly Job[];
};

/** A job and its latest run on any node; null before the first run. */
type JobStatus = { readonly name: string; readonly cron: string; readonly lastRun: JobRun | null };

export type Scheduler = {
  /** Queues a run of a job, as its schedule would. Calls with the same moment queue the same run. */
  tick(name: string, moment: Date): Promise<void>;
  /** Never rejects: returns the last known status while the database is unreachable. */
  status(): Promise<JobStatus[]>;
  stop(): Promise<void>;
};

const STOP_MS = 3_000;
const QUEUE = { retryLimit: 2, retryDelay: 30, expireInSeconds: 600, retentionSeconds: 3_600, deleteAfterSeconds: 86_400 } as const;

/** Returns the identifier of one run, a UUID version 8 (RFC 9562). The queue accepts it once, whichever node sends it. */
function runId(key: string): string {
  const hex = createHash("sha256").update(key).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

/**
 * Runs a job and records the outcome. Rethrows the error of a failed run so that the queue retries it; if only some rows failed, those
 * rows have their own retries.
 */
async function run({ services, logger, metrics }: SchedulerOptions, job: Job): Promise<void> {
  const startedAt = services.now();
  const began = performance.now();
  const record = (rows: number, error: string | null): Promise<void> =>
    recordRun(services.pool, { name: job.name, startedAt, durationMs: Math.round(performance.now() - began), rows, error });
  try {
    const rows = await job.run(services);
    await record(rows, null);
    metrics.jobRuns.inc({ job: job.name, outcome: "done" });
    logger.debug("job finished", { job: job.name, rows });
  } catch (error) {
    metrics.jobRuns.inc({ job: job.name, outcome: "failed" });
    logger.error("job failed", { job: job.name, error });
    const done = error instanceof BatchError ? error.done : 0;
    await record(done, messageOf(error)).catch(() => undefined);
    if (!(error instanceof BatchError)) throw error;
  }
}

async function openQueues(boss: PgBoss, options: SchedulerOptions): Promise<void> {
  await boss.start();
  for (const job of options.jobs) {
    await boss.createQueue(job.name, QUEUE);
    await boss.work(job.name, { pollingIntervalSeconds: 2 }, () => run(options, job));
  }
}

/**
 * Starts the jobs. node-cron provides the schedule, and each tick adds one entry to a queue in the database, from which one node takes it.
 * If a node dies, another one takes its run. Queue errors are logged and never end the process.
 */
export async function startScheduler(options: SchedulerOptions): Promise<Scheduler> {
  const { url, services, logger, jobs } = options;
  const boss = new PgBoss({ connectionString: url, application_name: "chatroom jobs", max: 2, schedule: false });
  boss.on("error", (error) => logger.warn("job queue error", { error }));
  await openQueues(boss, options);

  async function tick(name: string, moment: Date): Promise<void> {
    const slot = `${name}:${Math.floor(moment.getTime() / 1_000)}`;
    await boss.send(name, {}, { id: runId(slot), singletonKey: slot });
  }
  const start = ({ name, cron }: Job): ScheduledTask =>
    schedule(cron, ({ date }) => tick(name, date).catch((error: unknown) => logger.warn("could not queue a job", { job: name, error })), {
      timezone: "Etc/UTC",
      name,
      suppressMissedWarning: true,
    });
  const tasks = jobs.map(start);
  let known: JobStatus[] = jobs.map(({ name, cron }) => ({ name, cron, lastRun: null }));

  return {
    tick,
    async status() {
      const runs = await lastRuns(
        services.pool,
        jobs.map(({ name }) => name),
      ).catch(() => null);
      if (runs !== null) known = known.map((job) => ({ ...job, lastRun: runs.find(({ name }) => name === job.name) ?? null }));
      return known;
    },
    async stop() {
      for (const task of tasks) await task.destroy();
      await boss.stop({ graceful: true, timeout: STOP_MS });
    },
  };
}
