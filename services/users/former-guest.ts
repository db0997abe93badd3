import { randomUUID } from "node:crypto";
import type { Prisma } from "../../prisma/generated/client.ts";
import type { LiveMessageDto } from "../../utils/contract/messages.ts";
import { MOVE_BATCH, moveMessages, moveUnseen, roomsOfAuthor } from "../messages/move.ts";
import { skeletonOf } from "./skeleton.ts";

/** What is left of a guest's name. */
export const FORMER_GUEST = "Former guest";

/** An author without anything that would tell who they were, not even by the time at which their row was made. */
async function makeFormerGuest(tx: Prisma.TransactionClient, now: Date): Promise<string> {
  const [id, day] = [randomUUID(), new Date(now.getTime() - (now.getTime() % 86_400_000))];
  const times = { createdAt: day, lastSeenAt: day, erasedAt: day };
  const name = { displayName: FORMER_GUEST, nameSkeleton: skeletonOf(FORMER_GUEST) };
  await tx.user.create({ data: { id, kind: "guest", role: "guest", ...name, languages: [], ...times } });
  return id;
}

async function moveRoom(tx: Prisma.TransactionClient, roomId: string, move: { fromId: string; toId: string }): Promise<LiveMessageDto[][]> {
  const batches: LiveMessageDto[][] = [];
  for (;;) {
    const batch = await moveMessages(tx, roomId, move);
    batches.push(batch);
    if (batch.length < MOVE_BATCH) return batches;
  }
}

/**
 * Leaves everything somebody said to a former guest whom nobody can connect with them. All of it belongs to the caller's
 * transaction: it must never be seen under the wrong name.
 * @returns the changed messages in batches, to be announced when they are committed
 */
export async function leaveMessages(tx: Prisma.TransactionClient, fromId: string, now: Date): Promise<LiveMessageDto[][]> {
  const move = { fromId, toId: await makeFormerGuest(tx, now) };
  const batches: LiveMessageDto[][] = [];
  for (const roomId of await roomsOfAuthor(tx, fromId)) batches.push(...(await moveRoom(tx, roomId, move)));
  while ((await moveUnseen(tx, move)) === MOVE_BATCH);
  return batches;
}
