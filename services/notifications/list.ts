import type { ListNotificationsInput, NotificationDto } from "../../utils/contract/schemas/notifications.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/schemas/primitives.ts";
import { readCursorId } from "../../utils/cursor.ts";
import type { Ctx } from "../context.ts";
import { type NotificationRow, presentNotification, SELECTED } from "./present.ts";

const LIST = `${SELECTED}
  WHERE n.user_id = $1 AND ($2::uuid IS NULL OR n.id < $2) AND ($3::bool IS NULL OR (n.read_at IS NULL) = $3) ORDER BY n.id DESC LIMIT $4`;

/** Lists the actor's notifications, newest first; the cursor is the last id. */
export async function listNotifications(ctx: Ctx<"pool">, input: ListNotificationsInput): Promise<Page<NotificationDto>> {
  const limit = input.limit ?? DEFAULT_PAGE;
  const isUnread = input.unread === undefined ? null : input.unread === "true";
  const { rows } = await ctx.pool.query<NotificationRow>(LIST, [ctx.actor.id, readCursorId(input.cursor), isUnread, limit + 1]);
  const items = rows.slice(0, limit).map(presentNotification);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
