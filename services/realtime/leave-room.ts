import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { Services } from "../context.ts";
import { roomChannel, roomOfChannel } from "./channels.ts";
import type { ChatSocket } from "./io.ts";

/** Returns the ids of the rooms that a socket has joined. */
export const joinedRooms = (socket: ChatSocket): string[] => [...socket.rooms].flatMap((channel) => roomOfChannel(channel) ?? []);

/** Removes a socket from a room: it receives nothing that is numbered afterwards. Idempotent. */
export function leaveRoom(
  socket: ChatSocket,
  services: Pick<Services, "roomBroadcaster" | "presence" | "typing" | "joinLeaveBatcher">,
  author: AuthorDto,
  roomId: string,
): void {
  if (!socket.rooms.has(roomChannel(roomId))) return;
  void socket.leave(roomChannel(roomId));
  onRoomLeft(services, author, roomId);
}

/** Updates typing, presence and the room broadcaster after a socket has left a room. */
export function onRoomLeft(
  services: Pick<Services, "roomBroadcaster" | "presence" | "typing" | "joinLeaveBatcher">,
  author: AuthorDto,
  roomId: string,
): void {
  services.typing.stop(roomId, author.id);
  if (services.presence.leave(author.id, roomId)) services.joinLeaveBatcher.recordLeave(roomId, author);
  services.roomBroadcaster.release(roomId);
}
