import { randomUUID } from "node:crypto";
import type { Prisma } from "../../prisma/generated/client.ts";
import { DAY_MS } from "../../utils/clock.ts";
import { type Moved, reassignAllMessages, reassignAllUnpublished, roomsOfAuthor } from "../messages/changes/reassign-author.ts";
import { skeletonOf } from "../users/names/confusables.ts";

/** The display name of erased and anonymized guests. */
export const FORMER_GUEST = "Former guest";

/** Creates an anonymous author row. Its times are rounded to the day, so that they do not identify the guest. */
async function makeFormerGuest(tx: Prisma.TransactionClient, now: Date): Promise<string> {
  const id = randomUUID();
  const day = new Date(now.getTime() - (now.getTime() % DAY_MS));
  const times = { createdAt: day, lastSeenAt: day, erasedAt: day };
  const name = { displayName: FORMER_GUEST, nameSkeleton: skeletonOf(FORMER_GUEST) };
  await tx.user.create({ data: { id, kind: "guest", role: "guest", ...name, languages: [], ...times } });
  return id;
}

/**
 * Moves all of a user's messages to a new anonymous former guest within the caller's transaction, so that they never appear under the
 * wrong name. It locks every room the user wrote in until the commit, so call it last; other rooms are not affected.
 * @returns what to publish after the commit
 */
export async function anonymizeMessages(tx: Prisma.TransactionClient, fromId: string, now: Date): Promise<Moved[]> {
  const move = { fromId, toId: await makeFormerGuest(tx, now) };
  const moved: Moved[] = [];
  for (const roomId of await roomsOfAuthor(tx, fromId)) moved.push(await reassignAllMessages(tx, roomId, move));
  await reassignAllUnpublished(tx, move);
  return moved;
}
