import type { Services } from "../../context.ts";

const LIVE = "SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL";

/** Invalidates the cached actor of a user's sessions on this node, so that their next command reads it from the database. */
export async function invalidateActor({ pool, sessions }: Pick<Services, "pool" | "sessions">, userId: string): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(LIVE, [userId]);
  for (const { id } of rows) sessions.invalidate(id);
}
