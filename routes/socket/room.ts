import type { Deps } from "../../middleware/deps.ts";
import { syncRoom } from "../../services/messages/sync.ts";
import { roomChannel } from "../../services/realtime/channels.ts";
import type { ChatSocket } from "../../services/realtime/io.ts";
import { joinRoom } from "../../services/rooms/join.ts";
import { presentAuthor } from "../../services/users/present.ts";
import { caps } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import { joinedRooms, leaveRoom } from "./leave.ts";
import { on } from "./on.ts";

export function roomCommands(socket: ChatSocket, deps: Deps): void {
  const { services, config } = deps;
  const isInside = (roomId: string): boolean => socket.rooms.has(roomChannel(roomId));

  const needPlace = (roomId: string): void => {
    if (!isInside(roomId) && joinedRooms(socket).length >= caps.roomsPerSocket * config.limitsScale) throw new AppError("too_many_rooms");
  };

  on(socket, deps, "join_room", (ctx, input) => {
    needPlace(input.roomId);
    const author = presentAuthor(ctx.actor);
    const enter = (roomId: string): void => {
      // A line that broke meanwhile must leave nothing behind.
      if (!socket.connected || isInside(roomId)) return;
      // Others that were asked for at the same time may have come in meanwhile.
      needPlace(roomId);
      void socket.join(roomChannel(roomId));
      if (services.presence.enter(author, roomId)) services.visits.came(roomId, author);
    };
    return joinRoom(ctx, input, enter);
  });

  on(socket, deps, "leave_room", (ctx, { roomId }) => {
    leaveRoom(socket, services, presentAuthor(ctx.actor), roomId);
    return {};
  });

  on(socket, deps, "sync_room", syncRoom);
}
