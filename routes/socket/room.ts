import { syncRoom } from "../../services/messages/sync/sync.ts";
import { roomChannel } from "../../services/realtime/channels.ts";
import type { ChatSocket } from "../../services/realtime/io.ts";
import { joinedRooms, leaveRoom } from "../../services/realtime/leave-room.ts";
import { type Enter, joinRoom } from "../../services/room-views/join-room.ts";
import { presentAuthor } from "../../services/users/present.ts";
import { caps } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import type { CommandContext, CommandHandlers } from "./command-handler.ts";

const isInside = (socket: ChatSocket, roomId: string): boolean => socket.rooms.has(roomChannel(roomId));

function requireRoomSlot({ socket, deps }: CommandContext, roomId: string): void {
  const isFull = joinedRooms(socket).length >= caps.roomsPerSocket * deps.config.limitsScale;
  if (isFull && !isInside(socket, roomId)) throw new AppError("too_many_rooms");
}

export const roomCommands = {
  join_room: (ctx, input, commandContext) => {
    const { socket } = commandContext;
    requireRoomSlot(commandContext, input.roomId);
    const author = presentAuthor(ctx.actor);
    const enter: Enter = (roomId, { isFirstVisit }) => {
      // A connection that was lost meanwhile must leave nothing behind.
      if (!socket.connected || isInside(socket, roomId)) return;
      // Concurrent joins may have filled the limit meanwhile.
      requireRoomSlot(commandContext, roomId);
      void socket.join(roomChannel(roomId));
      if (!ctx.presence.enter(author, roomId)) return;
      ctx.joinLeaveBatcher.recordJoin(roomId, author, { isNewcomer: isFirstVisit && author.kind !== "bot" });
    };
    return joinRoom(ctx, input, enter);
  },

  leave_room: (ctx, { roomId }, { socket }) => {
    leaveRoom(socket, ctx, presentAuthor(ctx.actor), roomId);
    return {};
  },

  sync_room: syncRoom,
} satisfies Partial<CommandHandlers>;
