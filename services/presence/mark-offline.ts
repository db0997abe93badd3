import { limits } from "../../utils/contract/limits.ts";
import type { Services } from "../context.ts";

const MARK = `
  UPDATE users SET presence_status = 'offline'
  WHERE id IN (SELECT id FROM users WHERE presence_status <> 'offline' AND last_seen_at < $1 LIMIT $2)`;

/** Marks people offline who were silent too long, as when the node that knew them died. @returns how many */
export async function markOffline({ pool, now }: Services, { limit }: { limit: number }): Promise<number> {
  return (await pool.query(MARK, [new Date(now().getTime() - limits.offlineAfterMs), limit])).rowCount ?? 0;
}
