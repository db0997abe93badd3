import type { Lounge, Room } from "../../prisma/generated/client.ts";
import type { LoungeDto, RoomDto } from "../../utils/contract/schemas/lounges.ts";
import type { Verdict } from "../authorize.ts";
import type { PresenceRegistry } from "../presence/presence-registry.ts";

/** Converts a language room to the format of lists. */
export const presentListedRoom = (room: Room, presence: PresenceRegistry): RoomDto => ({
  id: room.id,
  kind: room.kind,
  loungeId: room.loungeId,
  languageCode: room.languageCode,
  name: room.name,
  topic: room.topic,
  slowModeMs: room.slowModeMs,
  lastSeq: Number(room.lastSeq),
  onlineCount: presence.onlineCount(room.id),
});

/** Converts a lounge to its API format, with the reason why it is closed to the caller, if any. */
export const presentLounge = (lounge: Lounge & { rooms: Room[] }, entry: Verdict, presence: PresenceRegistry): LoungeDto => ({
  id: lounge.id,
  slug: lounge.slug,
  name: lounge.name,
  description: lounge.description,
  accessLevel: lounge.accessLevel,
  closedReason: entry.isGranted ? null : entry.code,
  iconColor: lounge.iconColor,
  isActive: lounge.isActive,
  maxCapacity: lounge.maxCapacity,
  onlineCount: presence.onlineIn(lounge.rooms.map((room) => room.id)),
  rooms: lounge.rooms.map((room) => presentListedRoom(room, presence)),
});
