import { limits } from "../../utils/contract/limits.ts";
import type { JoinedDto, JoinRoomInput } from "../../utils/contract/schemas/rooms.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { viewOf } from "../conversations/access.ts";
import { membersOf, roomOfConversation } from "../conversations/as-room.ts";
import { ownHeldMessages } from "../messages/own-held.ts";
import type { Changes } from "../messages/queries.ts";
import { requireEntry } from "../raids/guests-paused.ts";
import { roomForMember } from "../rooms/access.ts";
import { presentMembership } from "../rooms/membership.ts";
import { mayFill } from "../rooms/policy.ts";
import { presentRoom } from "../rooms/present.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";

/**
 * Subscribes the socket, in the same iteration in which the response is complete. `isFirstVisit`: the user has never been in the room
 * before.
 */
export type Enter = (roomId: string, visit: { readonly isFirstVisit: boolean }) => void;

type State = Changes & { isSnapshot: boolean };

/** Returns what a client missed, or a snapshot if it has no state, has another history, or is too far behind. */
async function readState(ctx: Ctx<"catchUps" | "epoch">, { roomId, afterSeq, epoch }: JoinRoomInput): Promise<State> {
  if (afterSeq !== undefined && (epoch === undefined || epoch === ctx.epoch())) {
    const changes = await ctx.catchUps.toHead({ roomId, afterSeq, limit: limits.syncMessages });
    if (changes !== null) return { ...changes, isSnapshot: false };
  }
  return { ...(await ctx.catchUps.newest(roomId)), isSnapshot: true };
}

/** Rejects the actor if the lounge is full. A user who is already in one of its rooms occupies no further slot. */
function checkCapacity(ctx: Ctx<"presence">, { lounge }: RoomRecord): void {
  if (lounge === null || ctx.presence.isIn(ctx.actor.id, lounge.roomIds)) return;
  authorize(mayFill(lounge, ctx.presence.occupiedSlotsIn(lounge.roomIds)));
}

type Shown = Pick<JoinedDto, "room" | "me" | "members">;

/** Returns a language room, and the people in it now. */
function shownRoom(ctx: Ctx<"presence">, room: RoomRecord, { lastSeq, lastReadSeq }: { lastSeq: number; lastReadSeq: number }): Shown {
  const onlineCount = ctx.presence.onlineCount(room.id);
  return {
    room: presentRoom(room, { lastSeq, onlineCount }),
    me: presentMembership(ctx.actor, room, lastReadSeq),
    members: { onlineCount, users: onlineCount > limits.rosterPeople ? [] : ctx.presence.roster(room.id) },
  };
}

/** Returns a conversation, and its visible members. */
async function shownConversation(ctx: Ctx<"pool" | "now" | "catchUps">, roomId: string, lastSeq: number): Promise<Shown> {
  const conversation = await ctx.catchUps.run(() => viewOf(ctx, roomId));
  const { me, ...room } = roomOfConversation(conversation);
  return { room: { ...room, lastSeq }, me, members: { onlineCount: room.onlineCount, users: membersOf(conversation) } };
}

/**
 * Subscribes a socket to a room and returns everything it missed: subscription, snapshot and buffered changes, in one ack. Joining a room
 * again returns the current state.
 * @throws AppError `not_found`, `room_requires_…`, `room_full { maxCapacity }`, `guests_paused { until }`
 */
export async function joinRoom(
  ctx: Ctx<
    "pool" | "now" | "rooms" | "joinLoader" | "catchUps" | "conversations" | "roomBroadcaster" | "presence" | "epoch" | "raidDetector"
  >,
  input: JoinRoomInput,
  enter: Enter,
): Promise<JoinedDto> {
  const room = await roomForMember(ctx, input.roomId);
  checkCapacity(ctx, room);
  await requireEntry(ctx, room);
  const { lastReadSeq, hasHeld, isFirstVisit } = await ctx.joinLoader.enter(room.id, ctx.actor.id);
  if (isFirstVisit) ctx.raidDetector.noteFirstVisit(room, ctx.actor);
  const isConversation = room.kind !== "language";
  const state = await ctx.roomBroadcaster.join(
    { id: room.id, isConversation },
    () => readState(ctx, input),
    () => {
      // Others may have joined while the snapshot was read.
      checkCapacity(ctx, room);
      // Conversations are published to their members without joining.
      if (!isConversation) enter(room.id, { isFirstVisit });
    },
  );
  return {
    ...(isConversation
      ? await shownConversation(ctx, room.id, state.lastSeq)
      : shownRoom(ctx, room, { lastSeq: state.lastSeq, lastReadSeq })),
    messages: state.messages,
    held: hasHeld ? await ctx.catchUps.run(() => ownHeldMessages(ctx, room.id)) : [],
    lastSeq: state.lastSeq,
    hasMore: state.isSnapshot && state.hasMore,
    epoch: ctx.epoch(),
    isSnapshot: state.isSnapshot,
  };
}
