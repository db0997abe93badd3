import { authorize } from "../../services/authorize.ts";
import { typingRecipients } from "../../services/conversations/visibility.ts";
import { roomChannel } from "../../services/realtime/channels.ts";
import { roomForMember } from "../../services/rooms/access.ts";
import { mayWriteIn } from "../../services/sanctions/policy.ts";
import { presentAuthor } from "../../services/users/present.ts";
import { AppError } from "../../utils/errors.ts";
import type { CommandHandlers } from "./command-handler.ts";

export const typingCommands = {
  typing_start: async (ctx, { roomId }, { socket }) => {
    const room = await roomForMember(ctx, roomId);
    // In a language room only joined sockets may send typing events; in a conversation its members, from any socket.
    if (room.lounge !== null && !socket.rooms.has(roomChannel(room.id))) throw new AppError("not_found");
    authorize(mayWriteIn(ctx.actor, room));
    if (ctx.actor.isInvisible || ctx.presence.isHidden(ctx.actor.id)) return {};
    const recipients = room.kind === "language" ? null : await typingRecipients(ctx, room.id);
    ctx.typing.start(room.id, presentAuthor(ctx.actor), recipients);
    return {};
  },

  typing_stop: (ctx, { roomId }) => {
    ctx.typing.stop(roomId, ctx.actor.id);
    return {};
  },
} satisfies Partial<CommandHandlers>;
