import type { ReadNotificationsInput } from "../../utils/contract/schemas/notifications.ts";
import type { Ctx } from "../context.ts";

const READ = `
  UPDATE notifications SET read_at = now()
  WHERE user_id = $1 AND read_at IS NULL AND (id = ANY($2::uuid[]) OR id <= $3::uuid) RETURNING id`;

/** Marks notifications as read, and publishes this to the actor's other devices. Ids of other users and read ones are ignored. */
export async function readNotifications(
  { pool, actor, publish }: Ctx<"pool" | "publish">,
  { ids = [], upTo }: ReadNotificationsInput,
): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(READ, [actor.id, ids, upTo ?? null]);
  if (rows.length > 0) publish.notificationsRead(actor.id, { ids: upTo === undefined ? rows.map(({ id }) => id) : [], upTo: upTo ?? null });
}
