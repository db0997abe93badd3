import type { Services } from "../context.ts";

const FORGET_REFUSED = `
  DELETE FROM messages WHERE id IN (
    SELECT id FROM messages WHERE seq IS NULL AND moderation = 'removed' AND created_at < $1 ORDER BY id LIMIT $2)`;

/** Removes messages that were refused before they were ever shown, so long after they were written. @returns how many */
export async function forgetRefused({ pool, now }: Pick<Services, "pool" | "now">, batch: { before: number; limit: number }) {
  return (await pool.query(FORGET_REFUSED, [new Date(now().getTime() - batch.before), batch.limit])).rowCount ?? 0;
}
