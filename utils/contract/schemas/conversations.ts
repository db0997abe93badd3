import { z } from "zod";
import { groupNameText } from "../texts.ts";
import { room, roomKinds } from "./lounges.ts";
import { liveMessage } from "./messages.ts";
import { id, languageCode, moment, pageQuery, seq } from "./primitives.ts";
import { presenceStatus, standing } from "./rooms.ts";
import { author } from "./users.ts";

/** Whether somebody has taken a conversation, or is only asked to. */
export const memberState = z.enum(["active", "requested"]);
export type MemberState = z.infer<typeof memberState>;

/** What of a room somebody wants to be told. */
export const roomLevel = z.enum(["all", "mentions", "mute"]);
export type RoomLevel = z.infer<typeof roomLevel>;

/** Somebody in a conversation. The numbers are null where one of the two hides receipts, or has not taken the conversation. */
export const conversationMember = author.extend({
  status: presenceStatus,
  lastReadSeq: seq.nullable(),
  receivedSeq: seq.nullable(),
  state: memberState,
});
export type ConversationMemberDto = z.infer<typeof conversationMember>;

/**
 * A direct or group conversation, as one of its members sees it. `members` holds the caller too; of a direct one always both. Before the
 * caller accepts a group, only the invitation is shown: no messages, no counts, and `lastSeq` 0.
 */
export const conversation = room.extend({
  /** Who may remove members of a group. */
  ownerId: id.nullable(),
  me: standing.extend({ state: memberState, level: roomLevel }),
  members: z.array(conversationMember),
  /** Others' messages after what one has read; counted as far as 99. */
  unreadCount: z.number().int(),
  /** Those of them that name or answer one. */
  mentionCount: z.number().int(),
  lastMessage: liveMessage.nullable(),
  /** Who asked the caller into the conversation, until the caller accepts or declines; null afterwards. */
  invitedBy: author.nullable(),
  /** Whether the other has not taken a direct conversation: one message may be sent until then. */
  waitsForAcceptance: z.boolean(),
});
export type ConversationDto = z.infer<typeof conversation>;

/** The others; the caller is one of them anyway. */
const people = z.array(id).min(1).max(49);

/** With `userId` the direct conversation with somebody, with `userIds` a new group. */
export const openConversationInput = z
  .strictObject({ userId: id.optional(), userIds: people.optional(), name: groupNameText.optional() })
  .refine(({ userId, userIds }) => (userId === undefined) !== (userIds === undefined), {
    message: "give one of userId, userIds",
    path: ["userId"],
  })
  .refine(({ userId, name }) => userId === undefined || name === undefined, { message: "belongs to groups", path: ["name"] });
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

/** Up to where somebody has read or received; what lies beyond the newest number counts as that. */
export const markReadInput = z.strictObject({ roomId: id, seq });
export type MarkReadInput = z.infer<typeof markReadInput>;

export const setLevelInput = z.strictObject({ roomId: id, level: roomLevel });
export type SetLevelInput = z.infer<typeof setLevelInput>;

/** What is unread in a room that somebody has been in. */
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
  /** Whether the person starred the room. */
  isStarred: z.boolean(),
  /** Whether the person has written in the language room; false for conversations. */
  hasWritten: z.boolean(),
});
export type UnreadDto = z.infer<typeof unread>;

/** How far somebody has read a room. The counts are told to the person's own devices alone. */
export const readState = z.object({
  roomId: id,
  userId: id,
  seq,
  receivedSeq: seq,
  unreadCount: z.number().int().optional(),
  mentionCount: z.number().int().optional(),
});
export type ReadStateDto = z.infer<typeof readState>;
