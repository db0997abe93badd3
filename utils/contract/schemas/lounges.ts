import { z } from "zod";
import { errorCodes } from "../errors.ts";
import { id, languageCode, pageQuery, seq } from "./primitives.ts";

export const accessLevels = ["open", "registered", "phone_verified", "age_verified", "private"] as const;
export const roomKinds = ["language", "direct", "group"] as const;

export const room = z.object({
  id,
  kind: z.enum(roomKinds),
  loungeId: id.nullable(),
  languageCode: languageCode.nullable(),
  name: z.string(),
  topic: z.string().nullable(),
  slowModeMs: z.number().int(),
  lastSeq: seq,
  onlineCount: z.number().int(),
});
export type RoomDto = z.infer<typeof room>;

/** A lounge from the caller's point of view. `closedReason` is the error code that the caller would get on entering, or null. */
export const lounge = z.object({
  id,
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  accessLevel: z.enum(accessLevels),
  closedReason: z.enum(errorCodes).nullable(),
  iconColor: z.string(),
  isActive: z.boolean(),
  maxCapacity: z.number().int().nullable(),
  onlineCount: z.number().int(),
  rooms: z.array(room),
});
export type LoungeDto = z.infer<typeof lounge>;

export const listLoungesInput = pageQuery;
export type ListLoungesInput = z.infer<typeof listLoungesInput>;

export const listRoomsInput = pageQuery.extend({ loungeId: id });
export type ListRoomsInput = z.infer<typeof listRoomsInput>;
