import { z } from "zod";
import { unread } from "./conversations.ts";
import { id, moment, pageQuery, seq } from "./primitives.ts";
import { author } from "./users.ts";

/** The lounge of a language room, with the fields that a link to the room needs. */
const roomLounge = z.object({ id, slug: z.string(), name: z.string(), iconColor: z.string() });

/** The newest unread message that the caller may see. Mentions in `excerpt` are replaced by display names; Markdown is kept as written. */
const newestUnread = z.object({ id, seq, author, excerpt: z.string(), createdAt: moment });

/** A room or conversation with unread messages. `lounge` is null for conversations; `peer` is null except for direct conversations. */
export const unreadRoom = unread.extend({
  lounge: roomLounge.nullable(),
  peer: author.nullable(),
  lastMessage: newestUnread,
});
export type UnreadRoomDto = z.infer<typeof unreadRoom>;

export const listUnreadRoomsInput = pageQuery.pick({ limit: true });
export type ListUnreadRoomsInput = z.infer<typeof listUnreadRoomsInput>;
