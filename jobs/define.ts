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

/** Repeats a piece of work of at most `limit` rows until there is less than that to do. @returns the rows of all */
export async function inBatches(work: (limit: number) => Promise<number>, limit = BATCH): Promise<number> {
  let total = 0;
  for (;;) {
    const rows = await work(limit);
    total += rows;
    if (rows < limit) return total;
  }
}
