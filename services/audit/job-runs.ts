import type pg from "pg";
import { newId } from "../../utils/ids.ts";

/** How one run of a job went. `error` is null for a good one. */
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

const FORGET = "DELETE FROM job_runs WHERE id IN (SELECT id FROM job_runs WHERE started_at < $1 LIMIT $2)";

/** Writes down a run. */
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

/** The newest run of each of the named jobs, on whichever node it was. */
export async function lastRuns(pool: pg.Pool, names: readonly string[]): Promise<JobRun[]> {
  return (await pool.query<JobRun>(LAST, [names])).rows;
}

/** Removes the record of old runs. @returns how many */
export async function forgetRuns(pool: pg.Pool, { before, limit }: { before: Date; limit: number }): Promise<number> {
  return (await pool.query(FORGET, [before, limit])).rowCount ?? 0;
}
