import type { HeldMessageDto } from "../../utils/contract/schemas/messages.ts";
import type { ListHeldInput } from "../../utils/contract/schemas/moderation.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/schemas/primitives.ts";
import { readCursorId } from "../../utils/cursor.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { COLUMNS, JOINED, type MessageRow, presentHeld } from "../messages/present.ts";
import { mayReviewMessages } from "./policy.ts";

/** Ids are time-ordered. */
const PENDING = `
  SELECT ${COLUMNS} FROM ${JOINED}
  WHERE m.seq IS NULL AND m.moderation = 'pending' AND ($1::uuid IS NULL OR m.id > $1) ORDER BY m.id LIMIT $2`;

const OWN_MESSAGES = `SELECT ${COLUMNS} FROM ${JOINED} WHERE m.seq IS NULL AND m.author_id = $1 AND m.room_id = $2 ORDER BY m.id`;

/** Lists the messages that wait for review, oldest first. @throws AppError `forbidden` for users other than staff */
export async function listReviewQueue(ctx: Ctx<"pool">, { cursor, limit = DEFAULT_PAGE }: ListHeldInput): Promise<Page<HeldMessageDto>> {
  authorize(mayReviewMessages(ctx.actor));
  const { rows } = await ctx.pool.query<MessageRow>(PENDING, [readCursorId(cursor), limit + 1]);
  const items = rows.slice(0, limit).map(presentHeld);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** Returns the actor's own messages in a room that wait for review, or were rejected there. */
export async function ownHeldMessages({ pool, actor }: Pick<Ctx, "pool" | "actor">, roomId: string): Promise<HeldMessageDto[]> {
  const { rows } = await pool.query<MessageRow>({ name: "held-messages-of-author", text: OWN_MESSAGES, values: [actor.id, roomId] });
  return rows.map(presentHeld);
}
