import { z } from "zod";
import { groupNameText } from "../texts.ts";
import { room, roomKind, shown } from "./lounges.ts";
import { liveMessage } from "./messages.ts";
import { languageCode, loungeId, moment, otherUserId, pageQuery, roomId, seq, userId } from "./primitives.ts";
import { presenceStatus, standing } from "./rooms.ts";
import { author } from "./users.ts";

export const memberState = z.enum(["active", "requested"]).meta({
  description: "Whether the member accepted the conversation (`active`), or is invited (`requested`).",
  examples: ["active"],
});
export type MemberState = z.infer<typeof memberState>;

export const roomLevel = z.enum(["all", "mentions", "mute"]).meta({
  description: "The notification level of the room: all messages, only mentions and replies, or none.",
  examples: ["all"],
});
export type RoomLevel = z.infer<typeof roomLevel>;

const hidden = "Null if the member or the caller hides receipts, or the member has not accepted the conversation.";

export const conversationMember = author
  .extend({
    status: presenceStatus,
    lastReadSeq: seq.nullable().meta({ description: `The sequence number up to which the member has read. ${hidden}`, examples: [120] }),
    receivedSeq: seq.nullable().describe(`The sequence number up to which a device of the member has received the messages. ${hidden}`),
    state: memberState,
  })
  .describe("A member of a conversation, with presence and receipts.");
export type ConversationMemberDto = z.infer<typeof conversationMember>;

const unreadCount = z
  .number()
  .int()
  .meta({
    description: "The number of messages by others after the user's read position, at most 99.",
    examples: [3],
  });
const mentionCount = z
  .number()
  .int()
  .meta({
    description: "The number of unread messages that mention the user or reply to them.",
    examples: [1],
  });

export const conversation = room
  .extend({
    kind: roomKind.meta({ examples: ["group"] }),
    loungeId: loungeId.nullable().meta({ description: "Null, because conversations belong to no lounge.", examples: [null] }),
    languageCode: languageCode.nullable().meta({ description: "Null, because conversations have no language.", examples: [null] }),
    name: shown.roomName.meta({ examples: ["Chess on Sundays"] }),
    onlineCount: shown.onlineCount.meta({ description: "The number of members who are not offline.", examples: [2] }),
    ownerId: userId.nullable().describe("The id of the member who may remove members from the group. Null for direct conversations."),
    me: standing
      .extend({ state: memberState, level: roomLevel })
      .describe("The caller's membership: permission to send, mute, read position, state and notification level."),
    members: z.array(conversationMember).describe("The members, including the caller. Always both members of a direct conversation."),
    unreadCount,
    mentionCount,
    lastMessage: liveMessage.nullable().describe("The newest message. Null if there is none."),
    invitedBy: author.nullable().meta({
      description: "The user who invited the caller, until the caller accepts or declines. Null afterwards.",
      examples: [null],
    }),
    waitsForAcceptance: z
      .boolean()
      .describe("Whether the other member has not accepted the direct conversation yet. Until then, the caller may send one message."),
  })
  .describe(
    "A direct conversation or group from the point of view of one of its members. Before the caller accepts a group, only the invitation is shown: no messages, no counts, and `lastSeq` 0.",
  );
export type ConversationDto = z.infer<typeof conversation>;

/** The other members. The caller is always a member. */
const people = z.array(otherUserId).min(1).max(49);

/** `userId` opens the direct conversation with a user, `userIds` creates a group. */
export const openConversationInput = z
  .strictObject({
    userId: otherUserId.optional().describe("The id of the user to open the direct conversation with. Omit it to create a group."),
    userIds: people.optional().describe("The ids of the users to invite to a new group, without the caller's."),
    name: groupNameText.optional(),
  })
  .refine(({ userId: one, userIds }) => (one === undefined) !== (userIds === undefined), {
    message: "must have exactly one of userId and userIds",
    path: ["userId"],
  })
  .refine(({ userId: one, name }) => one === undefined || name === undefined, {
    message: "must be omitted for a direct conversation",
    path: ["name"],
  })
  .meta({ examples: [{ userIds: ["01993c5e-2b3c-7e41-9f66-3d5e7f90b1c2"], name: "Chess on Sundays" }] });
export type OpenConversationInput = z.infer<typeof openConversationInput>;

export const listConversationsInput = pageQuery.extend({
  state: memberState.optional().meta({
    description: "Whether to list the conversations that the caller accepted, or those the caller is invited to.",
    default: "active",
    examples: ["active"],
  }),
});
export type ListConversationsInput = z.infer<typeof listConversationsInput>;

export const updateConversationInput = z.strictObject({ roomId, name: groupNameText });
export type UpdateConversationInput = z.infer<typeof updateConversationInput>;

export const addMembersInput = z.strictObject({ roomId, userIds: people.describe("The ids of the users to invite to the group.") });
export type AddMembersInput = z.infer<typeof addMembersInput>;

export const memberParams = z.strictObject({ roomId, userId });
export type MemberParams = z.infer<typeof memberParams>;

export const block = z
  .object({ user: author.describe("The blocked user."), createdAt: moment.describe("When the caller blocked the user.") })
  .describe("A block of a user by the caller.");
export type BlockDto = z.infer<typeof block>;

export const listBlocksInput = pageQuery;
export type ListBlocksInput = z.infer<typeof listBlocksInput>;

export const markReadInput = z.strictObject({
  roomId,
  seq: seq.describe("The sequence number up to which the messages are marked. Values above the newest number mean the newest number."),
});
export type MarkReadInput = z.infer<typeof markReadInput>;

export const setLevelInput = z.strictObject({ roomId, level: roomLevel });
export type SetLevelInput = z.infer<typeof setLevelInput>;

export const unread = z
  .object({
    roomId,
    kind: roomKind,
    loungeId: loungeId.nullable().describe("The id of the lounge. Null for conversations."),
    languageCode: languageCode.nullable().describe("The language of the room, a BCP 47 tag. Null for conversations."),
    name: shown.roomName,
    lastReadSeq: seq.meta({ description: "The sequence number up to which the caller has read.", examples: [120] }),
    unreadCount,
    mentionCount,
    level: roomLevel,
    isStarred: z.boolean().describe("Whether the caller starred the room."),
    hasWritten: z.boolean().meta({
      description: "Whether the caller has written in the language room. False for conversations.",
      examples: [true],
    }),
  })
  .describe("The caller's read state of a conversation, or of a room the caller has been in.");
export type UnreadDto = z.infer<typeof unread>;

const own = "Sent only to the member's own devices.";

/** A member's read and received positions. */
export const readState = z.object({
  roomId,
  userId: userId.describe("The id of the member whose positions changed."),
  seq: seq.describe("The sequence number up to which the member has read."),
  receivedSeq: seq.describe("The sequence number up to which a device of the member has received the messages."),
  unreadCount: unreadCount.optional().meta({ description: `The number of unread messages, at most 99. ${own}`, examples: [0] }),
  mentionCount: mentionCount.optional().meta({ description: `The number of unread mentions and replies. ${own}`, examples: [0] }),
});
export type ReadStateDto = z.infer<typeof readState>;
