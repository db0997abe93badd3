import type { RoomForMeDto, RoomParams } from "../../utils/contract/schemas/rooms.ts";
import type { Ctx } from "../context.ts";
import { viewOf } from "../conversations/access.ts";
import { roomOfConversation } from "../conversations/as-room.ts";
import { readHeads } from "../messages/queries.ts";
import { roomForMember } from "../rooms/access.ts";
import { presentMembership, readLastRead } from "../rooms/membership.ts";
import { presentRoom } from "../rooms/present.ts";

/** Returns a room with the actor's rights and read state. */
export async function getRoom(
  ctx: Ctx<"pool" | "now" | "rooms" | "conversations" | "presence">,
  { roomId }: RoomParams,
): Promise<RoomForMeDto> {
  const room = await roomForMember(ctx, roomId);
  if (room.kind !== "language") return roomOfConversation(await viewOf(ctx, roomId));
  const [heads, lastReadSeq] = await Promise.all([readHeads(ctx.pool, [roomId]), readLastRead(ctx.pool, roomId, ctx.actor.id)]);
  const counters = { lastSeq: heads.get(roomId) ?? 0, onlineCount: ctx.presence.onlineCount(roomId) };
  return { ...presentRoom(room, counters), me: presentMembership(ctx.actor, room, lastReadSeq) };
}
