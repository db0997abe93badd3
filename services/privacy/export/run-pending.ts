import { BatchError } from "../../audit/process-rows.ts";
import type { Services } from "../../context.ts";
import { runNextExport } from "./run.ts";

/** The work in progress of each node in this process, by its pool. */
const inFlight = new WeakMap<Services["pool"], Promise<number>>();

/** The maximum number of exports per run, so that a run ends even while new ones keep coming. */
const MAX_PER_RUN = 50;

async function runPending(services: Pick<Services, "db" | "pool" | "now" | "logger" | "vault">): Promise<number> {
  const errors: unknown[] = [];
  let made = 0;
  for (let count = 0; count < MAX_PER_RUN; count++) {
    const outcome = await runNextExport(services);
    if (outcome.kind === "none") break;
    if (outcome.kind === "made") made += 1;
    if (outcome.kind === "failed") errors.push(outcome.error);
  }
  if (errors.length > 0) throw new BatchError(made, errors);
  return made;
}

/**
 * Creates all queued exports, one at a time per node, even if called concurrently.
 * @returns how many were made
 * @throws BatchError when some failed; the others are made, and the failed ones are retried later
 */
export async function runPendingExports(services: Pick<Services, "db" | "pool" | "now" | "logger" | "vault">): Promise<number> {
  const before = inFlight.get(services.pool);
  // A request may have come too late for the run in progress, so run again after it.
  const work = before === undefined ? runPending(services) : before.catch(() => 0).then(() => runPending(services));
  inFlight.set(services.pool, work);
  try {
    return await work;
  } finally {
    if (inFlight.get(services.pool) === work) inFlight.delete(services.pool);
  }
}
