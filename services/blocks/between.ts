import type { Prisma } from "../../prisma/generated/client.ts";
import { directKey } from "../conversations/direct-key.ts";
import { lockRooms } from "../rooms/lock-room.ts";

/** The direct conversation of two users, and the groups with a pending request from the other to the first. */
type Between = { readonly directId: string | null; readonly requestIds: readonly string[] };

/** `alsoLocked`: ids of further rooms that the change affects. All rooms are locked in one order. */
type Pair = { readonly userId: string; readonly otherId: string; readonly alsoLocked?: readonly string[] };

/** Finds the conversations that a block between two users affects, and locks their rooms until the end of the transaction. */
export async function conversationsBetween(tx: Prisma.TransactionClient, { userId, otherId, alsoLocked = [] }: Pair): Promise<Between> {
  const direct = await tx.room.findUnique({ where: { directKey: directKey(userId, otherId) }, select: { id: true } });
  const requests = await tx.roomMember.findMany({
    where: { userId, invitedById: otherId, state: "requested", room: { kind: "group" } },
    select: { roomId: true },
  });
  const requestIds = requests.map(({ roomId }) => roomId);
  await lockRooms(tx, [...requestIds, ...(direct === null ? [] : [direct.id]), ...alsoLocked]);
  return { directId: direct?.id ?? null, requestIds };
}
