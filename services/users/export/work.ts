import type { Services } from "../../context.ts";
import { runNextExport } from "./run.ts";

/** The work under way on each node of this process, known by its pool. */
const underWay = new WeakMap<Services["pool"], Promise<number>>();

/** So many are made in a row: one that fails goes back into the queue, and must not keep this going for ever. */
const MOST = 50;

async function workOff(services: Services): Promise<number> {
  let made = 0;
  while (made < MOST && (await runNextExport(services))) made += 1;
  return made;
}

/** Makes all exports that wait, one at a time on a node, however often it is asked to. @returns how many it was */
export async function workOffExports(services: Services): Promise<number> {
  const before = underWay.get(services.pool);
  // What was asked for a moment ago may have come too late for the work under way: look once more when that is done.
  const work = before === undefined ? workOff(services) : before.catch(() => 0).then(() => workOff(services));
  underWay.set(services.pool, work);
  try {
    return await work;
  } finally {
    if (underWay.get(services.pool) === work) underWay.delete(services.pool);
  }
}
