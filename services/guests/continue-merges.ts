import { DAY_MS } from "../../utils/clock.ts";
import { notFailed, processEach, type RowServices } from "../audit/process-rows.ts";
import { ago, type Purge, purgeRows } from "../audit/purge-rows.ts";
import type { Services } from "../context.ts";
import { type Merge, mergeHistory } from "./merge-history.ts";

const JOB = "merge-guests";

const KEEP_MS = 30 * DAY_MS;

const FINISHED: Purge = { job: JOB, table: "guest_merges", key: { column: "guest_id", type: "uuid" }, due: "finished_at < $1" };

const OPEN = `
  SELECT guest_id AS "guestId", user_id AS "userId" FROM guest_merges
  WHERE finished_at IS NULL AND ${notFailed({ job: JOB, key: "guest_id", now: "$1" })} ORDER BY created_at LIMIT $2`;

/**
 * Continues unfinished merges, oldest first.
 * @returns how many were finished
 * @throws BatchError when some failed; the others were continued
 */
export async function continueMerges(
  services: Pick<Services, "db" | "pool" | "now" | "events" | "publish" | "logger">,
  { limit }: { limit: number },
): Promise<number> {
  const { rows } = await services.pool.query<Merge>(OPEN, [services.now(), limit]);
  const open = new Map(rows.map((merge) => [merge.guestId, merge]));
  const merge = async (guestId: string): Promise<boolean> => {
    const row = open.get(guestId);
    return row !== undefined && mergeHistory(services, row);
  };
  return processEach(services, { job: JOB, keys: [...open.keys()], work: merge });
}

/** Removes the records of merges finished 30 days ago, because they link two histories of one person. @returns how many */
export const purgeMerges = (services: RowServices, { limit }: { limit: number }): Promise<number> =>
  purgeRows(services, FINISHED, { before: ago(services, KEEP_MS), limit });
