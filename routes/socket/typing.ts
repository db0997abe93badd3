import type { Deps } from "../../middleware/deps.ts";
import { authorize } from "../../services/authorize.ts";
import type { ChatSocket } from "../../services/realtime/io.ts";
import { roomForMember } from "../../services/rooms/access.ts";
import { maySpeak } from "../../services/sanctions/policy.ts";
import { presentAuthor } from "../../services/users/present.ts";
import { on } from "./on.ts";

export function typingCommands(socket: ChatSocket, deps: Deps): void {
  on(socket, deps, "typing_start", async (ctx, { roomId }) => {
    const room = await roomForMember(ctx, roomId);
    authorize(maySpeak(ctx.actor));
    if (!ctx.actor.isInvisible && !ctx.presence.isHidden(ctx.actor.id)) ctx.typing.start(room.id, presentAuthor(ctx.actor));
    return {};
  });

  on(socket, deps, "typing_stop", (ctx, { roomId }) => {
    ctx.typing.stop(roomId, ctx.actor.id);
    return {};
  });
}
