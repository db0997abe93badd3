import type { RoomDto } from "../../utils/contract/schemas/lounges.ts";
import type { RoomRecord } from "./room-cache.ts";

/** Converts a room to its API format, with its current counters. */
export const presentRoom = (room: RoomRecord, now: { lastSeq: number; onlineCount: number }): RoomDto => ({
  id: room.id,
  kind: room.kind,
  loungeId: room.lounge?.id ?? null,
  languageCode: room.languageCode,
  name: room.name,
  topic: room.topic,
  slowModeMs: room.slowModeMs,
  lastSeq: now.lastSeq,
  onlineCount: now.onlineCount,
});
