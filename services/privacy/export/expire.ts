import { DAY_MS } from "../../../utils/clock.ts";
import { processRows, type RowServices } from "../../audit/process-rows.ts";
import { ago, failuresOf, findDue, type Purge, purgeRows } from "../../audit/purge-rows.ts";

const OVER: Purge = {
  job: "run-exports",
  table: "data_exports",
  key: { column: "id", type: "uuid" },
  due: "state = 'ready' AND expires_at <= $1",
};

const KEEP_MS = 30 * DAY_MS;

const RECORD: Purge = { ...OVER, job: "run-exports/forget", due: "state IN ('expired', 'failed') AND created_at < $1" };

const EXPIRE = `
  WITH due AS (
    UPDATE data_exports SET state = 'expired', sealed_key = NULL WHERE id = ANY($1::uuid[]) AND state = 'ready' RETURNING id
  ), gone AS (DELETE FROM export_pieces WHERE export_id IN (SELECT id FROM due))
  SELECT id FROM due`;

/**
 * Expires exports whose download period has ended, and removes their archives.
 * @returns how many exports
 * @throws BatchError when some could not be removed; the others are
 */
export async function expireExports(services: RowServices, { limit }: { limit: number }): Promise<number> {
  const keys = await findDue(services, OVER, { before: services.now(), limit });
  const work = async (ids: readonly string[]): Promise<number> => (await services.pool.query(EXPIRE, [ids])).rowCount ?? 0;
  return processRows(services, { job: failuresOf(OVER), keys, work });
}

/** Removes the records of expired and failed exports 30 days after they were requested. @returns how many */
export const purgeExports = (services: RowServices, { limit }: { limit: number }): Promise<number> =>
  purgeRows(services, RECORD, { before: ago(services, KEEP_MS), limit });
