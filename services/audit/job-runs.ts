import type pg from "pg";
import { DAY_MS } from "../../utils/clock.ts";
import { newId } from "../../utils/ids.ts";
import type { RowServices } from "./process-rows.ts";
import { ago, type Purge, purgeRows } from "./purge-rows.ts";

/** The result of one job run. `error` is null on success. */
export type JobRun = {
  readonly name: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly rows: number;
  readonly error: string | null;
};

const LAST = `
  SELECT DISTINCT ON (name) name, started_at AS "startedAt", duration_ms AS "durationMs", rows, error
  FROM job_runs WHERE name = ANY($1::text[]) ORDER BY name, started_at DESC`;

const RUNS_MS = 14 * DAY_MS;
const FAILURES_MS = 30 * DAY_MS;

const RUNS: Purge = { job: "purge-runs", table: "job_runs", key: { column: "id", type: "uuid" }, due: "started_at < $1" };

/** A row that still fails has a newer failure; an old failure belongs to a deleted row. */
const FAILURES = "DELETE FROM job_failures WHERE (job, row_key) IN (SELECT job, row_key FROM job_failures WHERE failed_at < $1 LIMIT $2)";

/** Records a job run. */
export async function recordRun(pool: pg.Pool, { name, startedAt, durationMs, rows, error }: JobRun): Promise<void> {
  await pool.query("INSERT INTO job_runs (id, name, started_at, duration_ms, rows, error) VALUES ($1, $2, $3, $4, $5, $6)", [
    newId(),
    name,
    startedAt,
    durationMs,
    rows,
    error,
  ]);
}

/** Returns the latest run of each of the named jobs on any node. */
export async function lastRuns(pool: pg.Pool, names: readonly string[]): Promise<JobRun[]> {
  return (await pool.query<JobRun>(LAST, [names])).rows;
}

/** Removes the records of runs older than 14 days. @returns how many */
export const purgeRuns = (services: RowServices, { limit }: { limit: number }): Promise<number> =>
  purgeRows(services, RUNS, { before: ago(services, RUNS_MS), limit });

/** Removes failures of rows that no job has processed for 30 days. @returns how many */
export async function purgeFailures(services: RowServices, { limit }: { limit: number }): Promise<number> {
  return (await services.pool.query(FAILURES, [ago(services, FAILURES_MS), limit])).rowCount ?? 0;
}
