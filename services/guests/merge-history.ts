import { setTimeout as pause } from "node:timers/promises";
import type { Prisma } from "../../prisma/generated/client.ts";
import type { Services } from "../context.ts";
import { mergeConversations } from "../conversations/merge.ts";
import {
  MOVE_BATCH,
  type Move,
  publishReassignedBatch,
  reassignMessages,
  reassignUnpublished,
  roomsOfAuthor,
} from "../messages/changes/reassign-author.ts";
import { reassignReactions } from "../messages/changes/reassign-reactions.ts";
import { moveReports } from "../moderation/reports/move-reports.ts";
import { movePreferences, publishPreferences } from "../notifications/reassign-preferences.ts";
import { emptyUser } from "../privacy/erasure/erase-user.ts";
import { lockUser } from "../users/lock-user.ts";
import { FORMER_GUEST } from "./former-guest.ts";

/** A guest whose history is moved to a member. */
export type Merge = { readonly guestId: string; readonly userId: string };

/** How long a message sent before the guest's session ended may still take to arrive through another node. */
const SETTLE_MS = 2_000;

async function moveRoom(services: Pick<Services, "db" | "events">, roomId: string, move: Move): Promise<void> {
  for (;;) {
    const messages = await services.db.$transaction((tx) => reassignMessages(tx, roomId, move));
    publishReassignedBatch(services, messages);
    if (messages.length < MOVE_BATCH) return;
  }
}

async function moveMessagesOf(services: Pick<Services, "db" | "events">, move: Move): Promise<void> {
  for (const roomId of await roomsOfAuthor(services.db, move.fromId)) await moveRoom(services, roomId, move);
  while ((await reassignUnpublished(services.db, move)) === MOVE_BATCH);
}

/** Moves the guest's memberships to the member, with the later read position and the stars of both. */
async function moveMemberships(tx: Prisma.TransactionClient, { guestId, userId }: Merge): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO room_members (room_id, user_id, last_read_seq, received_seq, state, level, joined_at, first_sent_at, starred_at)
    SELECT room_id, ${userId}::uuid, last_read_seq, received_seq, state, level, joined_at, first_sent_at, starred_at
    FROM room_members WHERE user_id = ${guestId}::uuid ORDER BY room_id
    ON CONFLICT (room_id, user_id) DO UPDATE SET
      last_read_seq = greatest(room_members.last_read_seq, excluded.last_read_seq),
      received_seq = greatest(room_members.received_seq, excluded.received_seq),
      state = least(room_members.state, excluded.state), joined_at = least(room_members.joined_at, excluded.joined_at),
      first_sent_at = least(room_members.first_sent_at, excluded.first_sent_at),
      starred_at = least(room_members.starred_at, excluded.starred_at)`;
  await tx.roomMember.deleteMany({ where: { userId: guestId } });
}

/** Moves the guest's sanctions, and the appeals against them, to the member. */
export async function moveSanctions(tx: Prisma.TransactionClient, { guestId, userId }: Merge): Promise<void> {
  await tx.moderationAction.updateMany({ where: { userId: guestId }, data: { userId } });
  await tx.appeal.updateMany({ where: { userId: guestId }, data: { userId } });
}

/** Finishes a merge whose messages are all moved. @returns whether this call finished it; another node may have done so before */
async function finish(services: Pick<Services, "db" | "now" | "publish">, merge: Merge): Promise<boolean> {
  const { db, now } = services;
  let hasPreferences = false;
  const settledBefore = new Date(now().getTime() - SETTLE_MS);
  const isFinished = await db.$transaction(async (tx) => {
    await lockUser(tx, merge.guestId);
    const row = await tx.guestMerge.findFirst({ where: { ...merge, finishedAt: null, createdAt: { lte: settledBefore } } });
    if (row === null || (await tx.message.count({ where: { authorId: merge.guestId } })) > 0) return false;
    await mergeConversations(tx, merge);
    await moveMemberships(tx, merge);
    await moveSanctions(tx, merge);
    await moveReports(tx, merge);
    hasPreferences = await movePreferences(tx, merge);
    // The merge's own row stays as the record of its completion.
    await emptyUser(tx, now(), { userId: merge.guestId, displayName: FORMER_GUEST, keeps: ["guest_merges"] });
    await tx.guestMerge.update({ where: { guestId: merge.guestId }, data: { finishedAt: now() } });
    return true;
  });
  if (isFinished && hasPreferences) await publishPreferences(services, merge.userId);
  return isFinished;
}

/**
 * Moves a guest's messages, conversations, blocks, memberships, notification preferences and sanctions to a member, and erases the rest of
 * the guest. It is idempotent and can be interrupted and resumed on any node. A merge of the last 2 s is left for the next run.
 * @returns whether it is finished
 */
export async function mergeHistory(services: Pick<Services, "db" | "pool" | "now" | "events" | "publish">, merge: Merge): Promise<boolean> {
  const move = { fromId: merge.guestId, toId: merge.userId };
  await moveMessagesOf(services, move);
  await reassignReactions(services, move);
  return finish(services, merge);
}

/** Starts a merge in the background. The job continues it if it fails or is interrupted. */
export function beginMerge(services: Pick<Services, "db" | "pool" | "now" | "events" | "publish" | "logger">, merge: Merge): void {
  const work = async (): Promise<void> => {
    await mergeHistory(services, merge);
    await pause(SETTLE_MS, undefined, { ref: false });
    await mergeHistory(services, merge);
  };
  work().catch((error: unknown) => services.logger.warn("could not merge a guest's history, leaving it to the job", { error }));
}
