import { limits } from "../../utils/contract/limits.ts";
import type { ListPinsInput, LiveMessageDto, MessageParams } from "../../utils/contract/messages.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/primitives.ts";
import { readCursorId } from "../../utils/cursor.ts";
import { AppError } from "../../utils/errors.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { needWriteAccess } from "../conversations/write-access.ts";
import { roomForMember } from "../rooms/access.ts";
import { changeMessage } from "./change.ts";
import { mayPin } from "./policy.ts";
import { presentLiveMessage } from "./present.ts";
import { readByIds } from "./queries.ts";

const COUNT = "SELECT count(*) AS count FROM messages WHERE room_id = $1 AND pinned_at IS NOT NULL";

/**
 * Pins a message to its room; a pinned one stays as it is.
 * @throws AppError `not_found`, `forbidden`, `cannot_message`, `pins_full { max }`
 */
export async function pinMessage(ctx: Ctx, { messageId }: MessageParams): Promise<LiveMessageDto> {
  const message = await changeMessage(ctx, messageId, async (tx, found, room) => {
    authorize(mayPin(ctx.actor, room));
    await needWriteAccess(tx, room, ctx.actor.id);
    if (found.pinned_at !== null) return "nothing";
    const { rows } = await tx.query<{ count: number }>(COUNT, [room.id]);
    if ((rows[0]?.count ?? 0) >= limits.pinsPerRoom) throw new AppError("pins_full", { max: limits.pinsPerRoom });
    await tx.query("UPDATE messages SET pinned_at = $2 WHERE id = $1", [messageId, ctx.now()]);
    return "message";
  });
  return message as LiveMessageDto;
}

/** Takes a pin off; where none is, nothing happens. @throws AppError `not_found`, `forbidden`, `cannot_message` */
export async function unpinMessage(ctx: Ctx, { messageId }: MessageParams): Promise<LiveMessageDto> {
  const message = await changeMessage(ctx, messageId, async (tx, found, room) => {
    authorize(mayPin(ctx.actor, room));
    await needWriteAccess(tx, room, ctx.actor.id);
    if (found.pinned_at === null) return "nothing";
    await tx.query("UPDATE messages SET pinned_at = NULL WHERE id = $1", [messageId]);
    return "message";
  });
  return message as LiveMessageDto;
}

const LIST = `
  SELECT id FROM messages WHERE room_id = $1 AND pinned_at IS NOT NULL
    AND ($2::uuid IS NULL OR (pinned_at, id) < (SELECT p.pinned_at, p.id FROM messages p WHERE p.id = $2))
  ORDER BY pinned_at DESC, id DESC LIMIT $3`;

/** The pinned messages of a room, the newest pin first; the cursor is the last id seen. @throws AppError `not_found`, the refusals of the room's door */
export async function listPins(ctx: Ctx, input: ListPinsInput): Promise<Page<LiveMessageDto>> {
  const room = await roomForMember(ctx, input.roomId);
  const limit = input.limit ?? DEFAULT_PAGE;
  const { rows: found } = await ctx.pool.query<{ id: string }>(LIST, [room.id, readCursorId(input.cursor), limit + 1]);
  const ids = found.slice(0, limit).map(({ id }) => id);
  const byId = new Map((await readByIds(ctx.pool, ids)).map((row) => [row.id, row]));
  const items = ids.flatMap((id) => byId.get(id) ?? []).map(presentLiveMessage);
  return { items, nextCursor: found.length > limit ? (ids.at(-1) ?? null) : null };
}
