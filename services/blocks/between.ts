import type { Prisma } from "../../prisma/generated/client.ts";
import { directKey } from "../conversations/direct-key.ts";
import { lockConversations } from "../conversations/lock-conversation.ts";

/** The direct conversation of two people, and the groups into which the other asks the first. */
type Between = { readonly directId: string | null; readonly requestIds: readonly string[] };

/** `alsoLocked`: ids of further rooms that the change is about. They are locked with the others, all in one order. */
type Pair = { readonly userId: string; readonly otherId: string; readonly alsoLocked?: readonly string[] };

/** Finds what a block between two people changes, and locks those rooms until the end of the transaction. */
export async function conversationsBetween(tx: Prisma.TransactionClient, { userId, otherId, alsoLocked = [] }: Pair): Promise<Between> {
  const direct = await tx.room.findUnique({ where: { directKey: directKey(userId, otherId) }, select: { id: true } });
  const requests = await tx.roomMember.findMany({
    where: { userId, invitedById: otherId, state: "requested", room: { kind: "group" } },
    select: { roomId: true },
  });
  const requestIds = requests.map(({ roomId }) => roomId);
  await lockConversations(tx, [...requestIds, ...(direct === null ? [] : [direct.id]), ...alsoLocked]);
  return { directId: direct?.id ?? null, requestIds };
}
