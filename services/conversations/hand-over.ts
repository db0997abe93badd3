import type { Prisma } from "../../prisma/generated/client.ts";

/** A group whose owner is gone belongs to who has been in it longest. Within a transaction that holds the room. */
export const handOver = (tx: Prisma.TransactionClient, roomId: string): Promise<number> => tx.$executeRaw`
  UPDATE rooms r SET owner_id = (
    SELECT m.user_id FROM room_members m WHERE m.room_id = r.id AND m.state = 'active' ORDER BY m.joined_at, m.user_id LIMIT 1
  )
  WHERE r.id = ${roomId}::uuid AND r.kind = 'group'
    AND NOT EXISTS (SELECT FROM room_members m WHERE m.room_id = r.id AND m.user_id = r.owner_id AND m.state = 'active')`;
