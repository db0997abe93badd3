import { z } from "zod";
import { groupNameText } from "../texts.ts";
import { room, roomKinds } from "./lounges.ts";
import { liveMessage } from "./messages.ts";
import { id, languageCode, moment, pageQuery, seq } from "./primitives.ts";
import { presenceStatus, standing } from "./rooms.ts";
import { author } from "./users.ts";

/** The state of a membership: accepted (`active`), or invited (`requested`). */
export const memberState = z.enum(["active", "requested"]);
export type MemberState = z.infer<typeof memberState>;

/** The notification level of a room. */
export const roomLevel = z.enum(["all", "mentions", "mute"]);
export type RoomLevel = z.infer<typeof roomLevel>;

/**
 * A member of a conversation. The numbers are null if the member or the caller hides receipts, or if the member has not accepted the
 * conversation.
 */
export const conversationMember = author.extend({
  status: presenceStatus,
  lastReadSeq: seq.nullable(),
  receivedSeq: seq.nullable(),
  state: memberState,
});
export type ConversationMemberDto = z.infer<typeof conversationMember>;

/**
 * A direct or group conversation from the point of view of one of its members. `members` includes the caller, and always both members of a
 * direct conversation. Before the caller accepts a group, only the invitation is shown: no messages, no counts, and `lastSeq` 0.
 */
export const conversation = room.extend({
  /** Who may remove members of a group. */
  ownerId: id.nullable(),
  me: standing.extend({ state: memberState, level: roomLevel }),
  members: z.array(conversationMember),
  /** The number of messages by others after the caller's read position, at most 99. */
  unreadCount: z.number().int(),
  /** The number of unread messages that mention or reply to the caller. */
  mentionCount: z.number().int(),
  lastMessage: liveMessage.nullable(),
  /** The user who invited the caller, until the caller accepts or declines; null afterwards. */
  invitedBy: author.nullable(),
  /** Whether the other member has not accepted a direct conversation yet. Until then, one message may be sent. */
  waitsForAcceptance: z.boolean(),
});
export type ConversationDto = z.infer<typeof conversation>;

/** The other members. The caller is always a member. */
const people = z.array(id).min(1).max(49);

/** `userId` opens the direct conversation with a user, `userIds` creates a group. */
export const openConversationInput = z
  .strictObject({ userId: id.optional(), userIds: people.optional(), name: groupNameText.optional() })
  .refine(({ userId, userIds }) => (userId === undefined) !== (userIds === undefined), {
    message: "must have exactly one of userId and userIds",
    path: ["userId"],
  })
  .refine(({ userId, name }) => userId === undefined || name === undefined, {
    message: "must be omitted for a direct conversation",
    path: ["name"],
  });
export type OpenConversationInput = z.infer<typeof openConversationInput>;

export const listConversationsInput = pageQuery.extend({ state: memberState.optional().meta({ default: "active" }) });
export type ListConversationsInput = z.infer<typeof listConversationsInput>;

export const updateConversationInput = z.strictObject({ roomId: id, name: groupNameText });
export type UpdateConversationInput = z.infer<typeof updateConversationInput>;

export const addMembersInput = z.strictObject({ roomId: id, userIds: people });
export type AddMembersInput = z.infer<typeof addMembersInput>;

export const memberParams = z.strictObject({ roomId: id, userId: id });
export type MemberParams = z.infer<typeof memberParams>;

export const block = z.object({ user: author, createdAt: moment });
export type BlockDto = z.infer<typeof block>;

export const listBlocksInput = pageQuery;
export type ListBlocksInput = z.infer<typeof listBlocksInput>;

/** A read or received position. Positions above the newest number are treated as the newest number. */
export const markReadInput = z.strictObject({ roomId: id, seq });
export type MarkReadInput = z.infer<typeof markReadInput>;

export const setLevelInput = z.strictObject({ roomId: id, level: roomLevel });
export type SetLevelInput = z.infer<typeof setLevelInput>;

/** The unread messages of a room that the user has been in. */
export const unread = z.object({
  roomId: id,
  kind: z.enum(roomKinds),
  loungeId: id.nullable(),
  languageCode: languageCode.nullable(),
  name: z.string(),
  lastReadSeq: seq,
  unreadCount: z.number().int(),
  mentionCount: z.number().int(),
  level: roomLevel,
  /** Whether the user starred the room. */
  isStarred: z.boolean(),
  /** Whether the user has written in the language room; false for conversations. */
  hasWritten: z.boolean(),
});
export type UnreadDto = z.infer<typeof unread>;

/** A member's read and received positions. The counts are sent only to the member's own devices. */
export const readState = z.object({
  roomId: id,
  userId: id,
  seq,
  receivedSeq: seq,
  unreadCount: z.number().int().optional(),
  mentionCount: z.number().int().optional(),
});
export type ReadStateDto = z.infer<typeof readState>;
