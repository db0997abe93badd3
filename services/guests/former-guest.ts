import { randomUUID } from "node:crypto";
import type { Prisma } from "../../prisma/generated/client.ts";
import { type Moved, reassignAllMessages, reassignAllUnpublished, roomsOfAuthor } from "../messages/changes/reassign-author.ts";
import { skeletonOf } from "../users/names/confusables.ts";

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

/**
 * Leaves everything somebody said to a former guest whom nobody can connect with them, within the caller's transaction: it must never
 * be seen under the wrong name. It locks every room they wrote in until the commit, so it comes last; other rooms do not wait for it.
 * @returns what is to be published after the commit
 */
export async function anonymizeMessages(tx: Prisma.TransactionClient, fromId: string, now: Date): Promise<Moved[]> {
  const move = { fromId, toId: await makeFormerGuest(tx, now) };
  const moved: Moved[] = [];
  for (const roomId of await roomsOfAuthor(tx, fromId)) moved.push(await reassignAllMessages(tx, roomId, move));
  await reassignAllUnpublished(tx, move);
  return moved;
}
