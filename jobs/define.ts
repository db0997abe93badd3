import { BatchError } from "../services/audit/process-rows.ts";
import type { Services } from "../services/context.ts";

/** A scheduled job. `run` must be safe to repeat at any time; it returns the number of changed rows. */
export type Job = {
  readonly name: string;
  /** The schedule as a five-field cron expression, in UTC. */
  readonly cron: string;
  run(services: Services): Promise<number>;
};

export const defineJob = (job: Job): Job => job;

const BATCH = 200;

type Outcome = { readonly done: number; readonly errors: readonly unknown[] };

/** Converts failures of single rows into a part of the result. Rethrows every other error. */
async function outcomeOf(work: Promise<number>): Promise<Outcome> {
  try {
    return { done: await work, errors: [] };
  } catch (error) {
    if (error instanceof BatchError) return error;
    throw error;
  }
}

function resultOf({ done, errors }: Outcome): number {
  if (errors.length > 0) throw new BatchError(done, errors);
  return done;
}

/**
 * Repeats `work` in batches of at most `limit` rows until a batch is not full. Failed rows do not stop it.
 * @returns the number of rows of all batches
 * @throws BatchError at the end when some rows failed
 */
export async function inBatches(work: (limit: number) => Promise<number>, limit = BATCH): Promise<number> {
  const errors: unknown[] = [];
  let done = 0;
  for (;;) {
    const batch = await outcomeOf(work(limit));
    done += batch.done;
    errors.push(...batch.errors);
    if (batch.done + batch.errors.length < limit) return resultOf({ done, errors });
  }
}

/**
 * Runs the parts of a job in sequence. A failed part does not prevent the next ones from running.
 * @returns the number of rows of all parts
 * @throws BatchError at the end when a part, or some of its rows, failed
 */
export async function inParts(...parts: readonly (() => Promise<number>)[]): Promise<number> {
  const errors: unknown[] = [];
  let done = 0;
  for (const part of parts) {
    const outcome = await outcomeOf(part()).catch((error: unknown): Outcome => ({ done: 0, errors: [error] }));
    done += outcome.done;
    errors.push(...outcome.errors);
  }
  return resultOf({ done, errors });
}
