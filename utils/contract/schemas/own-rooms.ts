import { z } from "zod";
import { unread } from "./conversations.ts";
import { shown } from "./lounges.ts";
import { excerptText } from "./messages.ts";
import { loungeId, messageId, moment, pageQuery, seq } from "./primitives.ts";
import { author } from "./users.ts";

/** The lounge of a language room, with the fields that a link to the room needs. */
const roomLounge = z.object({ id: loungeId, slug: shown.slug, name: shown.loungeName, iconColor: shown.iconColor });

/** The newest unread message that the caller may see. */
const newestUnread = z.object({
  id: messageId,
  seq,
  author: author.describe("The author of the message."),
  excerpt: excerptText.describe(
    "The beginning of the text, at most 140 graphemes. Mentions are replaced by display names, Markdown is kept.",
  ),
  createdAt: moment.describe("When the message was sent."),
});

export const unreadRoom = unread
  .extend({
    lounge: roomLounge.nullable().describe("The lounge of the room. Null for conversations."),
    peer: author.nullable().meta({ description: "The other member of a direct conversation. Null for other rooms.", examples: [null] }),
    lastMessage: newestUnread.describe("The newest unread message that the caller may see."),
  })
  .describe("A room or conversation with unread messages.");
export type UnreadRoomDto = z.infer<typeof unreadRoom>;

export const listUnreadRoomsInput = pageQuery.pick({ limit: true });
export type ListUnreadRoomsInput = z.infer<typeof listUnreadRoomsInput>;
