import type { Services } from "../context.ts";

/** The services that row processing needs. */
export type RowServices = Pick<Services, "pool" | "now" | "logger">;

/** The first retry follows after this time; each further attempt waits four times as long, up to the maximum. */
const RETRY_MS = 60_000;
const RETRY_FACTOR = 4;
const MAX_RETRY_MS = 6 * 3_600_000;
const ERROR_CHARACTERS = 500;

const RECORD = `
  INSERT INTO job_failures AS f (job, row_key, attempts, error, failed_at, retry_at)
  VALUES ($1, $2, 1, $3, $4::timestamptz, $4::timestamptz + make_interval(secs => $5::float8))
  ON CONFLICT (job, row_key) DO UPDATE SET attempts = f.attempts + 1, error = excluded.error, failed_at = excluded.failed_at,
    retry_at = excluded.failed_at + make_interval(secs => least($7::float8, $5::float8 * power($6::float8, least(f.attempts, 10))))`;

const CLEAR = "DELETE FROM job_failures WHERE job = $1 AND row_key = ANY($2::text[])";

export const messageOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, ERROR_CHARACTERS);

/** Some rows of a batch failed; the others are done. `done` is the number of processed rows, `errors` has one entry per failed row. */
export class BatchError extends AggregateError {
  readonly done: number;

  constructor(done: number, errors: readonly unknown[]) {
    super(errors, `${errors.length} of ${done + errors.length} rows failed: ${messageOf(errors[0])}`);
    this.name = "BatchError";
    this.done = done;
  }
}

/**
 * Returns the SQL condition that leaves out the rows that failed in this job and are not due for another attempt. `key` is the SQL
 * expression of the row's key, `now` the parameter that holds the current time.
 */
export const notFailed = ({ job, key, now }: { job: string; key: string; now: string }): string =>
  `NOT EXISTS (SELECT FROM job_failures f WHERE f.job = '${job}' AND f.row_key = (${key})::text AND f.retry_at > ${now}::timestamptz)`;

/**
 * Records that a job could not process a row, and when it may try again.
 * @throws the database's error when the failure cannot be recorded
 */
export async function recordFailure({ pool, now }: RowServices, row: { job: string; key: string; error: unknown }): Promise<void> {
  const values = [row.job, row.key, messageOf(row.error), now(), RETRY_MS / 1_000, RETRY_FACTOR, MAX_RETRY_MS / 1_000];
  await pool.query(RECORD, values);
}

/** Deletes the recorded failures of rows that have been processed since. */
export async function clearFailures({ pool }: RowServices, { job, keys }: { job: string; keys: readonly string[] }): Promise<void> {
  await pool.query(CLEAR, [job, keys]);
}

export type RowBatch = {
  readonly job: string;
  readonly keys: readonly string[];
  /** Processes these rows in one transaction. Returns how many it changed. */
  readonly work: (keys: readonly string[]) => Promise<number>;
};

/** The progress of one batch. */
type Progress = { done: number; readonly succeeded: string[]; readonly errors: unknown[] };

/** Records a row's failure. If even that fails, the database is the reason and not the row: the whole batch ends. */
async function fail(services: RowServices, batch: RowBatch, { key, error }: { key: string; error: unknown }): Promise<void> {
  services.logger.warn("job could not process a row", { job: batch.job, row: key, error });
  try {
    await recordFailure(services, { job: batch.job, key, error });
  } catch {
    throw error;
  }
}

/** Processes some rows; on an error it splits them in half, so that one bad row fails only itself. */
async function processPart(services: RowServices, batch: RowBatch, part: { keys: readonly string[]; progress: Progress }): Promise<void> {
  const { keys, progress } = part;
  const [only] = keys;
  if (only === undefined) return;
  try {
    progress.done += await batch.work(keys);
    progress.succeeded.push(...keys);
  } catch (error) {
    if (keys.length === 1) {
      await fail(services, batch, { key: only, error });
      progress.errors.push(error);
      return;
    }
    const middle = Math.ceil(keys.length / 2);
    await processPart(services, batch, { keys: keys.slice(0, middle), progress });
    await processPart(services, batch, { keys: keys.slice(middle), progress });
  }
}

async function finish(services: RowServices, batch: RowBatch, progress: Progress): Promise<number> {
  if (progress.succeeded.length > 0) await clearFailures(services, { job: batch.job, keys: progress.succeeded });
  if (progress.errors.length > 0) throw new BatchError(progress.done, progress.errors);
  return progress.done;
}

/**
 * Processes the rows of a batch together, and after an error in ever smaller parts: a row that fails is recorded in `job_failures`
 * and skipped by `notFailed` until its next attempt, which waits 1 min, then 4 min, and so on up to 6 h.
 * @returns how many rows were changed
 * @throws BatchError when some rows failed; the others are done
 */
export async function processRows(services: RowServices, batch: RowBatch): Promise<number> {
  const progress: Progress = { done: 0, succeeded: [], errors: [] };
  await processPart(services, batch, { keys: batch.keys, progress });
  return finish(services, batch, progress);
}

/**
 * Does the same as `processRows` for work that takes one row at a time. `work` returns whether it changed the row.
 * @throws BatchError when some rows failed; the others are done
 */
export async function processEach(
  services: RowServices,
  { job, keys, work }: Omit<RowBatch, "work"> & { work: (key: string) => Promise<boolean> },
): Promise<number> {
  const progress: Progress = { done: 0, succeeded: [], errors: [] };
  const batch: RowBatch = { job, keys, work: async ([key = ""]) => ((await work(key)) ? 1 : 0) };
  for (const key of keys) await processPart(services, batch, { keys: [key], progress });
  return finish(services, batch, progress);
}
