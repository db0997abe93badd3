import type { RoomPreviewDto } from "../../utils/contract/schemas/previews.ts";
import type { RoomParams } from "../../utils/contract/schemas/rooms.ts";
import { AppError } from "../../utils/errors.ts";
import { authorize } from "../authorize.ts";
import { withoutBlocked } from "../blocks/without-blocked.ts";
import type { OpenCtx } from "../context.ts";
import { mayPreview } from "../rooms/policy.ts";
import { presentRoom } from "../rooms/present.ts";
import { presentPreview } from "./preview-text.ts";

/**
 * Returns a preview of the latest messages of a room in an open lounge, for anyone and without joining. Signed-in users do not see
 * messages of users they have blocked; apart from that the response is the same for all.
 * @throws AppError `not_found` for conversations and hidden rooms; `room_requires_…` if the lounge is not open
 */
export async function previewRoom(ctx: OpenCtx<"db" | "rooms" | "previews" | "presence">, { roomId }: RoomParams): Promise<RoomPreviewDto> {
  const room = await ctx.rooms.find(roomId);
  if (room === undefined) throw new AppError("not_found");
  authorize(mayPreview(room));
  const preview = await ctx.previews.room(roomId);
  if (preview === undefined) throw new AppError("not_found");
  const onlineCount = ctx.presence.onlineCount(roomId);
  return {
    room: presentRoom(room, { lastSeq: preview.lastSeq, onlineCount }),
    onlineCount,
    messages: (await withoutBlocked(ctx, preview.messages)).map(presentPreview),
  };
}
