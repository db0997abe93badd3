import { z } from "zod";
import { limits } from "../limits.ts";
import { room, shown } from "./lounges.ts";
import { heldMessage, message } from "./messages.ts";
import { endMoment, pageQuery, roomId, seq } from "./primitives.ts";
import { author } from "./users.ts";

export const roomParams = z.strictObject({ roomId });
export type RoomParams = z.infer<typeof roomParams>;

export const standing = z
  .object({
    canSend: z.boolean().meta({ description: "Whether the caller may send messages.", examples: [true] }),
    mutedUntil: endMoment.nullable().meta({
      description: "When the caller's mute ends. Null if the caller is not muted, or muted permanently (`canSend` is false).",
      examples: [null],
    }),
    lastReadSeq: seq.meta({ description: "The sequence number up to which the caller has read. 0 if nothing.", examples: [120] }),
  })
  .describe("The caller's membership of a room: permission to send, mute and read position.");
export type StandingDto = z.infer<typeof standing>;

export const roomForMe = room
  .extend({ me: standing.describe("The caller's membership of the room.") })
  .describe("A room with the caller's membership.");
export type RoomForMeDto = z.infer<typeof roomForMe>;

export const presenceStatus = z.enum(["online", "away", "offline"]).meta({
  description: "Whether the user is online, away (no activity) or offline. Invisible users appear offline.",
  examples: ["online"],
});
export type PresenceStatus = z.infer<typeof presenceStatus>;

export const member = author.extend({ status: presenceStatus }).describe("A user in a room, with their presence.");
export type MemberDto = z.infer<typeof member>;

export const listMembersInput = pageQuery.extend({ roomId });
export type ListMembersInput = z.infer<typeof listMembersInput>;

/** The id of the history of the database that the sequence numbers belong to. */
export const epoch = z.string().meta({
  description: "Identifies the history of the database. It changes when a backup is restored; the client must then rejoin its rooms.",
  examples: ["01993c5e-9a0b-7ca4-8b35-1c2d3e4f5061"],
});

export const joinRoomInput = z.strictObject({
  roomId,
  afterSeq: seq.optional().meta({
    description:
      "The sequence number up to which the client has every change. The ack then contains only later changes. If omitted, it contains a snapshot.",
    examples: [120],
  }),
  epoch: z
    .string()
    .max(64)
    .optional()
    .meta({
      description: "The epoch that the client stored with `afterSeq`. A different epoch on the server results in a snapshot.",
      examples: ["01993c5e-9a0b-7ca4-8b35-1c2d3e4f5061"],
    }),
});
export type JoinRoomInput = z.infer<typeof joinRoomInput>;

const messages = z.array(message).describe("The current state of the changed messages, oldest change first. Includes tombstones.");

/** The ack of `join_room`. */
export const joined = z.object({
  room: room.describe("The room."),
  me: standing.describe("The caller's membership of the room."),
  members: z
    .object({
      onlineCount: shown.onlineCount,
      users: z
        .array(member)
        .describe(`The users in the room, or all members of a conversation. Empty if more than ${limits.rosterPeople} people are online.`),
    })
    .describe("The people in the room."),
  messages: messages.describe(
    `The current state of the messages that changed after \`afterSeq\`, or the newest ${limits.snapshotMessages} messages as a snapshot. Oldest change first.`,
  ),
  held: z
    .array(heldMessage)
    .meta({ description: "The caller's own messages that are held for review or were rejected in review, oldest first.", examples: [[]] }),
  lastSeq: seq.meta({ description: "The sequence number up to which the client now has every change.", examples: [131] }),
  hasMore: z.boolean().describe("Whether the room has messages older than the snapshot. False without a snapshot."),
  epoch,
  isSnapshot: z.boolean().describe("Whether `messages` is a snapshot. If true, the client must discard its copy of the room."),
});
export type JoinedDto = z.infer<typeof joined>;

const syncLimit = z.number().int().min(1).max(limits.syncMessages);

export const syncRoomInput = z.strictObject({
  roomId,
  afterSeq: seq.meta({ description: "The sequence number up to which the client has every change.", examples: [120] }),
  limit: syncLimit.optional().meta({
    description: "The maximum number of messages in the ack.",
    default: limits.syncMessages,
    examples: [limits.syncMessages],
  }),
});
export type SyncRoomInput = z.infer<typeof syncRoomInput>;

export const synced = z.object({
  messages,
  lastSeq: seq.meta({
    description: "The sequence number up to which the ack is complete. If it is below `afterSeq`, the client must rejoin the room.",
    examples: [131],
  }),
  hasMore: z.boolean().describe("Whether there are further changes. If true, call the command again from the largest `changedSeq`."),
});
export type SyncedDto = z.infer<typeof synced>;
