import { z } from "zod";
import { messageText } from "../texts.ts";
import { id, languageCode, messageId, moment, otherUserId, pageQuery, roomId, seq, seqText } from "./primitives.ts";
import { author, shownName } from "./users.ts";

/** The beginning of a message, as replies and notifications show it. */
export const excerptText = z.string().meta({ examples: ["Hello @ben, are you coming tonight?"] });

/**
 * The current state of a reply's parent message. A change of the parent does not give its replies a new number: a client that receives
 * the parent's new state updates the replies it has.
 */
export const replyTo = z.object({
  id: messageId.meta({ description: "The id of the parent message.", examples: ["01993c5e-6d7e-7c12-8b35-5a6b7c8d9e0f"] }),
  seq: seq.meta({ description: "The sequence number of the parent message.", examples: [120] }),
  authorName: shownName.nullable().meta({
    description: "The display name of the parent's author. Null if the parent was deleted.",
    examples: ["Ben"],
  }),
  excerpt: excerptText.nullable().meta({
    description: "The beginning of the parent's text, at most 140 graphemes. Null if the parent was deleted.",
    examples: ["Chess at eight?"],
  }),
});
export type ReplyToDto = z.infer<typeof replyTo>;

export const reaction = z.object({
  emoji: z.string().meta({ description: "The emoji.", examples: ["👍"] }),
  count: z
    .number()
    .int()
    .meta({ description: "The number of users who reacted with this emoji.", examples: [1] }),
  userIds: z.array(otherUserId).describe("The ids of users who reacted, at most 100. `count` includes all."),
});
export type ReactionDto = z.infer<typeof reaction>;

const changedSeq = seq.meta({ description: "The sequence number of the latest change of the message.", examples: [131] });
const clientMessageId = id.describe(
  "The idempotency key: an id that the client generates for each message. Sending the same id again returns the first message.",
);

export const liveMessage = z
  .object({
    id: messageId,
    roomId,
    seq: seq.describe("The position of the message in the room: the sequence number it was published with. It never changes."),
    changedSeq,
    clientMessageId: id.describe("The id that the author's client generated when it sent the message."),
    author: author.describe("The author, as shown now."),
    text: z.string().meta({
      description: "The text as written, in Markdown. `@username` and `<@userId>` mention a user.",
      examples: ["Hello @ben, are you coming tonight?"],
    }),
    languageCode: languageCode.nullable().describe("The language of the text as detected by the server. Null if it is unknown."),
    replyTo: replyTo.nullable().describe("The message that this one replies to. Null if it is not a reply."),
    attachments: z
      .array(z.object({ id: id.describe("The id of the file.") }))
      .meta({ description: "Reserved; always empty.", examples: [[]] }),
    reactions: z.array(reaction).describe("The reactions, one entry per emoji."),
    mentions: z.array(otherUserId).describe("The ids of the mentioned users."),
    pinnedAt: moment.nullable().meta({ description: "When the message was pinned. Null if it is not pinned.", examples: [null] }),
    moderation: z.enum(["approved", "pending", "removed"]).meta({
      description: "The state of moderation: published (`approved`), held for review (`pending`), or rejected in review (`removed`).",
      examples: ["approved"],
    }),
    createdAt: moment.describe("When the message was sent."),
    editedAt: moment.nullable().meta({ description: "When the text was last edited. Null if it was not.", examples: [null] }),
    deletedAt: z.null().describe("Always null. A deleted message is a tombstone."),
  })
  .describe("The current state of a message that is not deleted.");
export type LiveMessageDto = z.infer<typeof liveMessage>;

export const heldMessage = liveMessage
  .extend({
    seq: z.null().describe("Always null. The message gets a sequence number when it is approved."),
    changedSeq: z.null().describe("Always null, as `seq`."),
    reactions: z.array(reaction).meta({ description: "Empty, because others cannot see the message.", examples: [[]] }),
    moderation: z.enum(["pending", "removed"]).meta({
      description: "Whether the message is held for review (`pending`) or was rejected in review (`removed`).",
      examples: ["pending"],
    }),
  })
  .describe(
    "A message that is held for review or was rejected in review. Only its author and the staff can see it. Once approved, it becomes an ordinary message with the same id.",
  );
export type HeldMessageDto = z.infer<typeof heldMessage>;

export const tombstone = z
  .object({
    id: messageId,
    roomId,
    seq: seq.describe("The position that the message had in the room."),
    changedSeq: changedSeq.describe("The sequence number of the deletion."),
    deletedAt: moment.describe("When the message was deleted."),
  })
  .describe("What remains of a deleted message. It keeps its position in the room.");
export type TombstoneDto = z.infer<typeof tombstone>;

export const message = z
  .union([liveMessage, tombstone])
  .describe("The current state of a message: its content, or a tombstone if it was deleted.");
export type MessageDto = z.infer<typeof message>;

export const sendMessageInput = z.strictObject({
  roomId,
  clientMessageId,
  text: messageText.optional(),
  replyToId: messageId.optional().describe("The id of the message to reply to, in the same room."),
});
export type SendMessageInput = z.infer<typeof sendMessageInput>;

export const messageParams = z.strictObject({ messageId });
export type MessageParams = z.infer<typeof messageParams>;

export const editMessageInput = z.strictObject({ messageId, text: messageText });
export type EditMessageInput = z.infer<typeof editMessageInput>;

/** The service rejects values that are not an emoji (`emoji_invalid`). */
export const reactionInput = z.strictObject({
  messageId,
  emoji: z
    .string()
    .max(64)
    .meta({ description: "One emoji. In a path, it is percent-encoded.", examples: ["👍"] }),
});
export type ReactionInput = z.infer<typeof reactionInput>;

/** A version of a message's text. */
export const messageVersion = z.object({
  version: z
    .number()
    .int()
    .meta({ description: "The number of the version, counted from 1.", examples: [1] }),
  text: z.string().meta({ description: "The text of this version.", examples: ["Hello @ben, are you coming?"] }),
  writtenAt: moment.describe("When this version was written."),
  replacedAt: moment.nullable().meta({
    description: "When this version was replaced or deleted. Null for the current version.",
    examples: ["2026-11-21T18:06:30.000Z"],
  }),
  isDeleted: z.boolean().describe("Whether this is the last version of a deleted message, which only the staff can see."),
});
export type MessageVersionDto = z.infer<typeof messageVersion>;

export const listPinsInput = pageQuery.extend({ roomId });
export type ListPinsInput = z.infer<typeof listPinsInput>;

export const deleted = z.object({ message: tombstone.describe("The tombstone of the message.") });
export type DeletedDto = z.infer<typeof deleted>;

/** The result of sending a message: it was committed, or it is held for review and has no number yet. */
export const sentMessage = z.union([liveMessage, heldMessage]);
export type SentMessageDto = z.infer<typeof sentMessage>;

export const sent = z.object({
  message: sentMessage.describe("The message: committed with a sequence number, or held for review without one."),
});
export type SentDto = z.infer<typeof sent>;

export const changed = z.object({ message: liveMessage.describe("The message after the change.") });
export type ChangedDto = z.infer<typeof changed>;

const selector = "At most one of `before`, `after`, `around` and `cursor` may be given.";

export const listMessagesInput = pageQuery
  .extend({
    roomId,
    cursor: z
      .string()
      .regex(/^[ba]\d{1,16}$/)
      .optional()
      .meta({
        description: `The \`nextCursor\` of the previous page, which continues in the same direction. ${selector}`,
        examples: ["b128"],
      }),
    before: seqText.optional().describe(`Returns the messages below this sequence number. ${selector}`),
    after: seqText.optional().describe(`Returns the messages above this sequence number, those nearest to it. ${selector}`),
    around: seqText.optional().describe(`Returns the messages on both sides of this sequence number. ${selector}`),
  })
  .refine((q) => [q.before, q.after, q.around, q.cursor].filter((at) => at !== undefined).length <= 1, {
    message: "must have at most one of before, after, around and cursor",
    path: ["cursor"],
  });
export type ListMessagesInput = z.infer<typeof listMessagesInput>;
