import type { Ctx } from "../../context.ts";
import { isStaff } from "../../users/policy.ts";

const ROOMS = "SELECT id FROM rooms WHERE lounge_id = ANY($1::uuid[])";

/**
 * Returns the ids of the lounges and rooms whose actions a moderator may see; null for the staff of the site, who see those of all scopes.
 * Pass them as one parameter, so that the database knows how many there are when it plans the query.
 */
export async function scopesOf({ pool, actor }: Ctx<"pool">): Promise<string[] | null> {
  if (isStaff(actor)) return null;
  const { rows } = await pool.query<{ id: string }>(ROOMS, [actor.moderates]);
  return [...actor.moderates, ...rows.map(({ id }) => id)];
}
