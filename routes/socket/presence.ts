import type { Deps } from "../../middleware/deps.ts";
import { heartbeat } from "../../services/presence/heartbeat.ts";
import type { ChatSocket } from "../../services/realtime/io.ts";
import { joinedRooms } from "./leave.ts";
import { on } from "./on.ts";

export function presenceCommands(socket: ChatSocket, deps: Deps): void {
  on(socket, deps, "heartbeat", async (ctx, input) => {
    const { status } = heartbeat(ctx, input, socket.id);
    const [own, joined] = await Promise.all([ctx.conversations.headsOf(ctx.actor.id), ctx.heads(joinedRooms(socket))]);
    return { status, heads: { ...own, ...joined } };
  });
}
