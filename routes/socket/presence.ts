import { heartbeat } from "../../services/presence/heartbeat.ts";
import { joinedRooms } from "../../services/realtime/leave-room.ts";
import type { CommandHandlers } from "./command-handler.ts";

export const presenceCommands = {
  heartbeat: async (ctx, input, { socket }) => {
    const { status } = heartbeat(ctx, input, socket.id);
    const [own, joined] = await Promise.all([ctx.conversations.headsOf(ctx.actor.id), ctx.heads(joinedRooms(socket))]);
    return { status, heads: { ...own, ...joined } };
  },
} satisfies Partial<CommandHandlers>;
