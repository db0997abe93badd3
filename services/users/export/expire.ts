import type { Services } from "../../context.ts";

const EXPIRE = `
  WITH due AS (
    UPDATE data_exports SET state = 'expired', sealed_key = NULL WHERE id IN (
      SELECT id FROM data_exports WHERE state = 'ready' AND expires_at <= $1 LIMIT $2
    ) RETURNING id
  ), gone AS (DELETE FROM export_pieces WHERE export_id IN (SELECT id FROM due))
  SELECT id FROM due`;

/** Removes what can no longer be fetched. @returns how many exports */
export async function expireExports({ pool, now }: Services, { limit }: { limit: number }): Promise<number> {
  return (await pool.query(EXPIRE, [now(), limit])).rowCount ?? 0;
}
