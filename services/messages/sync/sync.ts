import { limits } from "../../../utils/contract/limits.ts";
import type { SyncedDto, SyncRoomInput } from "../../../utils/contract/schemas/rooms.ts";
import type { Ctx } from "../../context.ts";
import { roomForMember } from "../../rooms/access.ts";

/**
 * Returns the current state of every message changed after a number, oldest change first, tombstones included. `lastSeq` is the number up
 * to which the response is complete: continue from there while `hasMore`. If it is less than the requested number, the caller has another
 * history and must join again.
 */
export async function syncRoom(ctx: Ctx<"rooms" | "catchUps" | "conversations">, input: SyncRoomInput): Promise<SyncedDto> {
  const room = await roomForMember(ctx, input.roomId);
  const range = { roomId: room.id, afterSeq: input.afterSeq, limit: input.limit ?? limits.syncMessages };
  const { messages, lastSeq, hasMore } = (await ctx.catchUps.toHead(range)) ?? (await ctx.catchUps.page(range));
  return { messages, lastSeq, hasMore };
}
