import { z } from "zod";
import { AVATAR_COLORS } from "../avatar-color.ts";
import { limits } from "../limits.ts";
import { room } from "./lounges.ts";
import { id, languageCode, moment, seq } from "./primitives.ts";
import { userKinds } from "./users.ts";

/**
 * A message as visitors see it who have not joined: one line of plain text without Markdown, at most `limits.excerptGraphemes` long,
 * without anything that identifies its author apart from the display name and the avatar color.
 */
export const previewMessage = z.object({
  seq,
  author: z.object({
    displayName: z.string(),
    kind: z.enum(userKinds),
    avatarColor: z
      .number()
      .int()
      .min(0)
      .max(AVATAR_COLORS - 1),
  }),
  text: z.string(),
  languageCode: languageCode.nullable(),
  createdAt: moment,
});
export type PreviewMessageDto = z.infer<typeof previewMessage>;

/** A room of an open lounge with its newest messages, oldest first. */
export const roomPreview = z.object({
  room,
  onlineCount: z.number().int(),
  messages: z.array(previewMessage).max(limits.previewMessages),
});
export type RoomPreviewDto = z.infer<typeof roomPreview>;

/** The newest message of the most active room of an open lounge. */
export const loungePreview = z.object({ loungeId: id, roomId: id, message: previewMessage });
export type LoungePreviewDto = z.infer<typeof loungePreview>;

export const loungePreviews = z.object({ items: z.array(loungePreview).max(limits.previewLounges) });
export type LoungePreviewsDto = z.infer<typeof loungePreviews>;
