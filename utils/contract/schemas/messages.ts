import { z } from "zod";
import { messageText } from "../texts.ts";
import { id, languageCode, moment, pageQuery, seq, seqText } from "./primitives.ts";
import { author } from "./users.ts";

/**
 * The current state of a reply's parent message. If the parent is deleted, `authorName` and `excerpt` are null. A change of the parent does
 * not give its replies a new number: a client that receives the parent's new state updates the replies it has.
 */
export const replyTo = z.object({ id, seq, authorName: z.string().nullable(), excerpt: z.string().nullable() });
export type ReplyToDto = z.infer<typeof replyTo>;

/** The reactions with one emoji. `userIds` contains the first 100 users at most; `count` includes all. */
export const reaction = z.object({ emoji: z.string(), count: z.number().int(), userIds: z.array(id) });
export type ReactionDto = z.infer<typeof reaction>;

/** The current state of a message. */
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
 * A message that is held for review or was rejected in review. It has no number, and only its author and the staff can see it. Once
 * approved, it becomes an ordinary message with the same id.
 */
export const heldMessage = liveMessage.extend({ seq: z.null(), changedSeq: z.null(), moderation: z.enum(["pending", "removed"]) });
export type HeldMessageDto = z.infer<typeof heldMessage>;

/** The tombstone of a deleted message, which keeps its position. */
export const tombstone = z.object({ id, roomId: id, seq, changedSeq: seq, deletedAt: moment });
export type TombstoneDto = z.infer<typeof tombstone>;

export const message = z.union([liveMessage, tombstone]);
export type MessageDto = z.infer<typeof message>;

/** In a text, `@username` and `<@userId>` mention a user. */
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

/** The service rejects values that are not an emoji (`emoji_invalid`). */
export const reactionInput = z.strictObject({ messageId: id, emoji: z.string().max(64) });
export type ReactionInput = z.infer<typeof reactionInput>;

/** A version of a message's text. The current version has no `replacedAt`; only the staff can see the last version of a deleted message. */
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

/** The result of sending a message: it was committed, or it is held for review and has no number yet. */
export const sentMessage = z.union([liveMessage, heldMessage]);
export type SentMessageDto = z.infer<typeof sentMessage>;

export const sent = z.object({ message: sentMessage });
export type SentDto = z.infer<typeof sent>;

export const changed = z.object({ message: liveMessage });
export type ChangedDto = z.infer<typeof changed>;

/** At most one of `before`, `after`, `around` and `cursor` selects the page. */
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
    message: "must have at most one of before, after, around and cursor",
    path: ["cursor"],
  });
export type ListMessagesInput = z.infer<typeof listMessagesInput>;
