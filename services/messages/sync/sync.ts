import { limits } from "../../../utils/contract/limits.ts";
import type { SyncedDto, SyncRoomInput } from "../../../utils/contract/schemas/rooms.ts";
import type { Ctx } from "../../context.ts";
import { roomForMember } from "../../rooms/access.ts";

/**
 * The current state of every message changed after a number, oldest change first, tombstones included. `lastSeq` is
 * the number up to which the answer is complete: ask again from there while `hasMore`. Where it is less than the number asked
 * from, the caller holds another history: it joins anew.
 */
export async function syncRoom(ctx: Ctx, input: SyncRoomInput): Promise<SyncedDto> {
  const room = await roomForMember(ctx, input.roomId);
  const range = { roomId: room.id, afterSeq: input.afterSeq, limit: input.limit ?? limits.syncMessages };
  const { messages, lastSeq, hasMore } = (await ctx.catchUps.toHead(range)) ?? (await ctx.catchUps.page(range));
  return { messages, lastSeq, hasMore };
}
