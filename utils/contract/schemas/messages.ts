import { z } from "zod";
import { messageText } from "../texts.ts";
import { id, languageCode, moment, pageQuery, seq, seqText } from "./primitives.ts";
import { author } from "./users.ts";

/**
 * The parent message of a reply, as it is now. Of a deleted parent, `authorName` and `excerpt` are null. A change of the parent gives its
 * replies no new number: a client that receives the parent's new state updates the replies it holds.
 */
export const replyTo = z.object({ id, seq, authorName: z.string().nullable(), excerpt: z.string().nullable() });
export type ReplyToDto = z.infer<typeof replyTo>;

/** One emoji under a message. `userIds` are those who came first, 100 at most; `count` is of all. */
export const reaction = z.object({ emoji: z.string(), count: z.number().int(), userIds: z.array(id) });
export type ReactionDto = z.infer<typeof reaction>;

/** A message as it stands now. */
export const liveMessage = z.object({
  id,
  roomId: id,
  seq,
  changedSeq: seq,
  clientMessageId: id,
  author,
  text: z.string(),
  languageCode: languageCode.nullable(),
  replyTo: replyTo.nullable(),
  attachments: z.array(z.object({ id })),
  reactions: z.array(reaction),
  mentions: z.array(id),
  pinnedAt: moment.nullable(),
  moderation: z.enum(["approved", "pending", "removed"]),
  createdAt: moment,
  editedAt: moment.nullable(),
  deletedAt: z.null(),
});
export type LiveMessageDto = z.infer<typeof liveMessage>;

/**
 * A message that waits for review, or was refused there: it has no number, and only its author and the staff see it. Once approved it is a
 * message like any other, under the same id.
 */
export const heldMessage = liveMessage.extend({ seq: z.null(), changedSeq: z.null(), moderation: z.enum(["pending", "removed"]) });
export type HeldMessageDto = z.infer<typeof heldMessage>;

/** What is left of a deleted message: its place in the order. */
export const tombstone = z.object({ id, roomId: id, seq, changedSeq: seq, deletedAt: moment });
export type TombstoneDto = z.infer<typeof tombstone>;

export const message = z.union([liveMessage, tombstone]);
export type MessageDto = z.infer<typeof message>;

/** In a text `@username` and `<@userId>` name somebody. */
export const sendMessageInput = z.strictObject({
  roomId: id,
  clientMessageId: id,
  text: messageText.optional(),
  replyToId: id.optional(),
});
export type SendMessageInput = z.infer<typeof sendMessageInput>;

export const messageParams = z.strictObject({ messageId: id });
export type MessageParams = z.infer<typeof messageParams>;

export const editMessageInput = z.strictObject({ messageId: id, text: messageText });
export type EditMessageInput = z.infer<typeof editMessageInput>;

/** What is no emoji is refused by the use case (`emoji_invalid`). */
export const reactionInput = z.strictObject({ messageId: id, emoji: z.string().max(64) });
export type ReactionInput = z.infer<typeof reactionInput>;

/** A text that a message bore. The one it bears now has no `replacedAt`; the last one of a deleted message is shown to the staff alone. */
export const messageVersion = z.object({
  version: z.number().int(),
  text: z.string(),
  writtenAt: moment,
  replacedAt: moment.nullable(),
  isDeleted: z.boolean(),
});
export type MessageVersionDto = z.infer<typeof messageVersion>;

export const listPinsInput = pageQuery.extend({ roomId: id });
export type ListPinsInput = z.infer<typeof listPinsInput>;

export const deleted = z.object({ message: tombstone });
export type DeletedDto = z.infer<typeof deleted>;

/** What became of a text: it is there, or it is held for review and has no number yet. */
export const sentMessage = z.union([liveMessage, heldMessage]);
export type SentMessageDto = z.infer<typeof sentMessage>;

export const sent = z.object({ message: sentMessage });
export type SentDto = z.infer<typeof sent>;

export const changed = z.object({ message: liveMessage });
export type ChangedDto = z.infer<typeof changed>;

/** At most one of `before`, `after`, `around`, `cursor` says where the page lies. */
export const listMessagesInput = pageQuery
  .extend({
    roomId: id,
    cursor: z
      .string()
      .regex(/^[ba]\d{1,16}$/)
      .optional(),
    before: seqText.optional(),
    after: seqText.optional(),
    around: seqText.optional(),
  })
  .refine((q) => [q.before, q.after, q.around, q.cursor].filter((at) => at !== undefined).length <= 1, {
    message: "give one of before, after, around, cursor",
    path: ["cursor"],
  });
export type ListMessagesInput = z.infer<typeof listMessagesInput>;
