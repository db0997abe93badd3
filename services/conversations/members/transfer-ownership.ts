import type { Prisma } from "../../../prisma/generated/client.ts";
import { ownerAmong } from "../present.ts";

/** Transfers a group whose owner has left to the member who joined first. Requires a transaction that has locked the room. */
export const transferOwnership = (tx: Prisma.TransactionClient, roomId: string): Promise<number> => tx.$executeRaw`
  UPDATE rooms r SET owner_id = (
    SELECT m.user_id FROM room_members m WHERE m.room_id = r.id AND m.state = 'active' ORDER BY m.joined_at, m.user_id LIMIT 1
  )
  WHERE r.id = ${roomId}::uuid AND r.kind = 'group'
    AND NOT EXISTS (SELECT FROM room_members m WHERE m.room_id = r.id AND m.user_id = r.owner_id AND m.state = 'active')`;

/** Returns the current owner of a group, in a transaction that has locked the room; null when no active member is left. */
export async function ownerOf(tx: Prisma.TransactionClient, roomId: string): Promise<string | null> {
  const room = await tx.room.findUnique({
    where: { id: roomId },
    select: { ownerId: true, members: { select: { userId: true, state: true }, orderBy: [{ joinedAt: "asc" }, { userId: "asc" }] } },
  });
  if (room === null) return null;
  return ownerAmong(
    room.ownerId,
    room.members.map(({ userId, state }) => ({ user_id: userId, state })),
  );
}
