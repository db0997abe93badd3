import type { Services } from "../../context.ts";

const LIVE = "SELECT id FROM sessions WHERE user_id = ANY($1::uuid[]) AND ended_at IS NULL";

type Caches = Pick<Services, "pool" | "sessions">;

/** Invalidates the cached actor of the users' sessions on this node, so that their next command reads it from the database. */
export async function invalidateActors({ pool, sessions }: Caches, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  const { rows } = await pool.query<{ id: string }>(LIVE, [userIds]);
  for (const { id } of rows) sessions.invalidate(id);
}

/** Does the same for one user. */
export const invalidateActor = (caches: Caches, userId: string): Promise<void> => invalidateActors(caches, [userId]);
