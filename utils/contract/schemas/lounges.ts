import { z } from "zod";
import { errorCodes } from "../errors.ts";
import { languageCode, loungeId, pageQuery, roomId, seq } from "./primitives.ts";

export const accessLevels = ["open", "registered", "phone_verified", "age_verified", "private"] as const;
export const roomKinds = ["language", "direct", "group"] as const;

export const roomKind = z.enum(roomKinds).meta({
  description: "Whether the room is a language room of a lounge, a direct conversation or a group.",
  examples: ["language"],
});

/** Fields of rooms and lounges that several schemas share. */
export const shown = {
  roomName: z.string().meta({
    description: "The name of the language room or group. Empty for direct conversations and for groups without a name.",
    examples: ["English"],
  }),
  slug: z.string().meta({ description: "The unique name of the lounge in URLs.", examples: ["town-square"] }),
  loungeName: z.string().meta({ description: "The name of the lounge.", examples: ["Town Square"] }),
  iconColor: z.string().meta({ description: "The color of the lounge's icon, `#rrggbb`.", examples: ["#c2410c"] }),
  onlineCount: z
    .number()
    .int()
    .meta({
      description: "The number of people who are in the room or online in the conversation. Invisible users are not counted.",
      examples: [12],
    }),
} as const;

export const room = z
  .object({
    id: roomId,
    kind: roomKind,
    loungeId: loungeId.nullable().describe("The id of the lounge. Null for conversations."),
    languageCode: languageCode.nullable().describe("The language of the room, a BCP 47 tag. Null for conversations."),
    name: shown.roomName,
    topic: z
      .string()
      .nullable()
      .meta({ description: "The topic of the room. Null if there is none.", examples: [null] }),
    slowModeMs: z
      .number()
      .int()
      .meta({
        description: "The minimum time between two messages of one user, in ms. 0 if slow mode is off.",
        examples: [0],
      }),
    lastSeq: seq.meta({ description: "The sequence number of the newest change in the room.", examples: [131] }),
    onlineCount: shown.onlineCount,
  })
  .describe("A language room, a direct conversation or a group.");
export type RoomDto = z.infer<typeof room>;

export const lounge = z
  .object({
    id: loungeId,
    slug: shown.slug,
    name: shown.loungeName,
    description: z.string().meta({ description: "What the lounge is about.", examples: ["Where everybody passes by. Say hello."] }),
    accessLevel: z.enum(accessLevels).meta({
      description:
        "Who may enter: everyone including guests (`open`), members (`registered`), members with a confirmed phone number (`phone_verified`) or age (`age_verified`), or only the staff (`private`).",
      examples: ["open"],
    }),
    closedReason: z
      .enum(errorCodes)
      .nullable()
      .meta({
        description: "The error code the caller would get on entering. Null if the caller may enter.",
        examples: [null],
      }),
    iconColor: shown.iconColor,
    isActive: z.boolean().meta({ description: "Whether the lounge is in use. Inactive lounges are not listed.", examples: [true] }),
    maxCapacity: z
      .number()
      .int()
      .nullable()
      .meta({
        description: "The maximum number of people in the lounge at once. Null if there is no maximum.",
        examples: [null],
      }),
    onlineCount: shown.onlineCount.describe("The number of people in the rooms of the lounge. Invisible users are not counted."),
    rooms: z.array(room).describe("The language rooms of the lounge."),
  })
  .describe("A lounge from the caller's point of view.");
export type LoungeDto = z.infer<typeof lounge>;

export const listLoungesInput = pageQuery;
export type ListLoungesInput = z.infer<typeof listLoungesInput>;

export const listRoomsInput = pageQuery.extend({ loungeId });
export type ListRoomsInput = z.infer<typeof listRoomsInput>;
