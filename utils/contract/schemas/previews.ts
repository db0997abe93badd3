import { z } from "zod";
import { AVATAR_COLORS } from "../avatar-color.ts";
import { limits } from "../limits.ts";
import { room, shown } from "./lounges.ts";
import { languageCode, loungeId, moment, roomId, seq } from "./primitives.ts";
import { shownName, userKind } from "./users.ts";

/** A message as visitors see it who have not joined, without anything else that identifies its author. */
export const previewMessage = z.object({
  seq,
  author: z
    .object({
      displayName: shownName,
      kind: userKind,
      avatarColor: z
        .number()
        .int()
        .min(0)
        .max(AVATAR_COLORS - 1)
        .meta({ description: "The number of the avatar's color.", examples: [7] }),
    })
    .describe("The author, without an id."),
  text: z.string().meta({
    description: `The beginning of the text on one line, without Markdown, at most ${limits.excerptGraphemes} graphemes.`,
    examples: ["Hello @ben, are you coming tonight?"],
  }),
  languageCode: languageCode.nullable().describe("The language of the text as detected by the server. Null if it is unknown."),
  createdAt: moment.describe("When the message was sent."),
});
export type PreviewMessageDto = z.infer<typeof previewMessage>;

/** A room of an open lounge with its newest messages. */
export const roomPreview = z.object({
  room: room.describe("The room."),
  onlineCount: shown.onlineCount,
  messages: z.array(previewMessage).max(limits.previewMessages).describe("The newest messages of the room, oldest first."),
});
export type RoomPreviewDto = z.infer<typeof roomPreview>;

/** The newest message of the most active room of an open lounge. */
export const loungePreview = z.object({
  loungeId,
  roomId: roomId.describe("The id of the lounge's most active room."),
  message: previewMessage.describe("The newest message of that room."),
});
export type LoungePreviewDto = z.infer<typeof loungePreview>;

export const loungePreviews = z.object({
  items: z
    .array(loungePreview)
    .max(limits.previewLounges)
    .describe("One preview per open lounge with messages, in the order of the lounges."),
});
export type LoungePreviewsDto = z.infer<typeof loungePreviews>;
