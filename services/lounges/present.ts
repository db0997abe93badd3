import type { Lounge, Room } from "../../prisma/generated/client.ts";
import type { LoungeDto, RoomDto } from "../../utils/contract/schemas/lounges.ts";
import type { Verdict } from "../authorize.ts";
import type { PresenceRegistry } from "../presence/presence-registry.ts";

/** A language room as a list shows it. */
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

/** A lounge as the caller sees it, with what they would meet at its door. */
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
