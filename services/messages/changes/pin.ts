import { limits } from "../../../utils/contract/limits.ts";
import type { ListPinsInput, LiveMessageDto, MessageParams } from "../../../utils/contract/schemas/messages.ts";
import { DEFAULT_PAGE, type Page } from "../../../utils/contract/schemas/primitives.ts";
import { readCursorId } from "../../../utils/cursor.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { roomForMember } from "../../rooms/access.ts";
import { mayPin } from "../policy.ts";
import { presentLiveMessage } from "../present.ts";
import { readByIds } from "../queries.ts";
import { changeLiveMessage } from "./change.ts";

const pin =
  ({ isPinned }: { isPinned: boolean }) =>
  (ctx: Ctx<"pool" | "now" | "rooms" | "conversations" | "events">, { messageId }: MessageParams): Promise<LiveMessageDto> =>
    changeLiveMessage(ctx, messageId, ({ message, room }) => {
      authorize(mayPin(ctx.actor, message, room));
      const values = [ctx.actor.id, isPinned ? ctx.now() : null, limits.pinsPerRoom];
      return { name: "pin_message", values, max: limits.pinsPerRoom };
    });

/**
 * Pins a message to its room; pinning it twice changes nothing.
 * @throws AppError `not_found`, `forbidden`, `cannot_message`, `pins_full { max }`
 */
export const pinMessage = pin({ isPinned: true });

/** Unpins a message; one that is not pinned stays as it is. @throws AppError `not_found`, `forbidden`, `cannot_message` */
export const unpinMessage = pin({ isPinned: false });

const LIST = `
  SELECT id FROM messages WHERE room_id = $1 AND pinned_at IS NOT NULL
    AND ($2::uuid IS NULL OR (pinned_at, id) < (SELECT p.pinned_at, p.id FROM messages p WHERE p.id = $2))
  ORDER BY pinned_at DESC, id DESC LIMIT $3`;

/**
 * Lists the pinned messages of a room, latest pin first; the cursor is the last id. @throws AppError `not_found`, the errors of entering
 * the room
 */
export async function listPins(ctx: Ctx<"pool" | "rooms" | "conversations">, input: ListPinsInput): Promise<Page<LiveMessageDto>> {
  const room = await roomForMember(ctx, input.roomId);
  const limit = input.limit ?? DEFAULT_PAGE;
  const { rows: found } = await ctx.pool.query<{ id: string }>(LIST, [room.id, readCursorId(input.cursor), limit + 1]);
  const ids = found.slice(0, limit).map(({ id }) => id);
  const byId = new Map((await readByIds(ctx.pool, ids)).map((row) => [row.id, row]));
  const items = ids.flatMap((id) => byId.get(id) ?? []).map(presentLiveMessage);
  return { items, nextCursor: found.length > limit ? (ids.at(-1) ?? null) : null };
}
