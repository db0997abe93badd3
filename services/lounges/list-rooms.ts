import type { ListRoomsInput, RoomDto } from "../../utils/contract/lounges.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/primitives.ts";
import { AppError } from "../../utils/errors.ts";
import type { OpenCtx } from "../context.ts";
import { presentListedRoom } from "./present.ts";

/** The language rooms of an active lounge, by language; the cursor is the last language seen. */
export async function listRooms(ctx: OpenCtx, input: ListRoomsInput): Promise<Page<RoomDto>> {
  const lounge = await ctx.db.lounge.findFirst({ where: { id: input.loungeId, isActive: true, NOT: { accessLevel: "private" } } });
  if (lounge === null) throw new AppError("not_found");
  const limit = input.limit ?? DEFAULT_PAGE;
  const rooms = await ctx.db.room.findMany({
    where: { loungeId: lounge.id, kind: "language", languageCode: { gt: input.cursor ?? "" } },
    orderBy: { languageCode: "asc" },
    take: limit + 1,
  });
  const items = rooms.slice(0, limit);
  return {
    items: items.map((room) => presentListedRoom(room, ctx.presence)),
    nextCursor: rooms.length > limit ? (items.at(-1)?.languageCode ?? null) : null,
  };
}
