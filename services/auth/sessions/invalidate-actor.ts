import type { Services } from "../../context.ts";

const LIVE = "SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL";

/** Drops what this node remembers of who somebody is and what they may do: their next command is looked up anew. */
export async function invalidateActor({ pool, sessions }: Pick<Services, "pool" | "sessions">, userId: string): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(LIVE, [userId]);
  for (const { id } of rows) sessions.invalidate(id);
}
