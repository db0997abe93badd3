import type { Services } from "../../services/context.ts";
import { roomChannel, roomOfChannel } from "../../services/realtime/channels.ts";
import type { ChatSocket } from "../../services/realtime/io.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";

/** The rooms a socket is in. */
export const joinedRooms = (socket: ChatSocket): string[] => [...socket.rooms].flatMap((channel) => roomOfChannel(channel) ?? []);

/** Takes a socket out of a room: nothing numbered afterwards reaches it. Leaving twice is leaving once. */
export function leaveRoom(socket: ChatSocket, services: Services, author: AuthorDto, roomId: string): void {
  if (!socket.rooms.has(roomChannel(roomId))) return;
  void socket.leave(roomChannel(roomId));
  onRoomLeft(services, author, roomId);
}

/** What the room must know once a socket is out of it. */
export function onRoomLeft(services: Services, author: AuthorDto, roomId: string): void {
  services.typing.stop(roomId, author.id);
  if (services.presence.leave(author.id, roomId)) services.joinLeaveBatcher.recordLeave(roomId, author);
  services.roomBroadcaster.release(roomId);
}
