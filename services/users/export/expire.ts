import { processRows, type RowServices } from "../../audit/process-rows.ts";
import { failuresOf, findDue, type Purge } from "../../audit/purge-rows.ts";

const OVER: Purge = {
  job: "run-exports",
  table: "data_exports",
  key: { column: "id", type: "uuid" },
  due: "state = 'ready' AND expires_at <= $1",
};

const EXPIRE = `
  WITH due AS (
    UPDATE data_exports SET state = 'expired', sealed_key = NULL WHERE id = ANY($1::uuid[]) AND state = 'ready' RETURNING id
  ), gone AS (DELETE FROM export_pieces WHERE export_id IN (SELECT id FROM due))
  SELECT id FROM due`;

/**
 * Removes what can no longer be fetched.
 * @returns how many exports
 * @throws BatchError when some could not be removed; the others are
 */
export async function expireExports(services: RowServices, { limit }: { limit: number }): Promise<number> {
  const keys = await findDue(services, OVER, { before: services.now(), limit });
  const work = async (ids: readonly string[]): Promise<number> => (await services.pool.query(EXPIRE, [ids])).rowCount ?? 0;
  return processRows(services, { job: failuresOf(OVER), keys, work });
}
