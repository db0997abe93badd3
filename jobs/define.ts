import { BatchError } from "../services/audit/process-rows.ts";
import type { Services } from "../services/context.ts";

/** A piece of work with a rhythm. `run` may be repeated at any time, and answers how many rows it changed. */
export type Job = {
  readonly name: string;
  /** When, in the five fields of cron, UTC. */
  readonly cron: string;
  run(services: Services): Promise<number>;
};

export const defineJob = (job: Job): Job => job;

const BATCH = 200;

type Outcome = { readonly done: number; readonly errors: readonly unknown[] };

/** Turns the failure of single rows into a part of the result. Every other error is thrown on. */
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
 * Repeats a piece of work of at most `limit` rows until there is less than that to do. Rows that fail do not stop it.
 * @returns the rows of all batches
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
 * Runs the parts of a job one after the other. A part that fails does not keep the others from running.
 * @returns the rows of all parts
 * @throws BatchError at the end when a part failed, or rows of it
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
