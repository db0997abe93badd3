import { z } from "zod";
import { limits } from "../limits.ts";
import { room } from "./lounges.ts";
import { heldMessage, message } from "./messages.ts";
import { id, moment, pageQuery, seq } from "./primitives.ts";
import { author } from "./users.ts";

export const roomParams = z.strictObject({ roomId: id });
export type RoomParams = z.infer<typeof roomParams>;

/** The caller's membership of a room: permission to send, mute and read position. */
export const standing = z.object({ canSend: z.boolean(), mutedUntil: moment.nullable(), lastReadSeq: seq });
export type StandingDto = z.infer<typeof standing>;

export const roomForMe = room.extend({ me: standing });
export type RoomForMeDto = z.infer<typeof roomForMe>;

export const presenceStatus = z.enum(["online", "away", "offline"]);
export type PresenceStatus = z.infer<typeof presenceStatus>;

export const member = author.extend({ status: presenceStatus });
export type MemberDto = z.infer<typeof member>;

export const listMembersInput = pageQuery.extend({ roomId: id });
export type ListMembersInput = z.infer<typeof listMembersInput>;

export const joinRoomInput = z.strictObject({ roomId: id, afterSeq: seq.optional(), epoch: z.string().max(64).optional() });
export type JoinRoomInput = z.infer<typeof joinRoomInput>;

/**
 * The ack of `join_room`. `messages` are ordered by change, oldest first. If `isSnapshot` is true, the client must discard its copy of the
 * room. `held` contains the caller's own messages that are held for review or were rejected in review, oldest first.
 */
export const joined = z.object({
  room,
  me: standing,
  members: z.object({ onlineCount: z.number().int(), users: z.array(member) }),
  messages: z.array(message),
  held: z.array(heldMessage),
  lastSeq: seq,
  hasMore: z.boolean(),
  epoch: z.string(),
  isSnapshot: z.boolean(),
});
export type JoinedDto = z.infer<typeof joined>;

/** The limit of `sync_room`; defaults to the maximum. */
const syncLimit = z.number().int().min(1).max(limits.syncMessages).meta({ default: limits.syncMessages });

export const syncRoomInput = z.strictObject({ roomId: id, afterSeq: seq, limit: syncLimit.optional() });
export type SyncRoomInput = z.infer<typeof syncRoomInput>;

export const synced = z.object({ messages: z.array(message), lastSeq: seq, hasMore: z.boolean() });
export type SyncedDto = z.infer<typeof synced>;
