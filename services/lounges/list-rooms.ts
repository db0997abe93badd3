import type { ListRoomsInput, RoomDto } from "../../utils/contract/schemas/lounges.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/schemas/primitives.ts";
import { AppError } from "../../utils/errors.ts";
import type { OpenCtx } from "../context.ts";
import { presentListedRoom } from "./present.ts";

/**
 * Lists the language rooms of an active lounge, by language; the cursor is the last language seen.
 * @throws AppError `not_found` for an unknown, inactive or private lounge
 */
export async function listRooms(
  ctx: OpenCtx<"lounges" | "presence">,
  { loungeId, cursor = "", limit = DEFAULT_PAGE }: ListRoomsInput,
): Promise<Page<RoomDto>> {
  const lounge = await ctx.lounges.find(loungeId);
  if (lounge === undefined) throw new AppError("not_found");
  const rooms = lounge.rooms.filter(({ languageCode }) => (languageCode ?? "") > cursor);
  const items = rooms.slice(0, limit);
  return {
    items: items.map((room) => presentListedRoom(room, ctx.presence)),
    nextCursor: rooms.length > limit ? (items.at(-1)?.languageCode ?? null) : null,
  };
}
