import { limits } from "../../utils/contract/limits.ts";
import { processRows, type RowServices } from "../audit/process-rows.ts";
import { ago, failuresOf, findDue, type Purge } from "../audit/purge-rows.ts";

const SILENT: Purge = {
  job: "mark-offline",
  table: "users",
  key: { column: "id", type: "uuid" },
  due: "presence_status <> 'offline' AND last_seen_at < $1",
};

const MARK =
  "UPDATE users SET presence_status = 'offline' WHERE id = ANY($1::uuid[]) AND presence_status <> 'offline' AND last_seen_at < $2";

/**
 * Marks users as offline whose last heartbeat is too old, for example because their node died.
 * @returns how many
 * @throws BatchError when some could not be marked; the others are
 */
export async function markOffline(services: RowServices, { limit }: { limit: number }): Promise<number> {
  const before = ago(services, limits.offlineAfterMs);
  const keys = await findDue(services, SILENT, { before, limit });
  const work = async (ids: readonly string[]): Promise<number> => (await services.pool.query(MARK, [ids, before])).rowCount ?? 0;
  return processRows(services, { job: failuresOf(SILENT), keys, work });
}
